"""Tells Event Grid what happens in a workspace, in the transaction of what has happened.

So none is lost in a crash, and what fails tells nothing: its transaction is rolled back, or never
begun. Without a system topic on the workspace nothing is raised.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local_azure.machinelearning import events
from local_azure.machinelearning.drift import TopicMissingError

if TYPE_CHECKING:
    from local_azure.azure import Azure
    from local_azure.machinelearning.drift import Drift
    from local_azure.machinelearning.jobs import Job
    from local_azure.resource_manager.resource_type import Put
    from local_azure.resource_manager.store import Resource


class News:
    """Raises the events of workspaces.

    Args:
        azure: whose Event Grid hears of them.
    """

    def __init__(self, azure: Azure) -> None:
        self._azure = azure

    def job_changed(self, job: Job) -> None:
        """A job has entered another state."""
        workspace = job.endpoint.rpartition("/batchEndpoints/")[0]
        now = self._azure.clock.now()
        self._azure.eventgrid.publish(workspace, events.run_changed(job, workspace, now))

    def model_registered(self, put: Put) -> None:
        """A version of a model was registered."""
        told = put.body["properties"]
        now = self._azure.clock.now()
        event = events.model_registered(put.path["name"], put.name, told, now)
        self._azure.eventgrid.publish(_workspace(put), [event])

    def model_deployed(self, put: Put) -> None:
        """A deployment of a model is done."""
        event = events.model_deployed(put.path["endpointName"], put.body, self._azure.clock.now())
        self._azure.eventgrid.publish(_workspace(put), [event])

    def drift_detected(self, workspace: Resource, drift: Drift) -> dict[str, Any]:
        """Raise what a monitor of data sets would, which nothing here is; the event.

        Raises:
            TopicMissingError: the workspace has no system topic, so that nobody would hear of it.
        """
        if not self._azure.eventgrid.watches(workspace.id):
            raise TopicMissingError(workspace.name)
        event = events.drift_detected(drift, self._azure.clock.now())
        self._azure.eventgrid.publish(workspace.id, [event])
        return event


def _workspace(put: Put) -> str:
    return "/".join(put.id.split("/")[:9])
