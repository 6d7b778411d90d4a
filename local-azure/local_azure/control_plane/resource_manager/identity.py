"""Managed identities of resources: what a GET answers about them, and the principals they make."""

from typing import Any
from uuid import uuid4

from local_azure.control_plane.entra.directory import Principal
from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.resource_manager.errors import LinkedResourceNotFoundError
from local_azure.control_plane.resource_manager.resource_type import Json, Put
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.control_plane.tenant import TENANT_ID

USER_ASSIGNED = "Microsoft.ManagedIdentity/userAssignedIdentities"
_ASSIGN = f"{USER_ASSIGNED}/assign/action"


def answer(put: Put) -> Json | None:
    """The identity as a GET answers it: principals told, user-assigned ones as a mapping."""
    given = put.body.get("identity")
    if not given:
        return None
    told: Json = {"type": given["type"]}
    if "SystemAssigned" in given["type"]:
        told["principalId"] = _principal_of(put.before) or str(uuid4())
        told["tenantId"] = TENANT_ID
    if assigned := _assigned(given):
        told["userAssignedIdentities"] = {key: _told(put.control, key) for key in assigned}
    return told


def check(put: Put) -> None:
    """Every identity that is put on the resource exists, and the caller may put it on.

    Raises:
        ControlPlaneError: it does not, or the caller may not, or the type does not go with it.
    """
    given = put.body.get("identity")
    if not isinstance(given, dict):
        return
    assigned = _assigned(given)
    if bool(assigned) != ("UserAssigned" in str(given["type"])):
        raise put.refuse(
            "identity.userAssignedIdentities",
            f"found {len(assigned)} with type {given['type']!r}; a type with 'UserAssigned' "
            "names at least one, any other type none",
        )
    for identity_id in assigned:
        found = put.control.resources.find(identity_id)
        if found is None or found.type != USER_ASSIGNED:
            path = "identity.userAssignedIdentities"
            raise LinkedResourceNotFoundError(str(put), path, identity_id)
        put.authorize_linked(_ASSIGN, identity_id)


def commit(put: Put, told: Json) -> None:
    """Let the system-assigned identity exist, or stop existing."""
    before, now = _principal_of(put.before), (told.get("identity") or {}).get("principalId")
    directory = put.control.directory
    if before and before != now:
        directory.remove(before)
    if now and now != before:
        directory.add(Principal(now, str(uuid4()), "ManagedIdentity", put.name))


def forget(control: ControlPlane, resource: Resource) -> None:
    """The system-assigned identity ends with its resource."""
    if principal := _principal_of(resource):
        control.directory.remove(principal)


def _principal_of(resource: Resource | None) -> str | None:
    told: Any = resource.properties.get("identity") if resource else None
    return told.get("principalId") if isinstance(told, dict) else None


def _assigned(given: Json) -> list[str]:
    return list(given.get("userAssignedIdentities") or ())


def _told(control: ControlPlane, identity_id: str) -> Json:
    found = control.resources.find(identity_id)
    properties = found.properties if found else {}
    return {key: properties.get(key) for key in ("clientId", "principalId")}
