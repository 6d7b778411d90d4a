"""The forms that an event has: Event Grid's own, and CloudEvents 1.0.

Events come in and are kept in Event Grid's own form. Each subscription says in which form it wants
its events (D:event-grid/event-schema-compatibility). Declined: publishers of CloudEvents, or of a
form of their own.
"""

import json
from collections.abc import Mapping
from typing import Any

EVENT_GRID = "EventGridSchema"
CLOUD_EVENTS = "CloudEventSchemaV1_0"

_AS_ATTRIBUTES = {
    "id": "id",
    "topic": "source",
    "subject": "subject",
    "eventType": "type",
    "eventTime": "time",
    "dataVersion": "dataversion",
    "data": "data",
}


def is_cloud_event(event: Mapping[str, Any]) -> bool:
    """Whether an event that was delivered somewhere is a CloudEvent."""
    return "specversion" in event


def as_cloud_event(event: Mapping[str, Any]) -> dict[str, Any]:
    """An event of Event Grid as a CloudEvent; an empty value leaves its attribute out."""
    attributes = {new: event.get(old) for old, new in _AS_ATTRIBUTES.items()}
    kept = {key: value for key, value in attributes.items() if value not in (None, "")}
    return {"specversion": "1.0", **kept}


def of_cloud_event(event: Mapping[str, Any]) -> dict[str, Any]:
    """The event of Event Grid that was delivered as this CloudEvent."""
    return {old: event[new] for old, new in _AS_ATTRIBUTES.items() if new in event}


def rendered(body: str, schema: str) -> str:
    """An event as it is delivered.

    Args:
        body: JSON of the event as it is kept.
        schema: one of the two.
    """
    if schema == EVENT_GRID:
        return body
    return json.dumps(as_cloud_event(json.loads(body)), separators=(",", ":"))
