"""Advanced filters: the 19 operators on a field of an event, as pure functions.

Sources: D:event-grid/event-filtering; operator names from the SDK. Strings are compared without
case; values are alternatives, filters must all match; a field that is missing or null matches
only ``NumberNotIn``, ``StringNotIn`` and ``IsNullOrUndefined``. Arrays are looked into only where
the subscription says so: then one element must match, or none for the ``Not`` operators.
UNVERIFIED: that the keys below ``data`` are case-sensitive; that a ``Not`` operator does not match
a value of another type.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from local_azure.eventgrid.errors import FilterError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_FIELDS = ("id", "topic", "subject", "eventType", "dataVersion")
_ATTRIBUTES = ("id", "source", "type", "subject", "specversion")
_EXTENSION = re.compile("[a-z0-9]{1,20}")
"""How CloudEvents 1.0 wants attributes to be named."""
MISSING = object()
"""What a field has that an event does not."""


@dataclass(frozen=True)
class _Comparison:
    """How one value is compared.

    Attributes:
        kind: type of the values compared.
        fits: whether an event's value and a filter's value fit.
    """

    kind: type | tuple[type, ...]
    fits: Callable[[Any, Any], bool]


_NUMBER = (int, float)
_COMPARISONS = {
    "NumberIn": _Comparison(_NUMBER, lambda found, wanted: found == wanted),
    "NumberLessThan": _Comparison(_NUMBER, lambda found, wanted: found < wanted),
    "NumberGreaterThan": _Comparison(_NUMBER, lambda found, wanted: found > wanted),
    "NumberLessThanOrEquals": _Comparison(_NUMBER, lambda found, wanted: found <= wanted),
    "NumberGreaterThanOrEquals": _Comparison(_NUMBER, lambda found, wanted: found >= wanted),
    "NumberInRange": _Comparison(_NUMBER, lambda found, ends: ends[0] <= found <= ends[1]),
    "BoolEquals": _Comparison(bool, lambda found, wanted: found == wanted),
    "StringIn": _Comparison(str, lambda found, wanted: found == wanted),
    "StringBeginsWith": _Comparison(str, str.startswith),
    "StringEndsWith": _Comparison(str, str.endswith),
    "StringContains": _Comparison(str, lambda found, wanted: wanted in found),
}
_OPPOSITES = {
    "NumberNotIn": "NumberIn",
    "NumberNotInRange": "NumberInRange",
    "StringNotIn": "StringIn",
    "StringNotBeginsWith": "StringBeginsWith",
    "StringNotEndsWith": "StringEndsWith",
    "StringNotContains": "StringContains",
}
_MATCH_WITHOUT = ("NumberNotIn", "StringNotIn")
_SINGLE = (
    "NumberLessThan",
    "NumberGreaterThan",
    "NumberLessThanOrEquals",
    "NumberGreaterThanOrEquals",
    "BoolEquals",
)
_RANGES = ("NumberInRange", "NumberNotInRange")
_PRESENCE = ("IsNullOrUndefined", "IsNotNull")
OPERATORS = (*_COMPARISONS, *_OPPOSITES, *_PRESENCE)


@dataclass(frozen=True)
class AdvancedFilter:
    """One filter.

    Attributes:
        operator: one of ``OPERATORS``.
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
    def negates(self) -> bool:
        """Whether a value that fits refuses the event."""
        return self.operator in _OPPOSITES

    def compares(self, value: Any) -> bool:
        """Whether a value is of the type that the operator compares; one that compares has one."""
        return _is(value, _comparison(self.operator).kind)

    def find(self, event: Mapping[str, Any]) -> Any:
        """What the event has in the filter's field; ``MISSING`` where it has none."""
        return _value(event, self.path)

    def matches(self, event: Mapping[str, Any]) -> bool:
        """Whether an event passes."""
        found = _value(event, self.path)
        empty = found is MISSING or found is None
        if self.operator == "IsNullOrUndefined":
            return empty
        if self.operator == "IsNotNull":
            return not empty
        if empty:
            return self.operator in _MATCH_WITHOUT
        return self._compare(found)

    def _compare(self, found: Any) -> bool:
        if isinstance(found, list) and not self.arrays:
            return False
        comparison = _comparison(self.operator)
        elements = found if isinstance(found, list) else [found]
        fitting = [_plain(element) for element in elements if _is(element, comparison.kind)]
        if elements and not fitting:
            return False
        hit = any(comparison.fits(element, value) for element in fitting for value in self.values)
        return hit != self.negates


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
    if operator not in OPERATORS:
        message = f"operatorType: found {operator!r}, accepted: {', '.join(OPERATORS)}."
        raise FilterError(message)
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
    if first.lower() == "data" and all(below):
        return ("data", *below)
    fields = _ATTRIBUTES if cloud_events else _FIELDS
    for field in fields:
        if key.lower() == field.lower():
            return (field,)
    if cloud_events and key != "data" and _EXTENSION.fullmatch(key):
        return (key,)
    more = ", an extension attribute" if cloud_events else ""
    accepted = f"{', '.join(fields)}{more}, or data.<key> and deeper"
    message = f"key: found {key!r}, accepted: {accepted}."
    raise FilterError(message)


def _values(operator: str, body: Mapping[str, Any]) -> tuple[Any, ...]:
    if operator in _PRESENCE:
        return ()
    name = "value" if operator in _SINGLE else "values"
    given = body.get(name)
    values: Sequence[Any] = [given] if operator in _SINGLE else given or ()
    if given is None or not values or not all(_accepted(operator, value) for value in values):
        message = f"{name} of {operator}: found {given!r}, accepted: {_accepts(operator)}."
        raise FilterError(message)
    return tuple(values)


def _accepted(operator: str, value: Any) -> bool:
    if operator in _RANGES:
        return _is_pair(value) and value[0] <= value[1]
    return _is(value, _comparison(operator).kind)


def _is_pair(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(_is(end, _NUMBER) for end in value)  # noqa: PLR2004 a pair


def _accepts(operator: str) -> str:
    if operator in _RANGES:
        return "a list of pairs of numbers, [from, to]"
    kind = _comparison(operator).kind
    if kind is bool:
        return "true or false"
    name = "string" if kind is str else "number"
    return f"a {name}" if operator in _SINGLE else f"a list of {name}s"


def _comparison(operator: str) -> _Comparison:
    return _COMPARISONS[_OPPOSITES.get(operator, operator)]


def _is(value: Any, kind: type | tuple[type, ...]) -> bool:
    # Python's booleans are integers; JSON's are not numbers.
    return isinstance(value, kind) and (kind is bool or not isinstance(value, bool))


def _plain(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


def _value(event: Mapping[str, Any], path: Sequence[str]) -> Any:
    found: Any = event
    for key in path:
        if not isinstance(found, dict) or key not in found:
            return MISSING
        found = found[key]
    return found
