"""A queue of a storage account: each event is a message, its JSON in base64.

Source: D:event-grid/handler-storage-queues; that it is base64, and one event by itself, from the
samples of azure-eventgrid for Python.
"""

import base64
from collections.abc import Iterator, Mapping
from typing import Any

from local_azure.control_plane import arm_types
from local_azure.control_plane.clouds import STORAGE_AUDIENCE
from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.resource_manager.resource_type import Json, Put
from local_azure.control_plane.resource_manager.shape import Problem, missing
from local_azure.control_plane.resource_manager.unknown import UNKNOWN
from local_azure.services.eventgrid.destinations.azure_resource import (
    PATH,
    AzureResource,
    gone,
    post,
)
from local_azure.services.eventgrid.destinations.destination import Batch
from local_azure.services.eventgrid.schedule import Outcome

_HEADERS = {"Content-Type": "application/xml", "x-ms-version": "2021-12-02"}
_LIFE = "queueMessageTimeToLiveInSeconds"
_FOREVER = -1


class StorageQueue(AzureResource):
    """The destination ``StorageQueue``."""

    send_action = f"{arm_types.STORAGE_QUEUE}/messages/add/action"
    keys = (*AzureResource.keys, "queueName", _LIFE)

    def problems(self, given: Json) -> Iterator[Problem]:
        """Account and queue are needed."""
        yield from super().problems(given)
        why = "accepted: the name of a queue"
        yield from missing(given, "queueName", why=why, path="destination")
        life = given.get(_LIFE)
        if life not in (None, UNKNOWN, _FOREVER) and (life <= 0 or life != int(life)):
            accepted = "a whole number of seconds, or -1 for messages that never expire"
            yield Problem(f"destination.{_LIFE}", f"found {life}, accepted: {accepted}")

    def check(self, put: Put, given: Json) -> None:
        """The queue exists."""
        account = put.linked(f"{PATH}.resourceId", given["resourceId"], arm_types.STORAGE_ACCOUNT)
        queue = f"{account.id}/queueServices/default/queues/{given['queueName']}"
        put.linked(f"{PATH}.queueName", queue, arm_types.STORAGE_QUEUE)

    async def deliver(self, control: ControlPlane, batch: Batch) -> Outcome:
        """Put a message for each event; the first refusal ends the attempt."""
        endpoint = batch.subscription.endpoint
        account = control.resources.find(endpoint.properties["resourceId"])
        if account is None:
            return gone(endpoint)
        url = f"{account.properties['primaryEndpoints']['queue']}{_target(endpoint.properties)}"
        outcome = Outcome(200, "OK")
        for event in batch.events:
            text = base64.b64encode(event.encode()).decode()
            body = f"<QueueMessage><MessageText>{text}</MessageText></QueueMessage>"
            outcome = await post(control, endpoint, STORAGE_AUDIENCE, url, body, _HEADERS)
            if outcome.status != 201:  # noqa: PLR2004 what Put Message answers
                break
        return outcome


def _target(properties: Mapping[str, Any]) -> str:
    life = properties.get(_LIFE)
    query = "" if life is None else f"?messagettl={int(life)}"
    return f"{properties['queueName']}/messages{query}"
