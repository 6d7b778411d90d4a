"""Events as publishers send them: checked against the input schema, all of a request or none.

Sources: D:event-grid/post-to-custom-topic, D:event-grid/event-schema (required fields, ``topic``,
``metadataVersion``), D:event-grid/quotas-limits; the CloudEvents 1.0 specification and its
JSON format. A domain's CloudEvents name their domain topic as ``source``.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn

from starlette.requests import Request

from local_azure.control_plane import strict_json
from local_azure.control_plane.resource_manager.store import Resources
from local_azure.control_plane.web import body
from local_azure.services.eventgrid.errors import InvalidEventsError, TooLargeError
from local_azure.services.eventgrid.publishers import Entrance
from local_azure.services.eventgrid.schemas import CLOUD_EVENTS

LARGEST = 1024 * 1024
"""Bytes of a request, and so of an event."""
MOST = 5000
"""Events of a request."""

_ARRAYS = ("application/cloudevents-batch+json",)
_SINGLE = ("application/cloudevents+json", "application/json")
_REQUIRED = ("id", "subject", "eventType", "eventTime")
_ALLOWED = (*_REQUIRED, "topic", "data", "dataVersion", "metadataVersion")
_ATTRIBUTES = ("id", "source", "specversion", "type")
_TEXTS = (*_ATTRIBUTES, "subject", "time", "datacontenttype", "dataschema", "data_base64")
_EXTENSION = re.compile("[a-z0-9]+")
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


async def read(request: Request, entrance: Entrance) -> list[Incoming]:
    """The events of a request.

    Args:
        request: as it came in.
        entrance: where.

    Raises:
        InvalidEventsError: what is wrong with the first event that is wrong.
        TooLargeError: more bytes or events than a request may have.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    sent = await body(request, LARGEST, _too_large)
    events = _array(_json(sent), media_type, entrance)
    if len(events) > MOST:
        raise TooLargeError(f"The request has {len(events)} events; accepted: {MOST}.")
    return [_incoming(event, entrance) for event in events]


def _too_large(_: int) -> TooLargeError:
    return TooLargeError(f"The maximum size ({LARGEST}) has been exceeded.")


def _json(sent: bytes) -> Any:
    try:
        return strict_json.read(sent)
    except ValueError as error:
        _refuse(f"The body is no JSON: {error}")


def _array(content: Any, media_type: str, entrance: Entrance) -> list[Any]:
    name = f"'{entrance.schema}' schema"
    single = entrance.schema == CLOUD_EVENTS and media_type not in _ARRAYS
    if single and media_type not in _SINGLE:
        accepted = ", ".join((*_ARRAYS, *_SINGLE))
        _refuse(f"Content-Type: found {media_type!r}, accepted for the {name}: {accepted}.")
    if isinstance(content, dict if single else list):
        return [content] if single else list(content)
    wanted = "StartObject" if single else "StartArray"
    message = (
        f"This resource is configured to receive event in {name}. The JSON received does not "
        f"conform to the expected schema. Token Expected: {wanted}."
    )
    raise InvalidEventsError(message)


def _incoming(event: Any, entrance: Entrance) -> Incoming:
    if not isinstance(event, dict):
        _refuse(f"An event is an object, found {type(event).__name__}.")
    if entrance.schema == CLOUD_EVENTS:
        kept = _cloud_event(event)
        topic = _domain_topic(kept["source"], entrance) if entrance.is_domain else entrance.id
        return Incoming(topic, kept)
    _check_event(event, entrance.schema)
    topic = _topic(event.get("topic"), entrance)
    return Incoming(topic, {"dataVersion": "", **event, "topic": topic, "metadataVersion": "1"})


def _check_event(event: dict[str, Any], schema: str) -> None:
    unknown = sorted(set(event) - set(_ALLOWED))
    if unknown:
        _refuse(
            f"This resource is configured for '{schema}' schema. Received unexpected property "
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
    _check_time("eventTime", event["eventTime"])


def _cloud_event(event: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in event.items() if value is not None}
    for key in _ATTRIBUTES:
        if key not in kept:
            _refuse(f"Required property {key!r} of a CloudEvent was not found.")
    for key in kept.keys() - {"data"}:
        _check_attribute(key, kept[key])
    if kept["specversion"] != "1.0":
        _refuse(f"Property 'specversion' is '1.0', found {kept['specversion']!r}.")
    if "data" in kept and "data_base64" in kept:
        _refuse("A CloudEvent has either 'data' or 'data_base64'.")
    if "time" in kept:
        _check_time("time", kept["time"])
    return kept


def _check_attribute(key: str, value: Any) -> None:
    if key in _TEXTS:
        if not isinstance(value, str) or not value:
            _refuse(f"Property {key!r} of a CloudEvent is a text, found {value!r}.")
    elif not _EXTENSION.fullmatch(key) or not isinstance(value, str | int | bool):
        _refuse(
            f"Property {key!r} is no attribute of a CloudEvent: extensions have names of "
            "lower-case letters and digits, and texts, integers, true or false as values."
        )


def _check_time(key: str, value: str) -> None:
    try:
        datetime.fromisoformat(value)
    except ValueError:
        _refuse(f"Property {key!r} is a time in ISO 8601, found {value!r}.")


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


def check_topics(resources: Resources, entrance: Entrance, events: list[Incoming]) -> None:
    """Hold events against the domain topics that there are, where the domain makes none by itself.

    Raises:
        InvalidEventsError: one is for a topic that does not exist.
    """
    if entrance.is_domain and not entrance.automatic:
        for topic in dict.fromkeys(each.topic for each in events):
            if resources.find(topic) is None:
                _refuse(f"There is no domain topic '{topic}', and the domain makes none by itself.")


def _refuse(message: str) -> NoReturn:
    raise InvalidEventsError(message)
