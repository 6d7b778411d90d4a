"""The value that a preview does not know yet."""

from typing import Any, Final


class _Unknown:
    def __repr__(self) -> str:
        return "(known after the update)"


UNKNOWN: Final = _Unknown()
"""Stands for a value that a resource will have only once it exists."""


def holds_unknown(value: Any) -> bool:
    """Whether a value is unknown, or something in it is."""
    if isinstance(value, dict):
        return any(map(holds_unknown, value.values()))
    if isinstance(value, list):
        return any(map(holds_unknown, value))
    return value is UNKNOWN


def at(value: Any, path: str) -> Any:
    """What lies at a dotted path in nested objects; None where nothing does, or is known."""
    for key in path.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return None if value is UNKNOWN else value
