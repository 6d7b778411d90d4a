"""The kinds of destination that are emulated, by ``endpointType``."""

from collections.abc import Mapping
from typing import Any

from local_azure.services.eventgrid.destinations.destination import Destination
from local_azure.services.eventgrid.destinations.messaging import (
    EVENT_HUB_DESTINATION,
    QUEUE_DESTINATION,
    TOPIC_DESTINATION,
)
from local_azure.services.eventgrid.destinations.storage_queue import StorageQueue
from local_azure.services.eventgrid.destinations.webhook import WebHook

KINDS: dict[str, Destination] = {
    "WebHook": WebHook(),
    "StorageQueue": StorageQueue(),
    "EventHub": EVENT_HUB_DESTINATION,
    "ServiceBusQueue": QUEUE_DESTINATION,
    "ServiceBusTopic": TOPIC_DESTINATION,
}


def kind(destination: Mapping[str, Any]) -> Destination | None:
    """The kind of a destination; the case of its ``endpointType`` does not matter."""
    return _BY_NAME.get(destination["endpointType"].lower())


def known(destination: Mapping[str, Any]) -> Destination:
    """The kind of a destination that was accepted."""
    return _BY_NAME[destination["endpointType"].lower()]


_BY_NAME = {name.lower(): found for name, found in KINDS.items()}
