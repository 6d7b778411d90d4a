"""Tells Event Grid what happens in a workspace, in the transaction of what has happened.

So none is lost in a crash, and what fails tells nothing: its transaction is rolled back, or never
begun. Without a system topic on the workspace nothing is raised. Drift between two data sets is
asked for by a person: no monitor of them is emulated. In Azure it takes the SDK v1, and newer
documentation does not name it any more (D:machine-learning/how-to-use-event-grid).
"""

from typing import Any

from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.resource_manager.resource_type import Json, Put
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.control_plane.topics import Topics
from local_azure.errors import LocalAzureError
from local_azure.services.machinelearning import events
from local_azure.services.machinelearning.jobs import CANCELED, RUNNING, Job
from local_azure.services.machinelearning.representation import experiment
from local_azure.services.machinelearning.resources.place import ARM, workspace

_RUN_TYPES = ("PipelineRun", "StepRun")
"""A job's run, and that of its step (D:machine-learning/monitor-azure-machine-learning-reference);
that both are counted is UNVERIFIED."""
_COUNTED = {RUNNING: "Started", CANCELED: "Cancelled"}
"""States that metrics call otherwise."""


class DriftError(LocalAzureError):
    """A drift that can't be raised."""


class News:
    """Raises the events of workspaces, and counts the states that jobs enter."""

    def __init__(self, control: ControlPlane, topics: Topics) -> None:
        self._clock = control.clock
        self._metrics = control.metrics
        self._resources = control.resources
        self._topics = topics

    def job_changed(self, job: Job) -> None:
        """A job has entered another state."""
        workspace = job.endpoint.rpartition("/batchEndpoints/")[0]
        now = self._clock.now()
        self._topics.publish(workspace, events.run_changed(job, workspace, now))
        for kind in _RUN_TYPES:
            name = f"{_COUNTED.get(job.status, job.status)} Runs"
            self._metrics.count(workspace, name, RunType=kind, ExperimentName=experiment(job))

    def model_put(self, put: Put, _answer: Json) -> None:
        """A version of a model may have been registered; a PUT of one that exists is no news."""
        if put.before:
            return
        told = put.body["properties"]
        now = self._clock.now()
        event = events.model_registered(put.path["name"], put.name, told, now)
        self._topics.publish(workspace(put).id, [event])

    def deployment_put(self, put: Put, _answer: Json) -> None:
        """A new deployment of a model, or another model in it, is news; other settings are none."""
        before = put.before.body["properties"] if put.before else {}
        model = put.body["properties"].get("model")
        if not model or before.get("model") == model:
            return
        event = events.model_deployed(put.path["endpointName"], put.body, self._clock.now())
        self._topics.publish(workspace(put).id, [event])

    def raise_drift(self, workspace: str, monitor: str, coefficient: float) -> dict[str, Any]:
        """Raise the event of a monitor that has found drift; the event.

        Args:
            workspace: its name or resource id.
            monitor: the monitor's name.
            coefficient: how much drift, 0 to 1.

        Raises:
            DriftError: no such workspace, or it has no system topic.
        """
        found = self._find(workspace)
        if not self._topics.watches(found.id):
            message = (
                f"The workspace '{found.name}' has no system topic, so nobody hears of its events"
            )
            raise DriftError(f"{message}: deploy one on it first.")
        event = events.drift_detected(found.id, monitor, coefficient, self._clock.now())
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
