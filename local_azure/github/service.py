"""GitHub, as far as a workflow calls it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local_azure.github.model import Dispatches
from local_azure.github.routes import Api

if TYPE_CHECKING:
    from local_azure.azure import Azure

HOST = "api.github.com"


class GitHub:
    """The service.

    Args:
        azure: what it is a part of.
    """

    def __init__(self, azure: Azure) -> None:
        self._clock = azure.clock
        self._dispatches = Dispatches(azure.state)
        azure.hosts.register([HOST], Api(self).router())

    async def start(self) -> None:
        """Forget old dispatches."""
        self._dispatches.prune()

    async def stop(self) -> None:
        """Nothing is held."""

    def keep(self, dispatch: dict[str, Any]) -> None:
        """Keep a dispatch."""
        self._dispatches.add(dispatch, self._clock.timestamp())

    def dispatched(self, limit: int) -> list[dict[str, Any]]:
        """The last dispatches, oldest first."""
        return self._dispatches.last(limit)
