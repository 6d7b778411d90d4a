"""Lists of roles and of who has them, at any scope, as clients ask for them."""

import re

from local_azure.control_plane.authorization.resources import within
from local_azure.control_plane.authorization.roles import Role, built_in
from local_azure.control_plane.resource_manager.errors import NotEmulatedError
from local_azure.control_plane.resource_manager.resource_type import Json
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.control_plane.tenant import SUBSCRIPTION

_ROLES = "Microsoft.Authorization/roleDefinitions"
_OF_PRINCIPAL = re.compile(r"(?:principalId eq |assignedTo\()'?([0-9a-f-]{36})'?\)?", re.IGNORECASE)
_OF_ROLE = re.compile(r"(roleName|type) eq '([^']*)'", re.IGNORECASE)


def assignments(stored: list[Resource], scope: str, asked: str) -> list[Resource]:
    """The role assignments of a list at a scope.

    Those of the scope, above it and below it; with ``atScope()`` none below
    (D:role-based-access-control/role-assignments-list-rest).

    Raises:
        NotEmulatedError: another filter than ``atScope()``, ``principalId eq`` and ``assignedTo``.
    """
    holding = [one for one in stored if within(scope, _scope(one))]
    if asked.lower() == "atscope()":
        return holding
    found = [one for one in stored if one in holding or within(_scope(one), scope)]
    if not asked:
        return found
    wanted = _OF_PRINCIPAL.fullmatch(asked)
    if wanted is None:
        accepted = "atScope(), principalId eq '<object id>' or assignedTo('<object id>')"
        raise NotEmulatedError(f"The filter {asked!r}", f"accepted: {accepted}")
    return [one for one in found if one.properties["principalId"].lower() == wanted[1].lower()]


def definitions(custom: list[Json], scope: str, asked: str) -> list[Json]:
    """The roles that can be given at a scope: those built in, and custom ones for it.

    Raises:
        NotEmulatedError: another filter than by ``roleName``, ``type`` or ``atScopeAndBelow()``.
    """
    here = [
        one
        for one in custom
        if any(within(scope, each) for each in one["properties"]["assignableScopes"])
    ]
    found = [*(told(guid, role) for guid, role in built_in().items()), *here]
    if asked.lower() in {"", "atscopeandbelow()", "atscope()"}:
        return found
    wanted = _OF_ROLE.fullmatch(asked)
    if wanted is None:
        accepted = "roleName eq '<name>', type eq '<type>' or atScopeAndBelow()"
        raise NotEmulatedError(f"The filter {asked!r}", f"accepted: {accepted}")
    key = "roleName" if wanted[1].lower() == "rolename" else "type"
    return [one for one in found if one["properties"][key].lower() == wanted[2].lower()]


def told(guid: str, role: Role) -> Json:
    """A role of Azure's own, as Resource Manager tells it."""
    return {
        "id": f"{SUBSCRIPTION}/providers/{_ROLES}/{guid}",
        "name": guid,
        "type": _ROLES,
        "properties": {
            "roleName": role.name,
            "type": "BuiltInRole",
            "assignableScopes": ["/"],
            "permissions": [role.told()],
        },
    }


def _scope(assignment: Resource) -> str:
    return str(assignment.properties["scope"])
