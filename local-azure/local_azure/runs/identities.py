"""Tokens of the managed identities of what runs: its own, and user-assigned ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_azure.control_plane.entra.errors import EntraError
from local_azure.runs.environment import IdentityError

if TYPE_CHECKING:
    from local_azure.control_plane.plane import ControlPlane
    from local_azure.control_plane.resource_manager.store import Resource


def token(control: ControlPlane, owner: Resource, identity: str | None, audience: str) -> str:
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
        message = f"The managed identity of the {_named(owner)} does not exist any more."
        raise IdentityError(message)
    try:
        return control.tokens.issue(principal, audience).value
    except EntraError as error:
        raise IdentityError(error.description) from error


def _principal_id(owner: Resource, identity: str | None) -> str:
    own = owner.properties.get("identity") or {}
    if identity is None:
        if "principalId" in own:
            return str(own["principalId"])
        message = f"The {_named(owner)} has no system-assigned identity."
        raise IdentityError(message)
    for assigned, about in (own.get("userAssignedIdentities") or {}).items():
        if assigned.lower() == identity.lower():
            return str(about["principalId"])
    message = f"The identity '{identity}' is not assigned to the {_named(owner)}."
    raise IdentityError(message)


def _named(owner: Resource) -> str:
    kind = "factory" if owner.type.endswith("/factories") else "workflow"
    return f"{kind} '{owner.name}'"
