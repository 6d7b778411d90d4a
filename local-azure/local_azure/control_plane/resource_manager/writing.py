"""PUT, PATCH and DELETE of a resource, from Resource Manager's own body.

Everything is done when the answer comes: 201 for what is new, else 200. How a type's answer leads
to the end of an operation is told by others (``asynchronous.py``, ``operations.py``).
"""

from collections.abc import Mapping
from typing import Any

from local_azure.control_plane.authorization.resources import ROLE_ASSIGNMENT, ROLE_DEFINITION
from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.resource_manager import conditions, form, regions, sdk, shape
from local_azure.control_plane.resource_manager.address import Address
from local_azure.control_plane.resource_manager.errors import (
    AlreadyExistsError,
    InvalidContentError,
    InvalidResourceLocationError,
    LocationRequiredError,
    MethodNotAllowedError,
    PropertyChangeNotAllowedError,
    RoleAssignmentUpdateNotPermittedError,
)
from local_azure.control_plane.resource_manager.manager import ResourceManager
from local_azure.control_plane.resource_manager.requests import Answer, Asked, missing, told
from local_azure.control_plane.resource_manager.resource_type import Json, ResourceType, region
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.control_plane.resource_manager.unknown import at

_SUBSCRIPTIONS = "/eventSubscriptions"
_PATCHED_UNTAGGED = (_SUBSCRIPTIONS, "/blobServices/containers")
_UNPATCHED = "Microsoft.Resources/deployments"
_EITHER = (
    ("destination", "deliveryWithResourceIdentity"),
    ("deadLetterDestination", "deadLetterWithResourceIdentity"),
)
"""Of each two the one that a PATCH gives takes the other's place (recorded)."""
_TOLD_WHEN_DELETED = (ROLE_ASSIGNMENT.arm_type, ROLE_DEFINITION.arm_type)


class Writing:
    """Changes resources of every type that a manager knows.

    Args:
        control: the control plane.
        manager: what makes and deletes resources.
    """

    def __init__(self, control: ControlPlane, manager: ResourceManager) -> None:
        self._control = control
        self._manager = manager

    async def put(self, where: Address, path: Mapping[str, str], asked: Asked) -> Answer:
        """Create a resource, or replace its whole body."""
        kind = where.kind
        self._control.authorize(asked.caller, kind.action("write"), where.scope)
        await sdk.load(kind.pulumi_type)
        inputs = form.inputs(kind.pulumi_type, kind.form, path, _given(kind, asked.body))
        inputs |= {
            key: asked.query[key] == "true" for key in kind.form.parameters if key in asked.query
        }
        before = self._manager.find(kind, path)
        if before is not None and asked.new:
            raise AlreadyExistsError(before.id)
        conditions.check_new(before, asked)
        if before is not None:
            inputs = {**_without_echo(inputs, before.body, before.properties), **path}
        stored = await self._write(kind, inputs, before, asked)
        return Answer(200 if before else 201, told(kind, stored))

    async def patch(self, where: Address, path: Mapping[str, str], asked: Asked) -> Answer:
        """Replace some properties of a resource; all its tags, where there are tags."""
        kind = where.kind
        self._control.authorize(asked.caller, kind.action("write"), where.scope)
        await sdk.load(kind.pulumi_type)
        if not _is_patched(kind):
            raise MethodNotAllowedError(asked.path, asked.method)
        before = self._manager.find(kind, path)
        if before is None:
            raise missing(self._control, where.scope, kind)
        given = _object(asked.body)
        if kind.arm_type.endswith(_SUBSCRIPTIONS):
            # The one type whose PATCH has nothing below properties.
            given = {"properties": given}
        changed = form.inputs(kind.pulumi_type, kind.form, path, given)
        stored = await self._write(kind, _changed(before.body, changed), before, asked)
        return Answer(200, told(kind, stored))

    async def delete(self, where: Address, asked: Asked) -> Answer:
        """Delete a resource and all below it."""
        kind = where.kind
        self._control.authorize(asked.caller, kind.action("delete"), where.scope)
        found = self._manager.find(kind, where.path or {})
        if found is None:
            refusal = missing(self._control, where.scope)
            if refusal.code == "ResourceGroupNotFound":
                raise refusal
            return Answer(204)
        body = told(kind, found) if kind.arm_type in _TOLD_WHEN_DELETED else None
        await self._manager.delete(found.id, asked.caller)
        return Answer(200, body)

    async def _write(
        self, kind: ResourceType, inputs: Json, before: Resource | None, asked: Asked
    ) -> Resource:
        if kind.regional and "location" in sdk.resource(kind.pulumi_type).inputs:
            inputs["location"] = _location(kind, inputs, before, asked)
        for changed in (*kind.replaces, *kind.keeps):
            _check_kept(kind, changed, inputs, before)
        return await self._manager.put(kind, inputs, asked.caller, asked.cloud, new=asked.new)


def _without_echo(inputs: Json, given: Json, told: Json) -> Json:
    """The inputs, but for what the service has chosen and a client that read it sends back."""
    kept: Json = {}
    for key, value in inputs.items():
        was, answered = given.get(key), told.get(key)
        if isinstance(value, dict) and isinstance(was, dict) and isinstance(answered, dict):
            kept[key] = _without_echo(value, was, answered)
        elif was is not None or key not in told or not shape.is_part(value, answered):
            kept[key] = value
    return kept


def _given(kind: ResourceType, body: Any) -> Json:
    """The body of a PUT; what is made with a name alone, such as a domain's topic, needs none."""
    named = sdk.resource(kind.pulumi_type).inputs.keys() <= {*kind.path_keys}
    return {} if body is None and named else _object(body)


def _object(body: Any) -> Json:
    if isinstance(body, dict):
        return body
    message = "The request content was invalid and could not be deserialized: accepted: an object."
    raise InvalidContentError(message)


def _location(kind: ResourceType, inputs: Json, before: Resource | None, asked: Asked) -> str:
    given = inputs.get("location")
    if not isinstance(given, str) or not given:
        raise LocationRequiredError
    regions.check(kind.arm_type, given, asked.cloud)
    here = before.properties.get("location") if before else None
    if before and here and region(here) != region(given):
        group = before.id.split("/")[4]
        raise InvalidResourceLocationError(before.name, here, group, region(given))
    return region(given)


def _check_kept(kind: ResourceType, path: str, inputs: Json, before: Resource | None) -> None:
    """What Azure refuses to change, whether or not Pulumi would make a new resource.

    Raises:
        PropertyChangeNotAllowedError: a property is another one that must stay.
        RoleAssignmentUpdateNotPermittedError: the principal of a role assignment is another.
    """
    if before is not None:
        was, wanted = at(before.body, path), at(inputs, path)
        # As they are told, some are in another case than they were given (recorded of `vmSize`).
        same = str(was).lower() == str(wanted).lower()
        if was is None or wanted is None or same:
            return
        if path != "principalId":
            raise PropertyChangeNotAllowedError(f"{kind.arm_type} '{before.name}'", path)
        raise RoleAssignmentUpdateNotPermittedError


def _is_patched(kind: ResourceType) -> bool:
    tagged = "tags" in sdk.resource(kind.pulumi_type).inputs and kind.arm_type != _UNPATCHED
    return tagged or kind.arm_type.endswith(_PATCHED_UNTAGGED)


def _changed(before: Json, patch: Json) -> Json:
    kept = dict(before)
    for one, other in _EITHER:
        if one in patch or other in patch:
            kept.pop(one, None)
            kept.pop(other, None)
    merged = {**kept, **patch}
    if "properties" in patch:
        merged["properties"] = _merged(before.get("properties", {}), patch["properties"])
    return merged


def _merged(before: Any, patch: Any) -> Any:
    if not isinstance(before, dict) or not isinstance(patch, dict):
        return patch
    return {**before, **{key: _merged(before.get(key), value) for key, value in patch.items()}}
