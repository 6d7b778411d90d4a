"""The events of a workspace, as the documentation's samples have them; ``news.py`` raises them.

D:event-grid/event-schema-machine-learning; D:machine-learning/how-to-use-event-grid for the
subjects; MicrosoftDocs/azure-docs pull requests 59351 and 92586 for what the samples leave open:
``RunStatusChanged`` comes with every state, spelled as the job has it. The samples spell the keys
of models and drift in PascalCase and those of runs in camelCase; so they are here. UNVERIFIED: that
batch deployments raise ``ModelDeployed``, and what ``ServiceComputeType`` is then; ``runType``,
``runProperties`` and the experiment of a batch job.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid4, uuid5

from local_azure.control_plane.clock import iso
from local_azure.services.machinelearning.jobs import COMPLETED, Job
from local_azure.services.machinelearning.representation import experiment

_PREFIX = "Microsoft.MachineLearningServices"
_RUN_TYPE = "azureml.PipelineRun"
_COMPUTE_TYPE = "AmlCompute"
_NUMBER = re.compile(r"0|[1-9][0-9]{0,17}")


def model_registered(
    name: str, version: str, properties: Mapping[str, Any], now: datetime
) -> dict[str, Any]:
    """A version of a model was registered.

    Args:
        name: the model's name.
        version: its version; a number is told as a number, as in the sample.
        properties: of the version's resource: ``tags`` and ``properties``.
        now: when.
    """
    data = {
        "ModelName": name,
        "ModelVersion": int(version) if _NUMBER.fullmatch(version) else version,
        "ModelTags": properties.get("tags") or {},
        "ModelProperties": properties.get("properties") or {},
    }
    return _event("ModelRegistered", f"models/{name}:{version}", data, now)


def model_deployed(endpoint: str, deployment: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """A deployment of a model on an endpoint is done.

    Args:
        endpoint: the endpoint's name.
        deployment: body of the deployment, which has a model.
        now: when.
    """
    told = deployment["properties"]
    data = {
        "ServiceName": endpoint,
        "ServiceComputeType": _COMPUTE_TYPE,
        "ModelIds": _model(told["model"]["assetId"]),
        "ServiceTags": deployment.get("tags") or {},
        "ServiceProperties": told.get("properties") or {},
    }
    return _event("ModelDeployed", f"endpoints/{endpoint}", data, now)


def run_changed(job: Job, workspace: str, now: datetime) -> Iterator[dict[str, Any]]:
    """A job has entered another state: one event, and another one where it is complete.

    Args:
        job: the job, in its new state.
        workspace: resource id; experiments are numbered within it.
        now: when.
    """
    asked, name = job.invocation, experiment(job)
    experiment_id = str(uuid5(NAMESPACE_URL, f"{workspace.lower()}/experiments/{name}"))
    data = {
        "experimentId": experiment_id,
        "experimentName": name,
        "runId": job.name,
        "runType": _RUN_TYPE,
        "runTags": asked.tags,
        "runProperties": {"azureml.runsource": _RUN_TYPE, **asked.properties},
    }
    subject = f"experiments/{experiment_id}/runs/{job.name}"
    yield _event("RunStatusChanged", subject, {**data, "runStatus": job.status}, now)
    if job.status == COMPLETED:
        yield _event("RunCompleted", subject, data, now)


def drift_detected(
    workspace: str, monitor: str, coefficient: float, now: datetime
) -> dict[str, Any]:
    """A monitor of data sets has found drift in the data of the last day; ids follow from its name.

    Args:
        workspace: resource id.
        monitor: its name.
        coefficient: how far the data that the model serves is from that of its training, 0 to 1.
        now: when.
    """
    path = f"{workspace.lower()}/datadrifts/{monitor}"
    drift, base, target = (
        str(uuid5(NAMESPACE_URL, f"{path}{part}")) for part in ("", "/base", "/target")
    )
    run, ends = f"{drift}_{int(now.timestamp() * 1000)}", now.replace(microsecond=0)
    data = {
        "DataDriftId": drift,
        "DataDriftName": monitor,
        "RunId": run,
        "BaseDatasetId": base,
        "TargetDatasetId": target,
        "DriftCoefficient": coefficient,
        "StartTime": (ends - timedelta(days=1)).isoformat(),
        "EndTime": ends.isoformat(),
    }
    # The schema's page has datadrifts/{}/runs/{}, with nothing filled in: the other page's sample.
    return _event("DatasetDriftDetected", f"datadrift/{drift}/run/{run}", data, now)


def _event(kind: str, subject: str, data: dict[str, Any], now: datetime) -> dict[str, Any]:
    return {
        "subject": subject,
        "eventType": f"{_PREFIX}.{kind}",
        "eventTime": iso(now),
        "id": str(uuid4()),
        "data": data,
        "dataVersion": "",
        "metadataVersion": "1",
    }


def _model(asset_id: str) -> str:
    """``name:version`` of a model's id, be it a resource's or a registry's."""
    parts = asset_id.rstrip("/").split("/")
    return f"{parts[-3]}:{parts[-1]}"
