"""Resource Manager's own requests: every method, and lists, of every type that is known.

One function takes what was asked and answers status and body; whatever host, client or provider
asks comes through it. Rights are checked first, for each action on its scope.
"""

import re
from collections.abc import Awaitable, Iterable, Mapping
from http import HTTPStatus

from local_azure.control_plane.authorization import listing as roles
from local_azure.control_plane.authorization.resources import ROLE_ASSIGNMENT, ROLE_DEFINITION
from local_azure.control_plane.authorization.roles import built_in
from local_azure.control_plane.entra.directory import Principal
from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.resource_manager import (
    address,
    asynchronous,
    bodies,
    conditions,
    listing,
    versions,
)
from local_azure.control_plane.resource_manager.address import Address
from local_azure.control_plane.resource_manager.errors import (
    MethodNotAllowedError,
    NotEmulatedError,
    OperationFailedError,
)
from local_azure.control_plane.resource_manager.manager import IMPLIED, ResourceManager
from local_azure.control_plane.resource_manager.operations import Operations
from local_azure.control_plane.resource_manager.requests import (
    Answer,
    Asked,
    missing,
    told,
)
from local_azure.control_plane.resource_manager.resource_type import Json, ResourceType
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.control_plane.resource_manager.writing import Writing
from local_azure.control_plane.tenant import SUBSCRIPTION

_RESOURCES = re.compile(
    r"(/subscriptions/[^/]+(?:/resourceGroups/[^/]+)?)/resources", re.IGNORECASE
)
_GROUP = "Microsoft.Resources/resourceGroups"
_PAGE = ("$top", "$skiptoken")
_BRIEF = ("id", "name", "type", "location", "tags", "identity", "kind", "sku", "managedBy")


class Door:
    """Answers for every type that a manager knows.

    Args:
        control: the control plane.
        manager: what makes and deletes resources.
    """

    def __init__(self, control: ControlPlane, manager: ResourceManager) -> None:
        self._control = control
        self._manager = manager
        self._writing = Writing(control, manager)
        self._operations = Operations(control)

    async def answer(self, asked: Asked) -> Answer | None:
        """The answer; None where the path names nothing that is known here.

        Raises:
            ControlPlaneError: a refusal.
        """
        if across := _RESOURCES.fullmatch(asked.path.rstrip("/")):
            return self._across(asked, across[1])
        where = address.read(asked.path, self._manager.kind)
        if where is None:
            return self._operations.answer(asked)
        self._check_version(where, asked)
        if where.path is None:
            return self._list(where, asked)
        return await self._one(where, where.path, asked)

    async def _one(self, where: Address, path: Mapping[str, str], asked: Asked) -> Answer:
        key, _, value = where.kind.form.deleted_with.partition("=")
        deleted = (key,) if asked.method == "DELETE" and asked.query.get(key) == value else ()
        asked = asked.heeding(*where.kind.form.parameters, *deleted)
        conditions.check(where.kind.arm_type, asked)
        if asked.method in {"PUT", "PATCH", "DELETE"}:
            self._operations.check_idle(where.scope)
        if asked.method in {"PUT", "PATCH"}:
            bodies.write_down(where.kind.arm_type, asked)
        match asked.method:
            case "GET" | "HEAD":
                return self._get(where, asked)
            case "PUT":
                return await self._followed(self._writing.put(where, path, asked), where, asked)
            case "PATCH":
                return await self._followed(self._writing.patch(where, path, asked), where, asked)
            case "DELETE":
                return await self._followed(self._writing.delete(where, asked), where, asked)
        raise MethodNotAllowedError(asked.path, asked.method)

    async def _followed(self, writing: Awaitable[Answer], where: Address, asked: Asked) -> Answer:
        """The answer, with what leads to the operation's end; what fails then is accepted first."""
        arm_type, failure = where.kind.arm_type, None
        around = self._operations.around(where.scope)
        is_new = self._manager.find(where.kind, where.path or {}) is None
        try:
            answer = await writing
        except OperationFailedError as error:
            found = self._manager.find(where.kind, where.path or {})
            if found is None or not asynchronous.of(asked.method, arm_type).monitor:
                raise
            answer, failure = Answer(201 if is_new else 200, told(where.kind, found)), error
        if answer.status == HTTPStatus.NO_CONTENT:
            return answer
        if asked.method != "DELETE":
            around = self._operations.around(where.scope)
        return self._operations.begun(arm_type, asked, answer, around, failure)

    def _told(self, kind: ResourceType, resource: Resource) -> Json:
        """A resource as it is told, with its state while an operation goes on."""
        body = told(kind, resource)
        state = self._operations.state(resource.id)
        if not state or "provisioningState" not in body["properties"]:
            return body
        return {**body, "properties": {**body["properties"], "provisioningState": state}}

    def _check_version(self, where: Address, asked: Asked) -> None:
        found = self._control.resources.find(where.scope)
        location = str(found.properties.get("location", "")) if found else ""
        spoken = versions.accepted(where.kind)
        versions.check(where.kind.arm_type, asked.query.get("api-version"), spoken, location)

    def _get(self, where: Address, asked: Asked) -> Answer:
        found = self._manager.get(where.kind, where.scope, asked.caller)
        if found is None:
            guid = where.scope.rpartition("/")[2].lower()
            if where.kind.arm_type == ROLE_DEFINITION.arm_type and guid in built_in():
                return Answer(200, roles.told(guid, built_in()[guid]))
            raise missing(self._control, where.scope, where.kind)
        return Answer(204) if asked.method == "HEAD" else Answer(200, self._told(where.kind, found))

    def _list(self, where: Address, asked: Asked) -> Answer:
        _check_is_get(asked)
        asked = asked.heeding("$filter", *_PAGE)
        action = where.kind.action("read")
        stored = self._control.resources.select(where.kind.arm_type)
        if where.kind.arm_type in {ROLE_ASSIGNMENT.arm_type, ROLE_DEFINITION.arm_type}:
            self._control.authorize(asked.caller, action, where.scope)
            return self._page(self._roles(where, stored, asked), asked)
        found = [each for each in stored if where.holds(each.id)]
        if where.everywhere:
            found = self._readable(found, asked.caller)
        else:
            self._control.authorize(asked.caller, action, where.scope)
            self._check_scope(where.scope)
        if where.kind.arm_type != _GROUP and "$filter" in asked.query:
            raise NotEmulatedError(f"$filter of {where.kind.arm_type}", "leave it out")
        listed = [self._told(where.kind, each) for each in found]
        return self._page(list(listing.filtered(listed, asked.query.get("$filter", ""))), asked)

    def _roles(self, where: Address, stored: list[Resource], asked: Asked) -> list[Json]:
        scope, wanted = where.scope, asked.query.get("$filter", "")
        if where.kind.arm_type == ROLE_ASSIGNMENT.arm_type:
            found = roles.assignments(stored, scope, wanted)
            return [told(where.kind, each) for each in found]
        return roles.definitions([told(where.kind, each) for each in stored], scope, wanted)

    def _across(self, asked: Asked, scope: str) -> Answer:
        """Resources of all types in a group or the subscription, in brief, as Azure lists them."""
        group = self._manager.kind(_GROUP)
        assert group is not None  # noqa: S101 every manager has it
        address.check_subscription(scope)
        versions.check(
            _GROUP, asked.query.get("api-version"), (*versions.accepted(group), *versions.ACROSS)
        )
        asked = asked.heeding("$filter", "$expand", *_PAGE)
        _check_is_get(asked)
        if scope.lower() != SUBSCRIPTION.lower():
            action = "Microsoft.Resources/subscriptions/resourceGroups/resources/read"
            self._control.authorize(asked.caller, action, scope)
            self._check_scope(scope)
        stored = map(self._control.resources.find, self._control.resources.below(scope))
        found = [each for each in stored if each and self._is_tracked(each)]
        more = listing.expanded(asked.query.get("$expand", ""))
        listed = [_brief(each) | more(each) for each in self._readable(found, asked.caller)]
        return self._page(list(listing.filtered(listed, asked.query.get("$filter", ""))), asked)

    def _is_tracked(self, resource: Resource) -> bool:
        kind = self._manager.kind(resource.type)
        regional = kind is not None and kind.regional and kind.arm_type != _GROUP
        return regional and "location" in resource.properties

    def _readable(self, found: Iterable[Resource], caller: Principal) -> list[Resource]:
        """Those that the caller may read: whoever has a role on one of many is told that one."""
        allows = self._control.authorization.allows

        def readable(resource: Resource) -> bool:
            kind = self._manager.kind(resource.type)
            action = kind.action("read") if kind else ""
            return allows(caller.object_id, action, resource.id)

        return list(filter(readable, found))

    def _page(self, listed: list[Json], asked: Asked) -> Answer:
        url = f"https://{asked.cloud.arm_host}{asked.path}"
        return Answer(200, listing.page(listed, asked.query, url))

    def _check_scope(self, scope: str) -> None:
        """What a list is asked of exists, with the group that it lies in.

        Raises:
            ControlPlaneError: it does not.
        """
        parts = scope.split("/")
        above = "/".join(parts[:-2]) if parts[-2].lower() in IMPLIED else scope
        if scope.lower() != SUBSCRIPTION.lower() and self._control.resources.find(above) is None:
            raise missing(self._control, above)


def _brief(resource: Resource) -> Json:
    told = {"id": resource.id, "name": resource.name, "type": resource.type}
    told |= {key: resource.properties[key] for key in _BRIEF[3:] if key in resource.properties}
    return told


def _check_is_get(asked: Asked) -> None:
    if asked.method != "GET":
        raise MethodNotAllowedError(asked.path, asked.method)
