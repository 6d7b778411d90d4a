"""GitHub, as far as a workflow calls it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from local_azure.control_plane.hosts import Host
from local_azure.control_plane.messages import Messages
from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.service import Service
from local_azure.services.github.routes import Api

HOST = "api.github.com"


class GitHub(Service):
    """The service.

    Args:
        control: the control plane.
    """

    def __init__(self, control: ControlPlane) -> None:
        self._clock = control.clock
        self._dispatches = Messages(control.state)

    def hosts(self) -> Iterable[Host]:
        """The API's own."""
        yield Host([HOST], Api(self._keep).router())

    def _keep(self, dispatch: dict[str, Any]) -> None:
        self._dispatches.add(HOST, dispatch, self._clock.timestamp())

    def dispatched(self, limit: int) -> list[dict[str, Any]]:
        """The last dispatches, oldest first, each with ``asked``."""
        return self._dispatches.last(HOST, limit, "asked")
