"""What a subscription adds to its deliveries: fixed values, and values taken from the event.

Source: D:event-grid/delivery-properties. What can't be a header is left out at webhooks.
UNVERIFIED: that a value which is not in the event, or is no string, number or boolean, is so too.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from local_azure.control_plane.resource_manager.shape import Problem
from local_azure.control_plane.resource_manager.unknown import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from local_azure.control_plane.resource_manager.resource_type import Json

KEY = "deliveryAttributeMappings"
_MOST, _LONGEST = 10, 4096
_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_PATH = re.compile(r"(?:\$\.)?[^.\[\]$]+(?:\.[^.\[\]$]+)*")
_PRINTABLE = re.compile(r"[\x20-\x7e]*")
_RESERVED = frozenset(
    ("connection", "content-length", "content-type", "expect", "host", "te", "transfer-encoding")
)


def problems(destination: Json) -> Iterator[Problem]:
    """What is wrong with a destination's attributes; values are never shown."""
    path = f"destination.{KEY}"
    mappings = known(destination)
    if len(mappings) > _MOST:
        yield Problem(path, f"found {len(mappings)}, accepted: {_MOST} or fewer")
    names = [name.lower() for _, each in mappings if isinstance(name := each.get("name"), str)]
    if len(names) != len(set(names)):
        yield Problem(path, "each has a name of its own; case does not matter")
    for index, each in mappings:
        for key, reason in _one(each):
            yield Problem(f"{path}[{index}].{key}", reason)


def known(destination: Json) -> list[tuple[int, Json]]:
    """Those attributes that a preview knows already, each with its place."""
    given = destination.get(KEY)
    listed = given if isinstance(given, list) else []
    return [(index, each) for index, each in enumerate(listed) if isinstance(each, dict)]


def _one(mapping: Json) -> Iterator[tuple[str, str]]:
    name = mapping.get("name")
    if not _fits(name, _NAME):
        yield "name", f"found {name!r}, accepted: the name of a header"
    elif isinstance(name, str) and name.lower().startswith("aeg-"):
        yield "name", f"found {name!r}; names with 'aeg-' are Event Grid's own"
    elif isinstance(name, str) and name.lower() in _RESERVED:
        yield "name", f"found {name!r}; the delivery itself has this header"
    if mapping.get("type") == "Dynamic":
        if not _fits(mapping.get("sourceField"), _PATH):
            found = mapping.get("sourceField")
            yield "sourceField", f"found {found!r}, accepted: a path such as 'data.system'"
    elif not _fits(mapping.get("value"), _PRINTABLE) or len(str(mapping.get("value"))) > _LONGEST:
        accepted = f"printable ASCII characters, {_LONGEST} at most"
        yield "value", f"it is missing or can't be a header, accepted: {accepted}"


def _fits(value: Any, pattern: re.Pattern[str]) -> bool:
    return value is UNKNOWN or (isinstance(value, str) and pattern.fullmatch(value) is not None)


def fixed(destination: Mapping[str, Any]) -> dict[str, str]:
    """The attributes that are the same in every delivery."""
    return {
        each["name"]: each["value"]
        for each in destination.get(KEY) or ()
        if each["type"] == "Static"
    }


def of(destination: Mapping[str, Any], event: str) -> dict[str, str]:
    """All attributes of one event's delivery, by name.

    Args:
        destination: as it was PUT.
        event: the event as it is delivered, JSON.
    """
    values = fixed(destination)
    for each in destination.get(KEY) or ():
        if each["type"] == "Dynamic":
            found = _text(json.loads(event), each["sourceField"].removeprefix("$."))
            if found is not None:
                values[each["name"]] = found
    return values


def headers(destination: Mapping[str, Any], event: str) -> dict[str, str]:
    """Those attributes of one event's delivery that can be headers."""
    return {
        name: value
        for name, value in of(destination, event).items()
        if len(value) <= _LONGEST and _PRINTABLE.fullmatch(value)
    }


def told(destination: Mapping[str, Any]) -> Json:
    """The attributes as a GET answers them: secret values are left out."""
    given = destination.get(KEY)
    if not given:
        return {}
    return {
        KEY: [
            {
                key: value
                for key, value in each.items()
                if key != "value" or not each.get("isSecret")
            }
            for each in given
        ]
    }


def _text(event: Any, path: str) -> str | None:
    for key in path.split("."):
        event = event.get(key) if isinstance(event, dict) else None
    if isinstance(event, bool):
        return str(event).lower()
    if isinstance(event, (int, float)):
        return json.dumps(event)
    return event if isinstance(event, str) else None
