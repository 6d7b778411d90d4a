"""Which events a rule is about: filters of subjects and of fields, with Event Grid's limits.

D:event-grid/event-filtering; limits from its includes/event-grid-limits.md.
"""

import math
import re
from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import AfterValidator

from components.event_grid.operators import LONGEST_VALUE, OPERATORS, Operands
from components.settings.problems import Misfit, Refused
from components.settings.section import Accepts, Section, one_of

MOST = 25
"""Filters of a subscription, and values in all of its filters together."""

FIELDS = ("id", "topic", "subject", "eventType", "dataVersion")
"""Fields beside `data` that a filter can look at; their case does not matter."""

LONGEST_SUBJECT = 1000  # UNVERIFIED


def _is_field(key: str) -> bool:
    below_data = key.isprintable() and re.fullmatch(r"data(?:\.[^.]+)+", key, re.IGNORECASE)
    return bool(below_data) or key.lower() in {field.lower() for field in FIELDS}


_Subject = Annotated[
    str,
    Accepts(
        f"text of at most {LONGEST_SUBJECT} characters; filters know no wildcards",
        lambda text: "*" not in text and text.isprintable() and len(text) <= LONGEST_SUBJECT,
    ),
]


class AdvancedFilter(Section):
    """A condition on one field of an event."""

    operator: Annotated[str, one_of(*OPERATORS)]
    """As azure-native has it, such as StringIn."""

    key: Annotated[
        str,
        Accepts(
            f"one of {', '.join(FIELDS)}, or a field below data, such as data.runType", _is_field
        ),
    ]
    """The field, such as `data.runType`."""

    value: Any = None
    """What it is compared with, where the operator takes one."""

    values: Any = None
    """What it is compared with, where the operator takes several."""

    @property
    def operands(self) -> list[Any]:
        """What it is compared with, as a list."""
        return list(self.values or ([] if self.value is None else [self.value]))

    def misfits(self) -> Iterator[Misfit]:
        """It has what its operator takes."""
        field = OPERATORS[self.operator].field
        for name in ("value", "values"):
            if name != field and name in self.model_fields_set:
                accepted = f"nothing: {self.operator} takes {field or 'no value'}"
                yield Misfit(name, accepted, None)
        if field and not _fits(OPERATORS[self.operator], getattr(self, field)):
            yield Misfit(field, OPERATORS[self.operator].told)


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


def _not_too_many(filters: tuple[AdvancedFilter, ...]) -> tuple[AdvancedFilter, ...]:
    values = sum(len(each.operands) for each in filters)
    if len(filters) > MOST or values > MOST:
        found = f"{len(filters)} filters with {values} values"
        raise Refused(f"at most {MOST} filters with {MOST} values together", found=found)
    return filters


class EventFilter(Section):
    """Which events of those types."""

    subject_begins_with: _Subject = ""
    """What the subject of an event begins with; empty for anything."""

    subject_ends_with: _Subject = ""
    """What the subject of an event ends with; empty for anything."""

    advanced_filters: Annotated[tuple[AdvancedFilter, ...], AfterValidator(_not_too_many)] = ()
    """Conditions on fields, all of which an event has to meet: operator, key, and value or
    values."""
