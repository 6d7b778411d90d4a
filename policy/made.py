"""A resource as rules look at it: what a stack would create, before it does."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


class _Unknown:
    """What is known only once it is made: no rule is broken by it before."""

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0


UNKNOWN: Any = _Unknown()


@dataclass(frozen=True)
class Made:
    """A resource that a stack would create.

    Attributes:
        type: Pulumi's, such as `azure-native:storage:StorageAccount`.
        name: its logical name.
        inputs: what Azure would be given, with the keys of Pulumi's wire.
        secrets: paths of the inputs that are secrets, such as `destination.endpointUrl`; None
            where that is not told.
    """

    type: str
    name: str
    inputs: Mapping[str, Any]
    secrets: frozenset[str] | None = None

    @property
    def kind(self) -> str:
        """The type without the provider that makes it."""
        return self.type.removeprefix("azure-native:")

    def at(self, path: str) -> Any:
        """What stands at a path of keys; None where nothing does."""
        found: Any = self.inputs
        for key in path.split("."):
            found = found.get(key) if isinstance(found, dict) else None
        return found
