"""Runs as the run history shows them (recorded in November 2022 and February 2026).

Where a run's outputs lie is told by ``dataReferences`` of its definition alone: the newer
``outputs`` was null where it was recorded, and azure-ai-ml guesses the folder from the run's id.
"""

from typing import Any

from local_azure.control_plane.tenant import TENANT_ID
from local_azure.services.machinelearning.job_runs import SCORING, ChildRun
from local_azure.services.machinelearning.jobs import ENDS, FAILED, Job
from local_azure.services.machinelearning.representation import display_name, experiment, tags
from local_azure.services.machinelearning.uris import DEFAULT_DATASTORE


def parent(job: Job, deployment: dict[str, Any]) -> dict[str, Any]:
    """A job's own run."""
    ended = job.states[-1][1] if job.status in ENDS else None
    return {
        **_run(job, job.name, job.states[0][1], ended),
        "parentRunId": None,
        "name": experiment(job),
        "displayName": display_name(job.name),
        "runType": "azureml.PipelineRun",
        "status": job.status,
        "error": _error(job.status, job.error),
        "properties": {"azureml.runsource": "azureml.PipelineRun"},
        "tags": tags(job, deployment),
    }


def child(run: ChildRun) -> dict[str, Any]:
    """The run of a step; azure-ai-ml takes it for a job of type base."""
    scores = run.name == SCORING
    cluster = run.job.compute.rpartition("/")[2]
    return {
        **_run(run.job, run.id, run.started, run.ended),
        "parentRunId": run.job.name,
        "name": run.name,
        "displayName": display_name(run.id) if scores else run.name,
        "runType": "azureml.StepRun",
        "status": run.status,
        "error": _error(run.status, run.error),
        "target": cluster,
        "properties": {
            "StepType": "PythonScriptStep",
            "ComputeTargetType": "AmlCompute",
            "azureml.moduleName": run.name,
            "azureml.runsource": "azureml.StepRun",
            "azureml.pipelinerunid": run.job.name,
            **({"azureml.parallelrunstep": "true"} if scores else {}),
        },
        "tags": {},
        "compute": {"target": cluster, "targetType": "amlcompute", "instanceCount": run.job.nodes},
    }


def run_data(run: ChildRun) -> dict[str, Any]:
    """What ``rundata`` tells of a child run; references of steps other than scoring: none here."""
    score = {
        "dataStoreName": DEFAULT_DATASTORE,
        "mode": "Mount",
        "pathOnDataStore": f"azureml/{run.id}/score",
    }
    named = run.job.invocation.outputs
    references = {"score": score} if run.name == SCORING and not named else {}
    return {"runMetadata": child(run), "runDefinition": {"dataReferences": references}}


def details(run: dict[str, Any]) -> dict[str, Any]:
    """What ``details`` tells of a run, which azure-ai-ml follows a job by.

    ``logFiles`` would be signed links, which storage without keys can't have.
    """
    kept = ("runId", "parentRunId", "status", "error", "startTimeUtc", "endTimeUtc", "tags")
    told = {key: run[key] for key in (*kept, "properties", "inputDatasets", "outputDatasets")}
    return {**told, "target": run.get("target"), "warnings": [], "logFiles": {}}


def _run(job: Job, run: str, started: str | None, ended: str | None) -> dict[str, Any]:
    return {
        "runId": run,
        "rootRunId": job.name,
        "createdUtc": job.states[0][1],
        "startTimeUtc": started,
        "endTimeUtc": ended,
        "createdBy": {"userObjectId": job.caller, "userTenantId": TENANT_ID, "userName": None},
        "dataContainerId": f"dcid.{run}",
        "parameters": {},
        "services": {},
        "inputDatasets": [],
        "outputDatasets": [],
        "runDefinition": None,
        "inputs": None,
        "outputs": None,
    }


def _error(status: str, reason: str) -> dict[str, Any] | None:
    if status != FAILED:
        return None
    return {"error": {"code": "UserError", "message": reason, "details": []}}
