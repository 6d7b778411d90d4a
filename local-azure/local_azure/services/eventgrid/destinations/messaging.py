"""Event hubs, and queues and topics of Service Bus: messages with Event Grid's properties.

Sources: D:event-grid/handler-event-hubs, D:event-grid/handler-service-bus,
D:event-grid/delivery-properties; that an event hub gets an array and Service Bus one event by
itself, from the samples of azure-eventgrid for Python.
"""

import json
from typing import Any
from urllib.parse import urlsplit
from uuid import NAMESPACE_OID, uuid5

from local_azure.control_plane import arm_types
from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.resource_manager.resource_type import Json, Put
from local_azure.services.eventgrid import webhook
from local_azure.services.eventgrid.destinations.azure_resource import (
    PATH,
    AzureResource,
    gone,
    post,
)
from local_azure.services.eventgrid.destinations.destination import Batch
from local_azure.services.eventgrid.schedule import Outcome
from local_azure.services.eventgrid.schemas import CLOUD_EVENTS

_BATCH = "application/vnd.microsoft.servicebus.json"
_BUS = "https://servicebus.azure.net"


class Messaging(AzureResource):
    """The destinations ``EventHub``, ``ServiceBusQueue`` and ``ServiceBusTopic``.

    Args:
        arm_type: what its resource id names.
        audience: what tokens are asked for.
    """

    def __init__(self, arm_type: str, audience: str) -> None:
        self._arm_type = arm_type
        self._audience = audience
        # The action of the namespace, for a hub, queue or topic of it.
        self.send_action = f"{arm_type.rpartition('/')[0]}/messages/send/action"

    def check(self, put: Put, given: Json) -> None:
        """It exists, and is no queue with sessions, which Event Grid does not serve."""
        path = f"{PATH}.resourceId"
        found = put.linked(path, given["resourceId"], self._arm_type)
        if found.properties.get("requiresSession"):
            raise put.refuse(path, f"'{found.name}' requires sessions; Event Grid sends none")

    async def deliver(self, control: ControlPlane, batch: Batch) -> Outcome:
        """Send one batch of messages, all or nothing."""
        endpoint = batch.subscription.endpoint
        entity = control.resources.find(endpoint.properties["resourceId"])
        namespace = entity and control.resources.find("/".join(entity.id.split("/")[:9]))
        if entity is None or namespace is None:
            return gone(endpoint)
        host = urlsplit(namespace.properties["serviceBusEndpoint"]).hostname
        url = f"https://{host}/{entity.name}/messages"
        messages = json.dumps([self._message(batch, event) for event in batch.events])
        return await post(
            control, endpoint, self._audience, url, messages, {"Content-Type": _BATCH}
        )

    def _message(self, batch: Batch, event: str) -> dict[str, Any]:
        subscription = batch.subscription
        own = webhook.headers(webhook.NOTIFICATION, subscription.name, batch.attempts)
        own.pop("Content-Type")
        if subscription.schema == CLOUD_EVENTS:
            own.pop("aeg-data-version")
            own["aeg-metadata-version"] = "1.0"
        # Stays the same when the event is sent again, so that a queue can drop the second.
        number = str(uuid5(NAMESPACE_OID, f"{subscription.id} {event}"))
        return {
            "Body": f"[{event}]" if self._arm_type == arm_types.EVENT_HUB else event,
            "BrokerProperties": {"ContentType": "application/json", "MessageId": number},
            "UserProperties": {**own, "aeg-output-event-id": number},
        }


EVENT_HUB_DESTINATION = Messaging(arm_types.EVENT_HUB, "https://eventhubs.azure.net")
QUEUE_DESTINATION = Messaging(arm_types.BUS_QUEUE, _BUS)
TOPIC_DESTINATION = Messaging(arm_types.BUS_TOPIC, _BUS)
