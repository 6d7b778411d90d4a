"""Whose identity delivers events or writes dead letters: a topic's, a domain's, or a user's.

Source: D:event-grid/managed-service-identity.
"""

from local_azure.control_plane.entra.directory import Principal
from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.resource_manager.identity import USER_ASSIGNED
from local_azure.control_plane.resource_manager.resource_type import Json, Put
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.control_plane.resource_manager.unknown import at


def find(control: ControlPlane, owner_id: str) -> Principal | None:
    """The principal of a user-assigned identity, or of what has a system-assigned one."""
    owner = control.resources.find(owner_id)
    if owner is None:
        return None
    told = owner.properties if owner.type == USER_ASSIGNED else owner.properties.get("identity")
    principal_id = (told or {}).get("principalId")
    return control.directory.find(principal_id) if principal_id else None


def chosen(put: Put, path: str, owner: Resource | None) -> Principal:
    """The principal that a subscription's ``…WithResourceIdentity`` names.

    Args:
        put: the subscription.
        path: the property, such as ``deliveryWithResourceIdentity``.
        owner: the topic or domain.

    Raises:
        ControlPlaneError: the owner does not have this identity.
    """
    given = at(put.body, f"{path}.identity") or {}
    name = f"the topic '{owner.name}'" if owner else "the source, which no topic stands on,"
    if given.get("type") == "UserAssigned":
        wanted = str(given.get("userAssignedIdentity", ""))
        if wanted.lower() not in _assigned(owner):
            reason = f"found {wanted!r}; {name} does not have it: put it on first"
            raise put.refuse(f"{path}.identity.userAssignedIdentity", reason)
        found = find(put.control, wanted)
    elif given.get("type") == "SystemAssigned" and "userAssignedIdentity" not in given:
        found = find(put.control, owner.id) if owner else None
    else:
        accepted = "'SystemAssigned', or 'UserAssigned' with userAssignedIdentity"
        raise put.refuse(f"{path}.identity", f"found {_shown(given)}, accepted: type {accepted}")
    if found is None:
        raise put.refuse(f"{path}.identity", f"{name} has no system-assigned identity; give it one")
    return found


def _assigned(owner: Resource | None) -> set[str]:
    told = at(owner.properties, "identity.userAssignedIdentities") if owner else None
    return {each.lower() for each in told or ()}


def _shown(given: Json) -> str:
    return ", ".join(f"{key} {value!r}" for key, value in given.items()) or "none"
