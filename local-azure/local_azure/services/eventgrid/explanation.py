"""Why a filter holds an event back, in words: for people who try a rule, never for deliveries."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from local_azure.services.eventgrid.filters import MISSING, AdvancedFilter, EventFilter

_LONGEST = 200
"""Characters of a value that are shown."""


@dataclass(frozen=True)
class Refusal:
    """One part of a filter that refuses an event.

    Attributes:
        part: where it stands, such as ``advancedFilters[0]``.
        operator: how it compares; the part's name where it is no advanced filter.
        key: the field of the event.
        found: what the event has there; None where it has nothing, too.
        wanted: what it is compared with.
        reason: all of it in one sentence.
    """

    part: str
    operator: str
    key: str
    found: Any
    wanted: tuple[Any, ...]
    reason: str


def explain(wanted: EventFilter, event: Mapping[str, Any]) -> list[Refusal]:
    """Everything of a filter that refuses an event; nothing where the event passes."""
    refusals = [*_basic(wanted, event)]
    for index, each in enumerate(wanted.advanced):
        if not each.matches(event):
            refusals.append(_advanced(each, event, f"advancedFilters[{index}]"))
    return refusals


def shown(value: Any) -> str:
    """A value as a person reads it: JSON on one line, cut where it is long."""
    text = json.dumps(value, ensure_ascii=False)
    # What is no printable character could move the terminal's cursor.
    text = text if text.isprintable() else json.dumps(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _basic(wanted: EventFilter, event: Mapping[str, Any]) -> Iterator[Refusal]:
    if not wanted.wants_type(event):
        types = tuple(sorted(wanted.event_types))
        found = event["eventType"]
        reason = f"eventType is {shown(found)}; wanted is {_any(types)}"
        yield Refusal("includedEventTypes", "includedEventTypes", "eventType", found, types, reason)
    subject = wanted.subject(event)
    case = "with" if wanted.case_sensitive else "without"
    for part, words, end, fits in (
        ("subjectBeginsWith", "begins with", wanted.begins, subject.startswith(wanted.begins)),
        ("subjectEndsWith", "ends with", wanted.ends, subject.endswith(wanted.ends)),
    ):
        if not fits:
            found = event["subject"]
            reason = (
                f"subject is {shown(found)}; wanted is one that {words} {shown(end)}, "
                f"compared {case} case"
            )
            yield Refusal(part, part, "subject", found, (end,), reason)


def _advanced(refusing: AdvancedFilter, event: Mapping[str, Any], part: str) -> Refusal:
    key = ".".join(refusing.path)
    found = refusing.find(event)
    reason = f"{key} {_state(refusing, found, event)}; {_wish(refusing)}"
    told = None if found is MISSING else found
    return Refusal(part, refusing.operator, key, told, refusing.written, reason)


def _state(refusing: AdvancedFilter, found: Any, event: Mapping[str, Any]) -> str:
    """What is the matter with a field."""
    if found is MISSING:
        near = _other_case(event, refusing.path)
        return "is missing" + (f" (there is {near}: the case of keys matters)" if near else "")
    told = f"is {shown(found)}"
    if refusing.operator in _PRESENCE or found is None:
        return told
    if isinstance(found, list) and not refusing.arrays:
        return f"{told}, an array, and enableAdvancedFilteringOnArrays is off"
    if isinstance(found, list):
        one = found == [] or any(map(refusing.known.compares, found))
        return told if one else f"{told}, without {_kind(refusing)} in it"
    return told if refusing.known.compares(found) else f"{told}, not {_kind(refusing)}"


def _wish(refusing: AdvancedFilter) -> str:
    wanted = _PRESENCE.get(refusing.operator) or _any(refusing.written)
    return f"{refusing.operator} wants {'none of ' if refusing.known.negates else ''}{wanted}"


def _kind(refusing: AdvancedFilter) -> str:
    return next(told for begins, told in _KINDS.items() if refusing.operator.startswith(begins))


_PRESENCE = {"IsNullOrUndefined": "null, or no such field", "IsNotNull": "a value"}
_KINDS = {"String": "a string", "Bool": "true or false", "Number": "a number"}


def _any(values: Iterable[Any]) -> str:
    return " or ".join(shown(value) for value in values)


def _other_case(event: Mapping[str, Any], path: tuple[str, ...]) -> str:
    """The field as the event spells it, where only the case of its keys differs; else ``""``."""
    found: Any = event
    spelled = []
    for key in path:
        if not isinstance(found, dict):
            return ""
        near = next((each for each in found if each.lower() == key.lower()), None)
        if near is None:
            return ""
        spelled.append(near)
        found = found[near]
    return ".".join(spelled)
