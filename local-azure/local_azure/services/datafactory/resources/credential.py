"""Credentials on the control plane: user-assigned identities that the factory has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_azure.control_plane.resource_manager.identity import USER_ASSIGNED
from local_azure.control_plane.resource_manager.shape import Problem
from local_azure.control_plane.resource_manager.unknown import UNKNOWN, at
from local_azure.services.datafactory.resources.place import ARM, document_type, factory_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local_azure.control_plane.resource_manager.resource_type import Json, Put


def _rules(inputs: Json) -> Iterator[Problem]:
    properties = inputs["properties"]
    if not isinstance(properties, dict):
        return
    if properties["type"] not in {"ManagedIdentity", UNKNOWN}:
        found = properties["type"]
        yield Problem("properties.type", f"found {found!r}, emulated: 'ManagedIdentity'")
    elif "resourceId" not in properties:
        yield Problem("properties.resourceId", "missing; accepted: a user-assigned identity's id")


def _check(put: Put) -> None:
    wanted = put.body["properties"]["resourceId"]
    identity = put.linked("properties.resourceId", wanted, USER_ASSIGNED)
    factory = put.linked("factoryName", factory_of(put.id), ARM)
    assigned = at(factory.properties, "identity.userAssignedIdentities") or {}
    if identity.id.lower() not in {each.lower() for each in assigned}:
        reason = f"the identity '{identity.name}' is not assigned to the factory '{factory.name}'"
        raise put.refuse("properties.resourceId", reason)


CREDENTIAL = document_type("CredentialOperation", "credential", rules=_rules, check=_check)
