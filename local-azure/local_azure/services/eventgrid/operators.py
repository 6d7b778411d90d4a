"""The operators of advanced filters, and what each compares a field with.

Sources: D:event-grid/event-filtering; names and the two properties from the SDK's filter classes.
"""

import math
from dataclasses import dataclass
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
    """

    kinds: tuple[type, ...] = ()
    accepted: str = ""
    field: str = ""
    pairs: bool = False

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

OPERATORS = {
    "NumberIn": _NUMBERS,
    "NumberNotIn": _NUMBERS,
    "NumberLessThan": _A_NUMBER,
    "NumberGreaterThan": _A_NUMBER,
    "NumberLessThanOrEquals": _A_NUMBER,
    "NumberGreaterThanOrEquals": _A_NUMBER,
    "NumberInRange": _RANGES,
    "NumberNotInRange": _RANGES,
    "BoolEquals": Operator((bool,), "true or false", "value"),
    "StringIn": _TEXTS,
    "StringNotIn": _TEXTS,
    "StringBeginsWith": _TEXTS,
    "StringEndsWith": _TEXTS,
    "StringContains": _TEXTS,
    "StringNotBeginsWith": _TEXTS,
    "StringNotEndsWith": _TEXTS,
    "StringNotContains": _TEXTS,
    "IsNullOrUndefined": Operator(),
    "IsNotNull": Operator(),
}
