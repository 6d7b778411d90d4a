"""A job as Azure shows it: azure-ai-ml's ``BatchJobResource``.

Which keys exist is documented by that package; when the service fills which is UNVERIFIED. Why a
job failed is not in it, as in Azure: that stands in the job's log.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local_azure.machinelearning.jobs import ENDS, FAILED

if TYPE_CHECKING:
    from local_azure.machinelearning.invocation import Port
    from local_azure.machinelearning.jobs import Job
    from local_azure.resource_manager.store import Resource

_TYPE = "Microsoft.MachineLearningServices/workspaces/batchEndpoints/jobs"


def represent(job: Job, workspace: Resource, output_uri: str) -> dict[str, Any]:
    """What ``POST /jobs`` and ``GET /jobs/<name>`` answer.

    Args:
        job: the job.
        workspace: its endpoint's workspace.
        output_uri: where its predictions are, or will be.
    """
    asked = job.invocation
    return {
        "id": f"{job.endpoint}/jobs/{job.name}",
        "name": job.name,
        "type": _TYPE,
        "properties": {
            "name": job.name,
            "description": asked.description,
            "status": job.status,
            "provisioningState": _provisioning(job),
            "compute": {"target": job.compute, "instanceCount": job.nodes},
            "inputData": {each.name: _port(each, "jobInputType") for each in asked.inputs},
            "outputData": {each.name: _port(each, "jobOutputType") for each in asked.outputs},
            "output": {"uri": output_uri},
            "interactionEndpoints": _interaction(job, workspace),
            "tags": asked.tags,
            "properties": asked.properties,
            **{key: value for key, value in asked.overrides.items() if key != "instanceCount"},
        },
        "systemData": _system_data(job),
    }


def represent_run(job: Job, workspace: Resource) -> dict[str, Any]:
    """The same job as Resource Manager shows it: azure-ai-ml's ``JobBase`` of type Pipeline.

    Args:
        job: the job.
        workspace: its endpoint's workspace.
    """
    asked = job.invocation
    return {
        "id": f"{workspace.id}/jobs/{job.name}",
        "name": job.name,
        "type": "Microsoft.MachineLearningServices/workspaces/jobs",
        "properties": {
            "jobType": "Pipeline",
            "status": job.status,
            "displayName": job.name,
            "description": asked.description,
            "experimentName": asked.properties.get("experimentName", _endpoint(job)),
            "computeId": job.compute,
            "tags": asked.tags,
            "properties": asked.properties,
            "isArchived": False,
            "services": _interaction(job, workspace),
        },
        "systemData": _system_data(job),
    }


def _endpoint(job: Job) -> str:
    return job.endpoint.rpartition("/")[2]


def _system_data(job: Job) -> dict[str, str]:
    return {
        "createdAt": job.states[0][1],
        "createdBy": job.caller,
        "createdByType": "Application",
        "lastModifiedAt": job.states[-1][1],
    }


def _provisioning(job: Job) -> str:
    """The request's own progress, not the job's: it ends as Succeeded or Failed."""
    if job.status not in ENDS:
        return "InProgress"
    return "Failed" if job.status == FAILED else "Succeeded"


def _port(port: Port, type_key: str) -> dict[str, Any]:
    return {type_key: port.type, **({"uri": port.uri} if port.uri else {"value": port.value})}


def _interaction(job: Job, workspace: Resource) -> dict[str, Any]:
    page = f"https://ml.azure.com/runs/{job.name}?wsid={workspace.id}"
    return {"Studio": {"jobEndpointType": "Studio", "endpoint": page}}
