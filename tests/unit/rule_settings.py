"""Rules for events, as a stack file has them: valid ones with changes."""

from typing import Any

from tests.unit.sample_ids import RULE, Part


def rule(**changes: Any) -> Part:
    """A rule."""
    return RULE | changes


def filtered(operator: Any, **fields: Any) -> list[Part]:
    """One rule with one advanced filter."""
    return [rule(advanced_filters=[{"operator": operator, "key": "data.x", **fields}])]


def to(**destination: Any) -> list[Part]:
    """One rule with a destination."""
    return [rule(destination=destination)]
