"""What a run needs from the world: time, HTTP, tokens of its identities, connections."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from local_azure.control_plane.entra.errors import EntraError

if TYPE_CHECKING:  # loads cryptography and sqlite3; `try workflow` needs neither
    from local_azure.control_plane.clock import Clock
    from local_azure.control_plane.plane import ControlPlane
    from local_azure.control_plane.resource_manager.store import Resource
    from local_azure.runs.transport import Transport

REQUEST_TIMEOUT = 120.0
"""Seconds that one HTTP exchange may take, outbound or inbound (D:logic-apps/logic-apps-limits)."""


class IdentityError(Exception):
    """The workflow has no such identity, or the identity gets no token."""


def _no_identity(_identity: str | None, _audience: str) -> str:
    raise IdentityError("The workflow has no managed identity.")


def _no_connection(connection: str) -> tuple[str, str]:
    raise LookupError(connection)


@dataclass(frozen=True)
class Environment:
    """The world around a run.

    Attributes:
        clock: the time.
        send: carries out one HTTP exchange.
        identity_token: gives a token of a managed identity (resource id; None for the workflow's
            own) for an audience, or raises IdentityError.
        connection: where a connection (its id) is called and the header that lets the caller in,
            or LookupError.
        workflow: what ``workflow()`` tells beside the run.
    """

    clock: Clock
    send: Transport
    identity_token: Callable[[str | None, str], str] = _no_identity
    connection: Callable[[str], tuple[str, str]] = _no_connection
    workflow: Mapping[str, Any] = field(default_factory=dict)


def identity_token(
    control: ControlPlane, owner: Resource, identity: str | None, audience: str
) -> str:
    """A token with which a workflow or a factory calls somebody.

    Args:
        control: the control plane.
        owner: the workflow or the factory.
        identity: resource id of one of its user-assigned identities; None for its own.
        audience: whom it calls.

    Raises:
        IdentityError: it has no such identity, or that gets no token.
    """
    principal = control.directory.find(_principal_id(owner, identity))
    if principal is None:
        raise IdentityError(f"The managed identity of the {_named(owner)} does not exist any more.")
    try:
        return control.tokens.issue(principal, audience).value
    except EntraError as error:
        raise IdentityError(error.description) from error


def _principal_id(owner: Resource, identity: str | None) -> str:
    own = owner.properties.get("identity") or {}
    if identity is None:
        if "principalId" in own:
            return str(own["principalId"])
        raise IdentityError(f"The {_named(owner)} has no system-assigned identity.")
    for assigned, about in (own.get("userAssignedIdentities") or {}).items():
        if assigned.lower() == identity.lower():
            return str(about["principalId"])
    raise IdentityError(f"The identity '{identity}' is not assigned to the {_named(owner)}.")


def _named(owner: Resource) -> str:
    kind = "factory" if owner.type.endswith("/factories") else "workflow"
    return f"{kind} '{owner.name}'"
