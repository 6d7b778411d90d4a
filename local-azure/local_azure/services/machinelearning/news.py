"""Tells Event Grid what happens in a workspace, in the transaction of what has happened.

So none is lost in a crash, and what fails tells nothing: its transaction is rolled back, or never
begun. Without a system topic on the workspace nothing is raised. Drift between two data sets is
asked for by a person: no monitor of them is emulated. In Azure it takes the SDK v1, and newer
documentation does not name it any more (D:machine-learning/how-to-use-event-grid).

Events are as the documentation's samples have them: D:event-grid/event-schema-machine-learning;
D:machine-learning/how-to-use-event-grid for the subjects; MicrosoftDocs/azure-docs pull requests
59351 and 92586 for what the samples leave open: ``RunStatusChanged`` comes with every state,
spelled as the job has it. The samples spell the keys of models and drift in PascalCase and those of
runs in camelCase; so they are here. UNVERIFIED: that batch deployments raise ``ModelDeployed``, and
what ``ServiceComputeType`` is then; ``runType``, ``runProperties`` and the experiment of a batch
job.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid4, uuid5

from local_azure.control_plane.clock import iso
from local_azure.errors import LocalAzureError
from local_azure.services.machinelearning.jobs import CANCELED, COMPLETED, RUNNING, Job
from local_azure.services.machinelearning.representation import experiment
from local_azure.services.machinelearning.resources.place import ARM

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from local_azure.control_plane.plane import ControlPlane
    from local_azure.control_plane.resource_manager.resource_type import Json, Put
    from local_azure.control_plane.resource_manager.store import Resource
    from local_azure.control_plane.topics import Topics

_RUN_TYPES = ("PipelineRun", "StepRun")
"""A job's run, and that of its step (D:machine-learning/monitor-azure-machine-learning-reference);
that both are counted is UNVERIFIED."""
_COUNTED = {RUNNING: "Started", CANCELED: "Cancelled"}
"""States that metrics call otherwise."""
_PREFIX = "Microsoft.MachineLearningServices"
_RUN_TYPE = "azureml.PipelineRun"
_COMPUTE_TYPE = "AmlCompute"
_NUMBER = re.compile(r"0|[1-9][0-9]{0,17}")


class DriftError(LocalAzureError):
    """A drift that can't be raised."""


class TopicMissingError(DriftError):
    """A workspace whose events go nowhere."""

    def __init__(self, workspace: str) -> None:
        super().__init__(
            f"The workspace '{workspace}' has no system topic, so nobody hears of its events: "
            "deploy one on it first."
        )


class News:
    """Raises the events of workspaces, and counts the states that jobs enter.

    Args:
        control: the control plane.
        topics: hear of them.
    """

    def __init__(self, control: ControlPlane, topics: Topics) -> None:
        self._clock = control.clock
        self._metrics = control.metrics
        self._resources = control.resources
        self._topics = topics

    def job_changed(self, job: Job) -> None:
        """A job has entered another state."""
        workspace = job.endpoint.rpartition("/batchEndpoints/")[0]
        now = self._clock.now()
        self._topics.publish(workspace, _run_changed(job, workspace, now))
        for kind in _RUN_TYPES:
            name = f"{_COUNTED.get(job.status, job.status)} Runs"
            self._metrics.count(workspace, name, RunType=kind, ExperimentName=experiment(job))

    def model_put(self, put: Put, _answer: Json) -> None:
        """A version of a model may have been registered; a PUT of one that exists is no news."""
        if put.before:
            return
        told = put.body["properties"]
        now = self._clock.now()
        event = _model_registered(put.path["name"], put.name, told, now)
        self._topics.publish(_workspace(put), [event])

    def deployment_put(self, put: Put, _answer: Json) -> None:
        """A new deployment of a model, or another model in it, is news; other settings are none."""
        before = put.before.body["properties"] if put.before else {}
        model = put.body["properties"].get("model")
        if not model or before.get("model") == model:
            return
        event = _model_deployed(put.path["endpointName"], put.body, self._clock.now())
        self._topics.publish(_workspace(put), [event])

    def raise_drift(self, workspace: str, monitor: str, coefficient: float) -> dict[str, Any]:
        """Raise the event of a monitor that has found drift; the event.

        Args:
            workspace: its name or resource id.
            monitor: the monitor's name.
            coefficient: how much drift, 0 to 1.

        Raises:
            DriftError: no such workspace, or nobody hears of its
        """
        found = self._find(workspace)
        if not self._topics.watches(found.id):
            raise TopicMissingError(found.name)
        event = _drift_detected(found.id, monitor, coefficient, self._clock.now())
        self._topics.publish(found.id, [event])
        return event

    def _find(self, name: str) -> Resource:
        """The workspace of a name, or of a resource id."""
        by_id = self._resources.find(name)
        if by_id is not None and by_id.type == ARM:
            return by_id
        known = self._resources.select(ARM)
        matching = [each for each in known if each.name.lower() == name.lower()]
        if len(matching) == 1:
            return matching[0]
        if matching:
            message = f"There are several workspaces '{name}'; give one's resource id: "
            raise DriftError(message + ", ".join(each.id for each in matching) + ".")
        names = ", ".join(f"'{each.name}'" for each in known) or "none exists"
        message = f"There is no workspace {name!r}; accepted: {names}."
        raise DriftError(message)


def _workspace(put: Put) -> str:
    return "/".join(put.id.split("/")[:9])


def _model_registered(
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


def _model_deployed(endpoint: str, deployment: Mapping[str, Any], now: datetime) -> dict[str, Any]:
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


def _run_changed(job: Job, workspace: str, now: datetime) -> Iterator[dict[str, Any]]:
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


def _drift_detected(
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
