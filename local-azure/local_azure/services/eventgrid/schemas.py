"""The forms that an event has: Event Grid's own, and CloudEvents 1.0.

An event is kept in the form in which it came in (D:event-grid/event-schema-compatibility). Each
subscription says in which form it wants its events. Declined: a publisher's own form.
"""

import json
from collections.abc import Mapping
from typing import Any

EVENT_GRID = "EventGridSchema"
CLOUD_EVENTS = "CloudEventSchemaV1_0"

DELIVERED_AS = {
    EVENT_GRID: (EVENT_GRID, CLOUD_EVENTS),
    CLOUD_EVENTS: (CLOUD_EVENTS,),
}
"""The forms in which events can be delivered, by the form in which they come in."""

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
    """Whether an event is kept as a CloudEvent."""
    return "specversion" in event


def as_cloud_event(event: Mapping[str, Any]) -> dict[str, Any]:
    """An event of Event Grid as a CloudEvent; an empty value leaves its attribute out."""
    attributes = {new: event.get(old) for old, new in _AS_ATTRIBUTES.items()}
    kept = {key: value for key, value in attributes.items() if value not in (None, "")}
    return {"specversion": "1.0", **kept}


def as_filtered(event: Mapping[str, Any]) -> Mapping[str, Any]:
    """An event as filters see it: by Event Grid's names, whatever its own form is."""
    if not is_cloud_event(event):
        return event
    return {
        **event,
        "topic": event["source"],
        "eventType": event["type"],
        "subject": event.get("subject", ""),
    }


def rendered(body: str, schema: str) -> str:
    """An event as it is delivered.

    Args:
        body: JSON of the event as it is kept.
        schema: one that its input schema can be delivered as.
    """
    if schema == EVENT_GRID:
        return body
    event: dict[str, Any] = json.loads(body)
    if is_cloud_event(event):
        return body
    return json.dumps(as_cloud_event(event), separators=(",", ":"))
