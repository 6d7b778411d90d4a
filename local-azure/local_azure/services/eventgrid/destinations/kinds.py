"""The kinds of destination that are emulated, by ``endpointType``."""

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


def kind(endpoint_type: str) -> Destination:
    """The destination with this ``endpointType``; its case does not matter.

    Raises:
        KeyError: it is not emulated.
    """
    return _BY_NAME[endpoint_type.lower()]


def emulated(endpoint_type: str) -> bool:
    """Whether there is such a kind."""
    return endpoint_type.lower() in _BY_NAME


_BY_NAME = {name.lower(): found for name, found in KINDS.items()}
