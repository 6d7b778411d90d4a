"""The operators of advanced filters: what each compares a field with, and when that fits.

Sources: D:event-grid/event-filtering; names and the two properties from the SDK's filter classes.
"""

import math
import operator
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

LONGEST_TEXT = 512
"""Characters of a value."""


@dataclass(frozen=True)
class Operator:
    """What a field is compared with.

    Attributes:
        kinds: types of one value; empty where the field is compared with nothing.
        accepted: what is accepted, in words.
        field: the filter's property, ``value`` or ``values``; empty likewise.
        pairs: whether each value is the two ends of a range.
        fits: whether an event's value and one of the filter's fit.
        negates: whether a value that fits refuses the event.
        matches_without: whether an event passes whose field is missing or null.
    """

    kinds: tuple[type, ...] = ()
    accepted: str = ""
    field: str = ""
    pairs: bool = False
    fits: Callable[[Any, Any], bool] = operator.eq
    negates: bool = False
    matches_without: bool = False

    def compares(self, value: Any) -> bool:
        """Whether a value of an event is of a type that is compared."""
        # Python's booleans are integers; JSON's are not numbers.
        return type(value) in self.kinds

    def takes(self, value: Any) -> bool:
        """Whether a filter may compare with a value."""
        if not self.pairs:
            return self._takes_one(value)
        if not isinstance(value, list) or len(value) != len(("from", "to")):
            return False
        return all(map(self._takes_one, value)) and value[0] <= value[1]

    def _takes_one(self, value: Any) -> bool:
        if isinstance(value, str):
            return self.compares(value) and len(value) <= LONGEST_TEXT
        # A whole number may be greater than any that is told to be finite.
        return self.compares(value) and (isinstance(value, int) or math.isfinite(value))


_NUMBER, _TEXT = (int, float), (str,)
_A_NUMBER = Operator(_NUMBER, "a number", "value")
_NUMBERS = Operator(_NUMBER, "a list of numbers", "values")
_RANGES = Operator(_NUMBER, "a list of pairs of numbers, [from, to]", "values", pairs=True)
_TEXTS = Operator(_TEXT, f"a list of texts of at most {LONGEST_TEXT} characters", "values")


def _in_range(found: float, ends: list[float]) -> bool:
    return ends[0] <= found <= ends[1]


OPERATORS = {
    "NumberIn": _NUMBERS,
    "NumberNotIn": replace(_NUMBERS, negates=True, matches_without=True),
    "NumberLessThan": replace(_A_NUMBER, fits=operator.lt),
    "NumberGreaterThan": replace(_A_NUMBER, fits=operator.gt),
    "NumberLessThanOrEquals": replace(_A_NUMBER, fits=operator.le),
    "NumberGreaterThanOrEquals": replace(_A_NUMBER, fits=operator.ge),
    "NumberInRange": replace(_RANGES, fits=_in_range),
    "NumberNotInRange": replace(_RANGES, fits=_in_range, negates=True),
    "BoolEquals": Operator((bool,), "true or false", "value"),
    "StringIn": _TEXTS,
    "StringNotIn": replace(_TEXTS, negates=True, matches_without=True),
    "StringBeginsWith": replace(_TEXTS, fits=str.startswith),
    "StringEndsWith": replace(_TEXTS, fits=str.endswith),
    "StringContains": replace(_TEXTS, fits=operator.contains),
    "StringNotBeginsWith": replace(_TEXTS, fits=str.startswith, negates=True),
    "StringNotEndsWith": replace(_TEXTS, fits=str.endswith, negates=True),
    "StringNotContains": replace(_TEXTS, fits=operator.contains, negates=True),
    "IsNullOrUndefined": Operator(matches_without=True),
    "IsNotNull": Operator(),
}
