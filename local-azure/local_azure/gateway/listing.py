"""The messages of a queue, topic or event hub, for a person or a script to look at."""

import base64
import binascii
from typing import Any

from local_azure.azure import Azure
from local_azure.control_plane import arm_types
from local_azure.control_plane.resource_manager.store import Resource, Resources
from local_azure.errors import LocalAzureError

_TYPES = (
    arm_types.EVENT_HUB,
    arm_types.BUS_QUEUE,
    arm_types.BUS_TOPIC,
    arm_types.STORAGE_QUEUE,
)


class ListingError(LocalAzureError):
    """A name that says nothing, or too much."""


async def listing(azure: Azure, named: str, limit: int) -> dict[str, Any]:
    """The last messages, oldest first; of a storage queue the first 32 that are visible.

    Args:
        azure: the services.
        named: resource id, ``<namespace or account>/<name>``, or the URL of a receiver.
        limit: how many.

    Raises:
        ListingError: there is none of that name, or more than one.
    """
    if received := azure.handlers.received(named, limit):
        return received
    found = [each for each in entities(azure.resources) if named.strip("/").lower() in _names(each)]
    if len(found) != 1:
        several = "; ".join(each.id for each in found) or "none"
        message = (
            f"{named!r}: found {several}. Accepted: the resource id of an event hub, a queue or a "
            "topic, '<namespace or storage account>/<name>', or a receiver's URL."
        )
        raise ListingError(message)
    entity = found[0]
    if entity.type == arm_types.STORAGE_QUEUE:
        account = entity.id.split("/")[8]
        peeked = await azure.storage.peek(account, entity.name, min(limit, 32))
        return {"id": entity.id, "messages": [_decoded(each) for each in peeked]}
    return {"id": entity.id, "messages": azure.messaging.last(entity.id, limit)}


def entities(resources: Resources) -> list[Resource]:
    """What holds messages, but for receivers."""
    return [each for kind in _TYPES for each in resources.select(kind)]


def _names(entity: Resource) -> set[str]:
    short = f"{entity.id.split('/')[8]}/{entity.name}"
    return {short.lower(), entity.id.strip("/").lower()}


def _decoded(message: dict[str, Any]) -> dict[str, Any]:
    """A message whose body is text in base64, with that text."""
    try:
        text = base64.b64decode(message["body"], validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return message
    return {**message, "body": text, "encoding": "base64"}
