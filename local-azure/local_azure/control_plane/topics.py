"""The system topics that resources raise events on, as the services see them that do it."""

from collections.abc import Iterable
from typing import Any, Protocol


class Topics(Protocol):
    """What Azure's services tell Event Grid, which has no address for it."""

    def watches(self, source: str) -> bool:
        """Whether a resource has a system topic: without one its events go nowhere."""

    def publish(self, source: str, events: Iterable[dict[str, Any]]) -> None:
        """Raise events of a resource, in the transaction of what has happened."""
