"""What the embedded Azure's services share, and all that they know of each other.

A service calls another one over HTTP, by its host name, as in Azure; the few things that Azure does
behind its own doors are handed to a service as functions when it is made (``azure.py``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from local_azure.control_plane.authorization.errors import AuthorizationFailedError
from local_azure.control_plane.resource_manager.errors import AuthorizationFailed

if TYPE_CHECKING:  # loads aiohttp and PyJWT, which a replay does without
    from collections.abc import Callable

    import aiohttp

    from local_azure.control_plane.authorization.model import Authorization
    from local_azure.control_plane.clock import Clock
    from local_azure.control_plane.entra.directory import Directory, Principal
    from local_azure.control_plane.entra.graph import GraphPermissions
    from local_azure.control_plane.entra.tokens import Tokens
    from local_azure.control_plane.hosts import Hosts
    from local_azure.control_plane.metrics import Metrics
    from local_azure.control_plane.pace import Pace
    from local_azure.control_plane.resource_manager.store import Resources
    from local_azure.control_plane.state import State
    from local_azure.home import Home


@dataclass(frozen=True)
class ControlPlane:
    """What every service is made with.

    Attributes:
        home: the state folder.
        clock: the time, for everything.
        pace: how long Azure takes.
        state: tables of the services.
        hosts: who answers for which host names.
        resources: what exists.
        metrics: how often what happened to it.
        authorization: who may do what.
        directory: the tenant's principals.
        graph_permissions: what they may do in the directory.
        tokens: makes and verifies access tokens.
        client: tells the client for calls between services; on the event loop only.
    """

    home: Home
    clock: Clock
    pace: Pace
    state: State
    hosts: Hosts
    resources: Resources
    metrics: Metrics
    authorization: Authorization
    directory: Directory
    graph_permissions: GraphPermissions
    tokens: Tokens
    client: Callable[[], aiohttp.ClientSession]

    @property
    def http(self) -> aiohttp.ClientSession:
        """The client for calls between services."""
        return self.client()

    def authorize(self, caller: Principal, action: str, scope: str, *, data: bool = False) -> None:
        """Refuse what the caller's roles do not allow, in Resource Manager's words.

        Args:
            caller: who asks.
            action: what it wants to do.
            scope: resource id of what it wants to do it to.
            data: whether it is a data action.

        Raises:
            AuthorizationFailed: names principal, action and scope.
        """
        try:
            self.authorization.authorize(caller, action, scope, data=data)
        except AuthorizationFailedError as cause:
            raise AuthorizationFailed(cause) from None
