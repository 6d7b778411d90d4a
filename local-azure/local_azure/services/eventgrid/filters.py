"""The ``filter`` of an event subscription: event types, the subject's ends, advanced filters.

Sources: D:event-grid/event-filtering; operator names from the SDK. All parts must let an event
pass. Advanced filters are the 19 operators on a field of an event: strings are compared without
case; values are alternatives, filters must all match; a field that is missing or null matches
only ``NumberNotIn``, ``StringNotIn`` and ``IsNullOrUndefined``. Arrays are looked into only where
the subscription says so: then one element must match, or none for the ``Not`` operators.
UNVERIFIED: that the keys below ``data`` are case-sensitive; that a ``Not`` operator does not match
a value of another type.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from local_azure.services.eventgrid.errors import FilterError
from local_azure.services.eventgrid.operators import OPERATORS, Operator

_ALL = "All"
"""As an event type: every one."""
_FIELDS = ("id", "topic", "subject", "eventType", "dataVersion")
_ATTRIBUTES = ("id", "source", "type", "subject", "specversion")
_EXTENSION = re.compile("[a-z0-9]{1,20}")
"""How CloudEvents 1.0 wants attributes to be named."""
MISSING = object()
"""What a field has that an event does not."""


@dataclass(frozen=True)
class EventFilter:
    """Which events a subscription wants.

    Attributes:
        event_types: the only ones wanted; empty for all.
        begins: what subjects begin with; in lower case where case does not matter.
        ends: what subjects end with, likewise.
        case_sensitive: whether the case of subjects matters.
        advanced: filters that must all match.
    """

    event_types: frozenset[str]
    begins: str
    ends: str
    case_sensitive: bool
    advanced: tuple[AdvancedFilter, ...]

    @classmethod
    def of(cls, body: Mapping[str, Any], *, cloud_events: bool = False) -> EventFilter:
        """The filter that a subscription's body has.

        Args:
            body: the filter.
            cloud_events: whether the events come in as CloudEvents.

        Raises:
            FilterError: an advanced filter that Event Grid does not take.
        """
        case_sensitive = bool(body.get("isSubjectCaseSensitive"))
        begins, ends = (body.get(f"subject{what}With") or "" for what in ("Begins", "Ends"))
        types = body.get("includedEventTypes") or ()
        arrays = bool(body.get("enableAdvancedFilteringOnArrays"))
        return cls(
            event_types=frozenset() if _ALL in types else frozenset(types),
            begins=begins if case_sensitive else begins.lower(),
            ends=ends if case_sensitive else ends.lower(),
            case_sensitive=case_sensitive,
            advanced=tuple(
                parse(each, arrays=arrays, cloud_events=cloud_events)
                for each in body.get("advancedFilters") or ()
            ),
        )

    def wants(self, event: Mapping[str, Any]) -> bool:
        """Whether an event passes; asked for each event and subscription, so it says no more."""
        subject = self.subject(event)
        return (
            self.wants_type(event)
            and subject.startswith(self.begins)
            and subject.endswith(self.ends)
            and all(each.matches(event) for each in self.advanced)
        )

    def wants_type(self, event: Mapping[str, Any]) -> bool:
        """Whether it is of one of the types wanted."""
        return not self.event_types or event["eventType"] in self.event_types

    def subject(self, event: Mapping[str, Any]) -> str:
        """The subject as it is compared."""
        subject: str = event["subject"]
        return subject if self.case_sensitive else subject.lower()


@dataclass(frozen=True)
class AdvancedFilter:
    """One of the advanced filters.

    Attributes:
        operator: one of ``operators.py``.
        path: the field, as its keys from the event downwards.
        values: what it is compared with; strings in lower case.
        arrays: whether elements of arrays are looked at.
        written: the values as the subscription has them.
    """

    operator: str
    path: tuple[str, ...]
    values: tuple[Any, ...] = ()
    arrays: bool = False
    written: tuple[Any, ...] = ()

    @property
    def known(self) -> Operator:
        """What the operator does."""
        return OPERATORS[self.operator]

    def find(self, event: Mapping[str, Any]) -> Any:
        """What the event has in the filter's field; ``MISSING`` where it has none."""
        found: Any = event
        for key in self.path:
            if not isinstance(found, dict) or key not in found:
                return MISSING
            found = found[key]
        return found

    def matches(self, event: Mapping[str, Any]) -> bool:
        """Whether an event passes."""
        found = self.find(event)
        if found is MISSING or found is None:
            return self.known.matches_without
        # An operator of no kind asks for nothing but that there is something.
        return self._compare(found) if self.known.kinds else not self.known.matches_without

    def _compare(self, found: Any) -> bool:
        if isinstance(found, list) and not self.arrays:
            return False
        known, elements = self.known, found if isinstance(found, list) else [found]
        comparable = [_plain(element) for element in elements if known.compares(element)]
        if elements and not comparable:
            return False
        hit = any(known.fits(element, value) for element in comparable for value in self.values)
        return hit != known.negates


def parse(
    body: Mapping[str, Any], *, arrays: bool = False, cloud_events: bool = False
) -> AdvancedFilter:
    """A filter as a subscription's body has it: ``operatorType``, ``key``, ``values`` or ``value``.

    Args:
        body: the filter.
        arrays: whether elements of arrays are looked at.
        cloud_events: whether the events come in as CloudEvents, whose attributes have other names.

    Raises:
        FilterError: an operator, a key or a value that Event Grid does not take.
    """
    operator, key = body.get("operatorType"), body.get("key")
    if not isinstance(operator, str) or operator not in OPERATORS:
        raise FilterError(f"operatorType: found {operator!r}, accepted: {', '.join(OPERATORS)}.")
    if not isinstance(key, str):
        message = f"key of {operator}: found {key!r}, accepted: a field such as 'data.api'."
        raise FilterError(message)
    written = _values(operator, body)
    values = tuple(_plain(value) for value in written)
    path = _path(key, cloud_events=cloud_events)
    return AdvancedFilter(operator, path, values, arrays, written)


def _path(key: str, *, cloud_events: bool) -> tuple[str, ...]:
    first, _, rest = key.partition(".")
    below = rest.split(".")
    if first.lower() == "data" and all(below) and key.isprintable():
        return ("data", *below)
    fields = _ATTRIBUTES if cloud_events else _FIELDS
    for field in fields:
        if key.lower() == field.lower():
            return (field,)
    if cloud_events and key != "data" and _EXTENSION.fullmatch(key):
        return (key,)
    more = ", an extension attribute" if cloud_events else ""
    accepted = f"{', '.join(fields)}{more}, or data.<key> and deeper"
    raise FilterError(f"key: found {key!r}, accepted: {accepted}.")


def _values(operator: str, body: Mapping[str, Any]) -> tuple[Any, ...]:
    known = OPERATORS[operator]
    if not known.field:
        return ()
    given = body.get(known.field)
    values = [given] if known.field == "value" else given
    if not isinstance(values, list) or not values or not all(map(known.takes, values)):
        message = f"{known.field} of {operator}: found {given!r}, accepted: {known.accepted}."
        raise FilterError(message)
    return tuple(values)


def _plain(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value
