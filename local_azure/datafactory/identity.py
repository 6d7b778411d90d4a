"""Tokens of a factory's identities: its own, and the user-assigned ones that it has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_azure.entra.errors import EntraError
from local_azure.logic.environment import IdentityError

if TYPE_CHECKING:
    from local_azure.control_plane import ControlPlane
    from local_azure.resource_manager.store import Resource


def token(control: ControlPlane, factory: Resource, identity: str | None, audience: str) -> str:
    """A token with which the factory calls somebody.

    Args:
        control: the control plane.
        factory: the factory.
        identity: resource id of one of its user-assigned identities; None for its own.
        audience: whom it calls.

    Raises:
        IdentityError: the factory has no such identity, or that gets no token.
    """
    principal = control.directory.find(_principal_id(factory, identity))
    if principal is None:
        message = f"The managed identity of the factory '{factory.name}' does not exist any more."
        raise IdentityError(message)
    try:
        return control.tokens.issue(principal, audience).value
    except EntraError as error:
        raise IdentityError(error.description) from error


def _principal_id(factory: Resource, identity: str | None) -> str:
    own = factory.properties.get("identity") or {}
    if identity is None:
        if "principalId" in own:
            return str(own["principalId"])
        message = f"The factory '{factory.name}' has no system-assigned identity."
        raise IdentityError(message)
    for assigned, about in (own.get("userAssignedIdentities") or {}).items():
        if assigned.lower() == identity.lower():
            return str(about["principalId"])
    message = f"The identity '{identity}' is not assigned to the factory '{factory.name}'."
    raise IdentityError(message)
