"""What is said of a configuration key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from components.settings.checks import Check


@dataclass(frozen=True)
class Key:
    """One configuration key."""

    name: str
    default: Any
    """Value where a stack does not give one; its Python type is the key's type."""

    check: Check
    """Lists what is wrong with a value of the right type."""

    example: Any = ""
    """A value for the line to add, where the default would not do."""

    items: str = ""
    """Type of an array's items."""

    required: bool = False
    """Whether an empty default is no value that can be worked with."""

    secret: bool = False
    """Whether its values are secrets: given encrypted only, and never told.

    The schema can't say so: the engine would refuse the empty default, which is in clear."""

    @property
    def type(self) -> str:
        """The type as `Pulumi.yaml` has it."""
        return TYPES[type(self.default)]


TYPES: Final = {str: "string", int: "integer", bool: "boolean", list: "array", dict: "object"}
