"""Tells Event Grid what happens in a workspace, in the transaction of what has happened.

So none is lost in a crash, and what fails tells nothing: its transaction is rolled back, or never
begun. Without a system topic on the workspace nothing is raised.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local_azure.services.machinelearning import events
from local_azure.services.machinelearning.drift import TopicMissingError
from local_azure.services.machinelearning.jobs import CANCELED, RUNNING

if TYPE_CHECKING:
    from local_azure.control_plane.clock import Clock
    from local_azure.control_plane.metrics import Metrics
    from local_azure.control_plane.resource_manager.resource_type import Json, Put
    from local_azure.control_plane.resource_manager.store import Resource
    from local_azure.control_plane.topics import Topics
    from local_azure.services.machinelearning.drift import Drift
    from local_azure.services.machinelearning.jobs import Job


_RUN_TYPES = ("PipelineRun", "StepRun")
"""A job's run, and that of its step (D:machine-learning/monitor-azure-machine-learning-reference);
that both are counted is UNVERIFIED."""
_COUNTED = {RUNNING: "Started", CANCELED: "Cancelled"}
"""States that metrics call otherwise."""


class News:
    """Raises the events of workspaces.

    Args:
        clock: the time.
        topics: hear of them.
        metrics: count the states that jobs enter.
    """

    def __init__(self, clock: Clock, topics: Topics, metrics: Metrics) -> None:
        self._clock = clock
        self._metrics = metrics
        self._topics = topics

    def job_changed(self, job: Job) -> None:
        """A job has entered another state."""
        workspace = job.endpoint.rpartition("/batchEndpoints/")[0]
        now = self._clock.now()
        self._topics.publish(workspace, events.run_changed(job, workspace, now))
        for kind in _RUN_TYPES:
            name = f"{_COUNTED.get(job.status, job.status)} Runs"
            experiment = events.experiment(job)
            self._metrics.count(workspace, name, RunType=kind, ExperimentName=experiment)

    def model_put(self, put: Put, _answer: Json) -> None:
        """A version of a model may have been registered; a PUT of one that exists is no news."""
        if put.before:
            return
        told = put.body["properties"]
        now = self._clock.now()
        event = events.model_registered(put.path["name"], put.name, told, now)
        self._topics.publish(_workspace(put), [event])

    def deployment_put(self, put: Put, _answer: Json) -> None:
        """A new deployment of a model, or another model in it, is news; other settings are none."""
        before = put.before.body["properties"] if put.before else {}
        model = put.body["properties"].get("model")
        if not model or before.get("model") == model:
            return
        event = events.model_deployed(put.path["endpointName"], put.body, self._clock.now())
        self._topics.publish(_workspace(put), [event])

    def drift_detected(self, workspace: Resource, drift: Drift) -> dict[str, Any]:
        """Raise what a monitor of data sets would, which nothing here is; the event.

        Raises:
            TopicMissingError: the workspace has no system topic, so that nobody would hear of it.
        """
        if not self._topics.watches(workspace.id):
            raise TopicMissingError(workspace.name)
        event = events.drift_detected(drift, self._clock.now())
        self._topics.publish(workspace.id, [event])
        return event


def _workspace(put: Put) -> str:
    return "/".join(put.id.split("/")[:9])
