"""Batches as they are sent over HTTPS, as Event Grid does here; another message is declined.

Sources: learn.microsoft.com, rest/api/servicebus "Send Message" and "Send Message Batch",
rest/api/eventhub "Send event" and "Send batch events".
"""

from typing import Any

from starlette.requests import Request

from local_azure.control_plane import arm_types, strict_json
from local_azure.control_plane.messages import Message
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.control_plane.web import body
from local_azure.services.messaging.errors import (
    MalformedMessageError,
    NotEmulatedError,
    TooLargeError,
)

BATCH = "application/vnd.microsoft.servicebus.json"
_KIB = 1024
_MOST = 5000
"""Messages of a batch: each is sealed by itself, and nothing else runs meanwhile."""


def most_bytes(entity: Resource, namespace: Resource) -> int:
    """Bytes that a message to an entity may have.

    Source: learn.microsoft.com, event-hubs-quotas, service-bus-messaging-quotas.
    """
    if namespace.type == arm_types.EVENT_HUBS:
        return (256 if namespace.properties["sku"]["name"] == "Basic" else 1024) * _KIB
    return int(entity.properties["maxMessageSizeInKilobytes"]) * _KIB


async def messages(request: Request, most: int, too_large: int) -> list[Message]:
    """What is sent to an entity.

    Args:
        request: what came.
        most: bytes that it may have.
        too_large: the status for more.

    Raises:
        MessagingError: it is no batch, or too large.
    """
    kind = request.headers.get("content-type", "")
    if kind.partition(";")[0].strip().lower() != BATCH:
        raise NotEmulatedError(f"A message by itself is not emulated; accepted: {BATCH}.")
    sent = await body(request, most, lambda found: TooLargeError(found, most, too_large))
    try:
        return _batch(sent.decode())
    except UnicodeDecodeError:
        raise NotEmulatedError("Messages that are not UTF-8 are not emulated.") from None


def _batch(text: str) -> list[Message]:
    try:
        entries = strict_json.read(text)
    except ValueError:
        raise MalformedMessageError("The body of a batch is not JSON.") from None
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise MalformedMessageError("The body of a batch is a JSON array of objects.")
    if len(entries) > _MOST:
        raise MalformedMessageError(f"The batch has {len(entries)} messages; accepted: {_MOST}.")
    return [_entry(entry) for entry in entries]


def _entry(entry: dict[str, Any]) -> Message:
    broker = _scalars(entry.get("BrokerProperties"), "BrokerProperties")
    own = _scalars(entry.get("UserProperties"), "UserProperties")
    content = entry.get("Body", "")
    if not isinstance(content, str):
        raise MalformedMessageError("The Body of a message is text.")
    return Message(content, str(broker.get("ContentType", "")), broker, own)


def _scalars(found: Any, what: str) -> dict[str, Any]:
    if found is None:
        return {}
    if not isinstance(found, dict) or any(isinstance(v, (dict, list)) for v in found.values()):
        raise MalformedMessageError(f"{what} is a JSON object of strings, numbers and booleans.")
    return found
