"""A job as Azure shows it: at its endpoint and on Resource Manager.

Recorded by azure-ai-ml's own tests: ``POST /jobs`` in April 2023, Resource Manager's answer in
November 2022. UNVERIFIED: that ``GET /jobs/<name>`` is as the answer to ``POST``, and what the
jobs of pipeline components have instead of ``azureml.parameters``. Why a job failed is not in it,
as in Azure: that stands in the job's log.
"""

import json
from hashlib import sha256
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from local_azure.control_plane.clock import offset
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.services.machinelearning.endpoints import is_pipeline
from local_azure.services.machinelearning.invocation import Port
from local_azure.services.machinelearning.jobs import Job
from local_azure.services.machinelearning.overrides import effective, seconds

_TYPE = "Microsoft.MachineLearningServices/workspaces/batchEndpoints/deployments/jobs"
_FIRST = ("careful", "lucid", "affable")
_SECOND = ("bulb", "wing", "key")


def represent(job: Job, workspace: Resource, deployment: dict[str, Any]) -> dict[str, Any]:
    """What ``POST /jobs`` and ``GET /jobs/<name>`` answer.

    Where predictions lie without an output of the caller's is not told, as in Azure: it is found
    by the run history alone.

    Args:
        job: the job.
        workspace: its endpoint's workspace.
        deployment: settings of its deployment; empty once that is deleted.
    """
    asked = job.invocation
    return {
        "id": f"{job.deployment}/jobs/{job.name}",
        "name": job.name,
        "type": _TYPE,
        "properties": {
            # Of the request, not of the job: recorded beside the status Preparing.
            "provisioningState": "Succeeded",
            "name": display_name(job.name),
            "description": asked.description,
            "status": job.status,
            "inputData": {each.name: _input(each) for each in asked.inputs},
            **_outputs(job),
            **{key: value for key, value in asked.overrides.items() if key != "instanceCount"},
            "compute": {
                "target": job.compute,
                "instanceCount": asked.overrides.get("instanceCount"),
                "isLocal": False,
                "location": None,
                "instanceType": None,
                "properties": None,
            },
            "retrySettings": effective(deployment, asked.overrides)["retrySettings"],
            "interactionEndpoints": _services(job, workspace, "jobEndpointType", {}),
            "tags": tags(job, deployment),
            "properties": _properties(job, deployment),
        },
        "systemData": {
            "createdAt": offset(job.states[0][1]),
            "createdBy": job.caller,
            "lastModifiedAt": offset(job.states[-1][1]),
            "lastModifiedBy": job.caller,
        },
    }


def represent_run(job: Job, workspace: Resource, deployment: dict[str, Any]) -> dict[str, Any]:
    """The same job as Resource Manager shows it: azure-ai-ml's ``JobBase`` of type Pipeline."""
    asked = job.invocation
    about = f"Pipeline submission for endpoint: {_endpoint(job)}, deployment: {_deployment(job)}."
    unfilled = dict.fromkeys(("status", "errorMessage", "nodes"))
    return {
        "id": f"{workspace.id}/jobs/{job.name}",
        "name": job.name,
        "type": "Microsoft.MachineLearningServices/workspaces/jobs",
        "properties": {
            "description": asked.description or about,
            "tags": tags(job, deployment),
            "properties": _properties(job, deployment),
            "displayName": display_name(job.name),
            "status": job.status,
            "experimentName": experiment(job),
            "services": _services(job, workspace, "jobServiceType", unfilled),
            "computeId": None,
            "isArchived": False,
            "identity": None,
            "componentId": None,
            "jobType": "Pipeline",
            "settings": None,
            "jobs": None,
            "inputs": None,
            "outputs": None,
            "sourceJobId": None,
        },
        "systemData": {
            "createdAt": offset(job.states[0][1]),
            "createdBy": job.caller,
            "createdByType": "User",
        },
    }


def display_name(run: str) -> str:
    """The name that Azure makes up for a run, such as ``careful_bulb_plwyqfx0``."""
    digest = sha256(run.encode()).digest()
    first, second = _FIRST[digest[0] % 3], _SECOND[digest[1] % 3]
    return f"{first}_{second}_{digest.hex()[-8:]}"


def tags(job: Job, deployment: dict[str, Any]) -> dict[str, str]:
    """Azure's tags beside the caller's; that Azure keeps the caller's is UNVERIFIED.

    ``azureml.jobtype`` of a pipeline component's job is what azure-ai-ml looks for there.
    """
    kind = "pipeline" if is_pipeline(deployment) else "azureml.batchjob"
    return {
        "outputType": "output_data",
        "inputType": "input_data",
        "azureml.batchrun": "true",
        "azureml.deploymentname": _deployment(job),
        "azureml.jobtype": kind,
        **job.invocation.tags,
    }


def experiment(job: Job) -> str:
    """The experiment that a job belongs to: the caller's, or one named as the endpoint."""
    return str(job.invocation.properties.get("experimentName", _endpoint(job)))


def _endpoint(job: Job) -> str:
    return job.endpoint.rpartition("/")[2]


def _deployment(job: Job) -> str:
    return job.deployment.rpartition("/")[2]


def _input(port: Port) -> dict[str, Any]:
    if port.type == "Literal":
        return {"description": None, "value": port.value, "jobInputType": port.type}
    return {
        "description": None,
        "uri": port.uri,
        "mode": "ReadOnlyMount",
        "jobInputType": port.type,
    }


def _outputs(job: Job) -> dict[str, Any]:
    if not job.invocation.outputs:
        return {"output": {"datastoreId": None, "path": None}}
    return {
        "outputData": {
            each.name: {
                "description": None,
                "uri": each.uri,
                "mode": "ReadWriteMount",
                "jobOutputType": each.type,
            }
            for each in job.invocation.outputs
        }
    }


def _properties(job: Job, deployment: dict[str, Any]) -> dict[str, str]:
    told = {
        "azureml.pipelineid": str(uuid5(NAMESPACE_URL, job.deployment.lower())),
        "azureml.runsource": "azureml.PipelineRun",
        "runSource": "Unavailable",
        "runType": "HTTP",
        "azureml.continue_on_step_failure": "False",
        "azureml.continue_on_failed_optional_input": "False",
        "azureml.pipelineComponent": "pipelinerun",
    }
    if not is_pipeline(deployment):
        told["azureml.parameters"] = json.dumps(_parameters(job, deployment), separators=(",", ":"))
    return {**told, **job.invocation.properties}


def _parameters(job: Job, deployment: dict[str, Any]) -> dict[str, str]:
    """The parameters of the pipeline that scores, all of them texts."""
    told = effective(deployment, job.invocation.overrides)
    retries = told["retrySettings"]
    found = {
        "run_max_try": retries["maxRetries"],
        "run_invocation_timeout": f"{seconds(retries['timeout']):.0f}",
        "mini_batch_size": told["miniBatchSize"],
        "error_threshold": told["errorThreshold"],
        "logging_level": str(told["loggingLevel"]).upper(),
        "process_count_per_node": told["maxConcurrencyPerInstance"],
        "legacy_model_job": False,
        "NodeCount": job.nodes,
        "append_row_file_name": told["outputFileName"],
    }
    return {key: str(value) for key, value in found.items()}


def _services(
    job: Job, workspace: Resource, kind: str, more: dict[str, None]
) -> dict[str, dict[str, Any]]:
    _, _, subscription, _, group, *_, name = workspace.id.split("/")
    wsid = f"/subscriptions/{subscription}/resourcegroups/{group}/workspaces/{name}"
    pages = {
        "Tracking": f"{workspace.properties['mlFlowTrackingUri']}?",
        "Studio": f"https://ml.azure.com/runs/{job.name}?wsid={wsid}",
    }
    return {
        name: {kind: name, "port": None, "endpoint": page, "properties": None, **more}
        for name, page in pages.items()
    }
