"""What a caller may do with a resource, as Resource Manager tells it over HTTP."""

from collections.abc import Iterable

from starlette.responses import JSONResponse, Response

from local_azure.control_plane.authorization.resources import ROLE_ASSIGNMENT
from local_azure.control_plane.resource_manager.resource_type import IN_GROUP, ResourceType
from local_azure.control_plane.resource_manager.rest import Call, Operation

_IN_GROUP = IN_GROUP.lower()
_PERMISSIONS = "Microsoft.Authorization/permissions"


def operations(types: Iterable[ResourceType]) -> list[Operation]:
    """For every type that lies in a resource group."""
    return [_permissions_on(kind) for kind in types if kind.path.lower().startswith(_IN_GROUP)]


def _permissions_on(kind: ResourceType) -> Operation:
    action, versions = f"{_PERMISSIONS}/read", (ROLE_ASSIGNMENT.api_version,)
    return Operation("GET", kind.path, f"/providers/{_PERMISSIONS}", action, versions, _permissions)


async def _permissions(call: Call) -> Response:
    """What the caller's roles allow on the target, each role's as it is defined.

    Shape: D:rest/api/authorization/permissions/list-for-resource.
    """
    roles = call.control.authorization.roles(call.caller.object_id, call.target.id)
    return JSONResponse({"value": [role.told() for role in roles]})
