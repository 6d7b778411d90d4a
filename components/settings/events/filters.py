"""Advanced filters as a stack file has them: types of values, and Event Grid's limits.

D:event-grid/event-filtering; limits from its includes/event-grid-limits.md.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from components.event_grid.operators import LONGEST_VALUE, OPERATORS, Operands
from components.settings.problems import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST = 25
"""Filters of a subscription, and values in all of its filters together."""

FIELDS = ("id", "topic", "subject", "eventType", "dataVersion")
"""Fields beside `data` that a filter can look at; their case does not matter."""


def check(filters: list[Any]) -> list[Refusal]:
    """Filters of one subscription."""
    refused = [
        refusal._replace(path=f"[{at}]{refusal.path}")
        for at, one in enumerate(filters)
        for refusal in _refusals(one)
    ]
    return refused + _too_many([one for one in filters if isinstance(one, dict)])


def values_of(one: dict[str, Any]) -> list[Any]:
    """What an accepted filter compares with, as a list."""
    return [one["value"]] if "value" in one else one.get("values", [])


def _too_many(filters: list[dict[str, Any]]) -> list[Refusal]:
    values = sum(len(given) for given in map(values_of, filters) if isinstance(given, list))
    if len(filters) <= MOST and values <= MOST:
        return []
    found = f"{len(filters)} filters with {values} values"
    return [Refusal(f"at most {MOST} filters with {MOST} values together", found=found)]


def _refusals(one: Any) -> Iterator[Refusal]:
    if not isinstance(one, dict):
        yield Refusal("an object with operator, key, and value or values", found=one)
        return
    operator = one.get("operator")
    operands = OPERATORS.get(operator) if isinstance(operator, str) else None
    if operands is None:
        yield Refusal(f"one of {', '.join(OPERATORS)}", path=".operator", found=operator)
    else:
        yield from _misfits(one, str(operator), operands)
    if "key" in one and not _is_key(one["key"]):
        accepted = f"one of {', '.join(FIELDS)}, or a field below data, such as data.runType"
        yield Refusal(accepted, path=".key", found=one["key"])


def _misfits(one: dict[str, Any], operator: str, operands: Operands) -> Iterator[Refusal]:
    field = operands.field
    wanted = [name for name in ("operator", "key", field) if name]
    if set(one) != set(wanted):
        yield Refusal(f"for {operator} an object with {', '.join(wanted)}, no more", found=one)
    if field and field in one and not _fits(operands, one[field]):
        yield Refusal(operands.told, path=f".{field}", found=one[field])


def _is_key(key: Any) -> bool:
    if not isinstance(key, str):
        return False
    below_data = key.isprintable() and re.fullmatch(r"data(?:\.[^.]+)+", key, re.IGNORECASE)
    return bool(below_data) or key.lower() in {field.lower() for field in FIELDS}


def _fits(operands: Operands, given: Any) -> bool:
    if operands.field == "value":
        return _is_one(operands, given)
    if not isinstance(given, list) or not given:
        return False
    one = _is_range if operands.pairs else _is_one
    return all(one(operands, value) for value in given)


def _is_one(operands: Operands, value: Any) -> bool:
    # In Python true is a number; in JSON it is not.
    if type(value) not in operands.kinds:
        return False
    return len(value) <= LONGEST_VALUE if isinstance(value, str) else math.isfinite(value)


def _is_range(operands: Operands, value: Any) -> bool:
    if not isinstance(value, list) or len(value) != len(("from", "to")):
        return False
    return all(_is_one(operands, end) for end in value) and value[0] <= value[1]
