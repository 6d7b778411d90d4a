"""The operators of advanced filters: every one of azure-native, and what it compares a field with.

D:event-grid/event-filtering.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Operands:
    """What an operator compares a field with."""

    field: str
    """`values` or `value`, as azure-native calls it; empty where it is compared with nothing."""

    kinds: tuple[type, ...] = ()
    """Types of one value."""

    told: str = ""
    """What is accepted, in words."""

    pairs: bool = False
    """Whether each value is the two ends of a range."""


LONGEST_VALUE = 512
"""Characters of a text (D:event-grid/event-filtering)."""

_NUMBERS = Operands("values", (int, float), "a list of numbers")
_NUMBER = Operands("value", (int, float), "a number")
_RANGES = Operands("values", (int, float), "a list of pairs of numbers, [from, to]", pairs=True)
_TEXTS = Operands("values", (str,), f"a list of texts of at most {LONGEST_VALUE} characters")
_NOTHING = Operands("")

OPERATORS = {
    "NumberIn": _NUMBERS,
    "NumberNotIn": _NUMBERS,
    "NumberLessThan": _NUMBER,
    "NumberGreaterThan": _NUMBER,
    "NumberLessThanOrEquals": _NUMBER,
    "NumberGreaterThanOrEquals": _NUMBER,
    "NumberInRange": _RANGES,
    "NumberNotInRange": _RANGES,
    "BoolEquals": Operands("value", (bool,), "true or false"),
    "StringIn": _TEXTS,
    "StringNotIn": _TEXTS,
    "StringBeginsWith": _TEXTS,
    "StringEndsWith": _TEXTS,
    "StringContains": _TEXTS,
    "StringNotBeginsWith": _TEXTS,
    "StringNotEndsWith": _TEXTS,
    "StringNotContains": _TEXTS,
    "IsNullOrUndefined": _NOTHING,
    "IsNotNull": _NOTHING,
}
"""By name; the azure-native class is called `<name>AdvancedFilterArgs`."""
