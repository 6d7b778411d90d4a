"""Role assignments and custom role definitions on the control plane."""

import re
from collections.abc import Iterator

from local_azure.control_plane.authorization.errors import RoleNotFoundError
from local_azure.control_plane.authorization.roles import Role, built_in
from local_azure.control_plane.entra.directory import Principal
from local_azure.control_plane.pace import ROLE
from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.resource_manager.answers import chosen, proxied
from local_azure.control_plane.resource_manager.errors import (
    ConflictError,
    PrincipalNotFoundError,
    RoleAssignmentExistsError,
    RoleDefinitionDoesNotExistError,
    RoleDefinitionHasAssignmentsError,
    RoleDefinitionNotFoundError,
    UnmatchedPrincipalTypeError,
)
from local_azure.control_plane.resource_manager.form import Form
from local_azure.control_plane.resource_manager.requests import missing
from local_azure.control_plane.resource_manager.resource_type import Json, Put, ResourceType
from local_azure.control_plane.resource_manager.shape import Problem, not_emulated, other_than
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.control_plane.resource_manager.unknown import UNKNOWN, at
from local_azure.control_plane.tenant import SUBSCRIPTION, TENANT_ID

_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_ROLE_ID = re.compile(
    r"(/subscriptions/.+)?/providers/Microsoft\.Authorization/roleDefinitions/[0-9a-f-]{36}",
    re.IGNORECASE,
)
_ACTION = re.compile(r"\*|[\w.]+(/[\w.*-]+)+|\*(/[\w.*-]+)+")
_GROUP_DEPTH = 5


def _assignment_rules(inputs: Json) -> Iterator[Problem]:
    yield from not_emulated(
        inputs, "condition", "conditionVersion", "delegatedManagedIdentityResourceId"
    )
    principal, role = inputs["principalId"], inputs["roleDefinitionId"]
    if principal is not UNKNOWN and not _GUID.fullmatch(principal):
        yield Problem("principalId", f"found {principal!r}, accepted: an object id (GUID)")
    if role is not UNKNOWN and not _ROLE_ID.fullmatch(role):
        full = f"{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/<guid>"
        yield Problem("roleDefinitionId", f"found {role!r}, accepted: a full id such as {full}")
    if "principalType" not in inputs:
        # Without it Azure looks the principal up, and fails for one that was made a moment ago.
        yield Problem("principalType", "missing; accepted: 'ServicePrincipal', 'User', 'Group'")


def _check_assignment(put: Put) -> None:
    check_scope(put.control, put.path["scope"])
    _check_principal(put)
    role = _role(put)
    for other in put.control.resources.select(put.type.arm_type):
        same = all(
            _same(other.properties[key], put.body[key])
            for key in ("principalId", "roleDefinitionId")
        )
        if same and _same(other.properties["scope"], put.path["scope"]) and other.id != put.id:
            raise RoleAssignmentExistsError(other.id)
    custom = _definition(put.control, put.body["roleDefinitionId"])
    if custom and not any(within(put.path["scope"], s) for s in _scopes(custom)):
        accepted = ", ".join(_scopes(custom))
        reason = f"the role {role.name!r} can be assigned only at or below {accepted}"
        raise put.refuse("scope", reason)


def check_scope(control: ControlPlane, scope: str) -> None:
    """Refuse a scope that does not exist.

    Raises:
        ControlPlaneError: names what is missing.
    """
    if not _same(scope, SUBSCRIPTION) and control.resources.find(scope) is None:
        raise missing(control, scope)


def _check_principal(put: Put) -> None:
    wanted = put.body["principalId"]
    found = put.control.directory.find(wanted)
    if found is None and (client := put.control.directory.find_client(wanted)):
        reason = f"found a client id; roles are given to the object id, here {client.object_id}"
        raise put.refuse("principalId", reason)
    if found is None:
        raise PrincipalNotFoundError(wanted, TENANT_ID)
    if found.principal_type != put.body["principalType"]:
        raise UnmatchedPrincipalTypeError(wanted, found.principal_type, put.body["principalType"])


def _role(put: Put) -> Role:
    try:
        return put.control.authorization.role(put.body["roleDefinitionId"])
    except RoleNotFoundError:
        raise RoleDefinitionDoesNotExistError(_last(put.body["roleDefinitionId"])) from None


def _assignment_answer(put: Put) -> Json:
    return {
        **proxied(put),
        **chosen(put.body, ["principalId", "principalType", "roleDefinitionId", "description"]),
        "scope": put.path["scope"],
        **_times(put),
    }


def _times(put: Put) -> Json:
    """When it was made and changed, and by whom."""
    return {
        "createdBy": put.kept("createdBy", lambda: put.caller.object_id),
        "createdOn": put.kept("createdOn", lambda: put.now),
        "updatedBy": put.caller.object_id,
        "updatedOn": put.now,
    }


def _assign(put: Put, answer: Json) -> None:
    put.control.authorization.assign(
        put.id, answer["principalId"], answer["roleDefinitionId"], answer["scope"]
    )
    put.control.pace.delay(put.id, ROLE)


def _unassign(control: ControlPlane, assignment: Resource) -> None:
    control.authorization.unassign(assignment.id)
    control.pace.forget(assignment.id)


ROLE_ASSIGNMENT = ResourceType(
    pulumi_type="azure-native:authorization:RoleAssignment",
    path="{scope}/providers/Microsoft.Authorization/roleAssignments/{roleAssignmentName}",
    api_version="2022-04-01",
    answer=_assignment_answer,
    rules=_assignment_rules,
    check=_check_assignment,
    # Azure refuses such a change of an assignment (RoleAssignmentUpdateNotPermitted).
    replaces=("principalId", "principalType", "roleDefinitionId"),
    autoname="uuid",
    commit=_assign,
    forget=_unassign,
)


def _definition_rules(inputs: Json) -> Iterator[Problem]:
    for key in ("roleName", "assignableScopes", "permissions"):
        if not inputs.get(key):
            yield Problem(key, "missing; a custom role has a name, permissions and scopes")
    # The second is what Azure Service Operator sends (recorded).
    yield from other_than(inputs, "roleType", "CustomRole", "customRole", word="accepted")
    permissions = at(inputs, "permissions") or [{}]
    if len(permissions) > 1:
        yield Problem("permissions", f"found {len(permissions)} entries; Azure takes one")
    for key in ("actions", "notActions", "dataActions", "notDataActions"):
        for action in at(permissions[0], key) or []:
            if action is not UNKNOWN and not _ACTION.fullmatch(str(action)):
                yield Problem(f"permissions[0].{key}", f"found {action!r}, which is no action")


def _check_definition(put: Put) -> None:
    for other in put.control.resources.select(put.type.arm_type):
        if _same(other.properties["roleName"], put.body["roleName"]) and other.id != put.id:
            name = put.body["roleName"]
            message = f"{put}: a custom role named '{name}' exists already in this tenant."
            raise ConflictError(message)
    if put.name.lower() in built_in():
        raise put.refuse("roleDefinitionId", "a built-in role has this id")
    for index, scope in enumerate(put.body["assignableScopes"]):
        if len(scope.rstrip("/").split("/")) > _GROUP_DEPTH:
            reason = f"found {scope!r}; accepted: a subscription or a resource group"
            raise put.refuse(f"assignableScopes[{index}]", reason)
        check_scope(put.control, scope)
        # Source: D:role-based-access-control/custom-roles, who can create one.
        put.authorize_linked(put.type.action("write"), scope)


def _definition_answer(put: Put) -> Json:
    given = put.body["permissions"][0]
    keys = ("actions", "notActions", "dataActions", "notDataActions")
    return {
        **proxied(put),
        **chosen(put.body, ["roleName", "description", "assignableScopes"]),
        "roleType": "CustomRole",
        "permissions": [{key: given.get(key) or [] for key in keys}],
        **_times(put),
    }


def _define(put: Put, answer: Json) -> None:
    role = Role.of(answer["roleName"], answer["permissions"][0])
    put.control.authorization.define_role(put.name, role)


def _check_undefine(control: ControlPlane, definition: Resource, _caller: Principal) -> None:
    assignments = control.resources.select(ROLE_ASSIGNMENT.arm_type)
    using = [
        assignment.id
        for assignment in assignments
        if _same(_last(assignment.properties["roleDefinitionId"]), definition.name)
    ]
    if using:
        raise RoleDefinitionHasAssignmentsError(definition.properties["roleName"], using)


def _undefine(control: ControlPlane, definition: Resource) -> None:
    control.authorization.delete_role(definition.name)


ROLE_DEFINITION = ResourceType(
    pulumi_type="azure-native:authorization:RoleDefinition",
    path="{scope}/providers/Microsoft.Authorization/roleDefinitions/{roleDefinitionId}",
    told_path=f"{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/{{roleDefinitionId}}",
    api_version="2022-05-01-preview",
    form=Form(renamed={"roleType": "type"}),
    missing=lambda _, role: RoleDefinitionNotFoundError(_last(role)),
    answer=_definition_answer,
    rules=_definition_rules,
    check=_check_definition,
    check_delete=_check_undefine,
    autoname="uuid",
    commit=_define,
    forget=_undefine,
)


def _definition(control: ControlPlane, role_id: str) -> Resource | None:
    return control.resources.named(ROLE_DEFINITION.arm_type, _last(role_id))


def _scopes(definition: Resource) -> list[str]:
    return list(definition.properties["assignableScopes"])


def within(scope: str, outer: str) -> bool:
    """Whether a scope is another one, or below it."""
    return f"{scope.lower()}/".startswith(f"{outer.rstrip('/').lower()}/")


def _same(one: str, other: str) -> bool:
    return one.strip("/").lower() == other.strip("/").lower()


def _last(resource_id: str) -> str:
    return resource_id.rstrip("/").rpartition("/")[2]
