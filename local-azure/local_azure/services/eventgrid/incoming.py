"""Events as publishers send them: checked against Event Grid's schema, all of a request or none.

Sources: D:event-grid/post-to-custom-topic, D:event-grid/event-schema (required fields, ``topic``,
``metadataVersion``), D:event-grid/quotas-limits. CloudEvents are declined.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn

from local_azure.control_plane import strict_json
from local_azure.services.eventgrid.errors import InvalidEventsError, TooLargeError
from local_azure.services.eventgrid.publishers import Entrance
from local_azure.services.eventgrid.schemas import EVENT_GRID

LARGEST = 1024 * 1024
"""Bytes of a request, and so of an event."""
MOST = 5000
"""Events of a request."""

_REQUIRED = ("id", "subject", "eventType", "eventTime")
_ALLOWED = (*_REQUIRED, "topic", "data", "dataVersion", "metadataVersion")
_TOPIC_NAME = re.compile("[A-Za-z0-9-]{3,50}")


@dataclass(frozen=True)
class Incoming:
    """One event that was taken.

    Attributes:
        topic: resource id of the custom topic or domain topic that it is for.
        event: the event as it is kept (``schemas.py``).
    """

    topic: str
    event: dict[str, Any]


def read(body: bytes, entrance: Entrance) -> list[Incoming]:
    """The events of a request.

    Args:
        body: at most ``LARGEST`` bytes.
        entrance: where they come in.

    Raises:
        InvalidEventsError: what is wrong with the first event that is wrong.
        TooLargeError: more events than a request may have.
    """
    events = _array(_json(body))
    if len(events) > MOST:
        raise TooLargeError(f"The request has {len(events)} events; accepted: {MOST}.")
    return [_incoming(event, entrance) for event in events]


def _json(body: bytes) -> Any:
    try:
        return strict_json.read(body)
    except ValueError as error:
        _refuse(f"The body is no JSON: {error}")


def _array(content: Any) -> list[Any]:
    if isinstance(content, list):
        return content
    message = (
        f"This resource is configured to receive event in '{EVENT_GRID}' schema. The JSON received "
        "does not conform to the expected schema. Token Expected: StartArray."
    )
    raise InvalidEventsError(message)


def _incoming(event: Any, entrance: Entrance) -> Incoming:
    if not isinstance(event, dict):
        _refuse(f"An event is an object, found {type(event).__name__}.")
    _check_event(event)
    topic = _topic(event.get("topic"), entrance)
    return Incoming(topic, {"dataVersion": "", **event, "topic": topic, "metadataVersion": "1"})


def _check_event(event: dict[str, Any]) -> None:
    unknown = sorted(set(event) - set(_ALLOWED))
    if unknown:
        _refuse(
            f"This resource is configured for '{EVENT_GRID}' schema. Received unexpected property "
            f"{unknown[0]!r} in JSON which does not conform to the expected schema."
        )
    for key in _REQUIRED:
        if not isinstance(event.get(key), str) or not event[key]:
            _refuse(f"Required property {key!r} was not found, or is no text: {event.get(key)!r}.")
    if "data" not in event:
        _refuse("Required property 'data' was not found.")
    if not isinstance(event.get("dataVersion", ""), str):
        _refuse(f"Property 'dataVersion' is a text, found {event['dataVersion']!r}.")
    if event.get("metadataVersion", "1") != "1":
        _refuse(f"Property 'metadataVersion' is '1', found {event['metadataVersion']!r}.")
    _check_time(event["eventTime"])


def _check_time(value: str) -> None:
    try:
        datetime.fromisoformat(value)
    except ValueError:
        _refuse(f"Property 'eventTime' is a time in ISO 8601, found {value!r}.")


def _topic(given: Any, entrance: Entrance) -> str:
    if entrance.is_domain:
        return _domain_topic(given, entrance)
    if given and str(given).rstrip("/").lower() != entrance.id.lower():
        _refuse(f"Property 'topic' is left out or is '{entrance.id}', found {given!r}.")
    return entrance.id


def _domain_topic(given: Any, entrance: Entrance) -> str:
    prefix = f"{entrance.id}/topics/"
    name = str(given or "")
    if name.lower().startswith(prefix.lower()):
        name = name[len(prefix) :]
    if not _TOPIC_NAME.fullmatch(name):
        _refuse(
            "Required property 'topic' needs to either be a full resource id or should be just the "
            f"name of the domain topic. Found: {given}."
        )
    return f"{prefix}{name}"


def topics(incoming: list[Incoming]) -> Iterator[str]:
    """The topics of events, each once."""
    yield from dict.fromkeys(each.topic for each in incoming)


def refuse_topic(topic: str) -> NoReturn:
    """Refuse events for a domain topic that does not exist.

    Raises:
        InvalidEventsError: always.
    """
    _refuse(f"There is no domain topic '{topic}', and the domain makes none by itself.")


def _refuse(message: str) -> NoReturn:
    raise InvalidEventsError(message)
