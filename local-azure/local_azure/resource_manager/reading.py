"""What Resource Manager tells over HTTP: a resource by its id, and who may do what with one.

Whatever lies in a resource group can be read, with the API version that azure-native speaks for
it; lists of resources can't.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse

from local_azure.authorization.resources import ROLE_ASSIGNMENT
from local_azure.resource_manager.errors import ResourceNotFoundError
from local_azure.resource_manager.resource_type import IN_GROUP
from local_azure.resource_manager.rest import Operation
from local_azure.web import not_emulated

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.responses import Response

    from local_azure.resource_manager.resource_type import Json, ResourceType
    from local_azure.resource_manager.rest import Call
    from local_azure.resource_manager.store import Resource

_OUTSIDE = frozenset(
    ("name", "type", "location", "tags", "identity", "kind", "sku", "etag", "systemData")
)
"""What stands beside ``properties`` in an answer; azure-native has all the rest on one level."""

_ML = "Microsoft.MachineLearningServices/workspaces"
_OF_OTHER_CLIENTS = {
    _ML: ("2025-01-01-preview", "2024-10-01-preview", "2023-08-01-preview"),
    f"{_ML}/batchEndpoints": ("2023-10-01",),
    f"{_ML}/batchEndpoints/deployments": ("2024-01-01-preview",),
    f"{_ML}/datastores": ("2024-10-01-preview",),
}
"""Versions that azure-ai-ml 1.35.2 reads with, where what is read looks the same."""

_LISTED = "/providers/Microsoft.Authorization/roleAssignments"
_PERMISSIONS = "Microsoft.Authorization/permissions"
_OF_PRINCIPAL = re.compile(r"principalId eq '?([0-9a-fA-F-]{36})'?")


def operations(types: Iterable[ResourceType]) -> list[Operation]:
    """The GETs of every type that lies in a resource group."""
    kinds = [kind for kind in types if kind.path.startswith(IN_GROUP)]
    return [*map(_by_id, kinds), *map(_assignments_on, kinds), *map(_permissions_on, kinds)]


def told(resource: Resource) -> Json:
    """A resource as Azure's own interface has it."""
    answer = {k: v for k, v in resource.properties.items() if k != "azureApiVersion"}
    outside = {key: answer.pop(key) for key in _OUTSIDE & answer.keys()}
    return {"id": resource.id, **outside, "properties": answer.get("properties", answer)}


def _by_id(kind: ResourceType) -> Operation:
    async def read(call: Call) -> Response:
        if call.target.type != kind.arm_type:
            raise ResourceNotFoundError(call.target.id)
        return JSONResponse(told(call.target))

    versions = (kind.api_version, *_OF_OTHER_CLIENTS.get(kind.arm_type, ()))
    return Operation("GET", kind.path, "", kind.action("read"), versions, read)


def _assignments_on(kind: ResourceType) -> Operation:
    action = ROLE_ASSIGNMENT.action("read")
    versions = (ROLE_ASSIGNMENT.api_version,)
    return Operation("GET", kind.path, _LISTED, action, versions, _assignments)


async def _assignments(call: Call) -> Response:
    """Those that hold on the target for a principal, wherever they were given.

    Azure lists those below the target as well (D:role-based-access-control/
    role-assignments-list-rest); whoever asks what holds here need not be told them.
    """
    asked = call.query.get("$filter", "")
    of_one = _OF_PRINCIPAL.fullmatch(asked)
    if of_one is None:
        accepted = "principalId eq '<object id>'"
        return not_emulated(f"The filter {asked!r} is not emulated; accepted: {accepted}.")
    found = [
        told(each)
        for each in call.control.resources.select(ROLE_ASSIGNMENT.arm_type)
        if each.properties["principalId"].lower() == of_one[1].lower()
        and _holds(each.properties["scope"], call.target.id)
    ]
    return JSONResponse({"value": found})


def _permissions_on(kind: ResourceType) -> Operation:
    action, versions = f"{_PERMISSIONS}/read", (ROLE_ASSIGNMENT.api_version,)
    return Operation("GET", kind.path, f"/providers/{_PERMISSIONS}", action, versions, _permissions)


async def _permissions(call: Call) -> Response:
    """What the caller's roles allow on the target, each role's as it is defined.

    Shape: D:rest/api/authorization/permissions/list-for-resource.
    """
    roles = call.control.authorization.roles(call.caller.object_id, call.target.id)
    found = [
        {
            "actions": role.actions,
            "notActions": role.not_actions,
            "dataActions": role.data_actions,
            "notDataActions": role.not_data_actions,
        }
        for role in roles
    ]
    return JSONResponse({"value": found})


def _holds(scope: str, target: str) -> bool:
    return f"{target}/".lower().startswith(f"{scope.rstrip('/')}/".lower())
