"""The provider azure-native: types of the catalogue, as kinds of a provider."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING
from uuid import UUID

from local_azure.providers.kind import Made, PartialError
from local_azure.resource_manager import sdk
from local_azure.resource_manager.errors import OperationFailedError
from local_azure.resource_manager.manager import problems
from local_azure.resource_manager.resource_type import region
from local_azure.resource_manager.shape import Problem
from local_azure.resource_manager.unknown import UNKNOWN
from local_azure.tenant import SUBSCRIPTION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local_azure.control_plane import ControlPlane
    from local_azure.providers.kind import Caller, Json, Kind, Naming
    from local_azure.resource_manager.manager import ResourceManager
    from local_azure.resource_manager.resource_type import ResourceType
    from local_azure.resource_manager.shape import Secrecy

_SUFFIX = 8
"""Hexadecimal digits that azure-native puts behind a name of its own making."""


def kinds(control: ControlPlane, manager: ResourceManager) -> dict[str, Kind]:
    """All types that the manager knows, by Pulumi's name."""
    return {one.pulumi_type: ArmKind(control, manager, one) for one in manager.kinds}


class ArmKind:
    """One type of resource, created, read, updated and deleted through the control plane."""

    deletes_first = True

    def __init__(self, control: ControlPlane, manager: ResourceManager, kind: ResourceType) -> None:
        self._control = control
        self._manager = manager
        self._kind = kind
        self.pulumi_type = kind.pulumi_type
        self.replaces = (*kind.path_keys, "location", *kind.replaces)

    def completed(self, inputs: Json, before: Json, naming: Naming, caller: Caller) -> Json:
        """The inputs with a name and a region."""
        told = {**inputs, **self._name(inputs, before, naming)}
        location = told.get("location") or self._location(told, before, caller)
        if location is not None:
            told["location"] = location if location is UNKNOWN else region(str(location))
        return told

    def problems(self, inputs: Json, secrecy: Secrecy, caller: Caller) -> Iterator[Problem]:
        """What is wrong with the inputs, and what they need that is not there nor declared."""
        if self._kind.name_key not in inputs:
            yield Problem(self._kind.name_key, "missing, and no name may be made up for it")
        # What no GET answers is secret whether or not the program says so.
        yield from problems(self._kind, inputs, secrecy.also(self._kind.write_only))
        if set(self._kind.path_keys) <= set(inputs):
            yield from self._foreseen(inputs, caller.declared)

    async def create(self, inputs: Json, caller: Caller) -> Made:
        """PUT a resource that does not exist yet."""
        return await self._put(inputs, caller, new=True)

    async def update(self, resource_id: str, inputs: Json, outputs: Json, caller: Caller) -> Made:
        """PUT the whole body again."""
        del outputs
        self.inputs_from_id(resource_id)
        return await self._put(inputs, caller, new=False)

    async def read(self, resource_id: str, outputs: Json, caller: Caller) -> Made | None:
        """GET the resource."""
        del outputs
        self.inputs_from_id(resource_id)
        found = self._manager.get(self._kind, resource_id, caller.principal)
        return Made(found.id, found.properties) if found else None

    async def delete(self, resource_id: str, outputs: Json, caller: Caller) -> None:
        """DELETE the resource and all below it."""
        del outputs
        self.inputs_from_id(resource_id)
        await self._manager.delete(resource_id, caller.principal)

    def inputs_from_id(self, resource_id: str) -> Json:
        """The inputs that the id consists of.

        Raises:
            ValueError: an id of another type.
        """
        path = self._kind.parse(resource_id)
        if path is None:
            message = f"{resource_id!r} is no id of {self._kind.arm_type}: {self._kind.path}"
            raise ValueError(message)
        return dict(path)

    async def _put(self, inputs: Json, caller: Caller, *, new: bool) -> Made:
        who = caller.principal
        try:
            stored = await self._manager.put(self._kind, inputs, who, caller.cloud, new=new)
        except OperationFailedError as failure:
            path, _ = self._kind.split(inputs)
            # The answer to the caller's own PUT: no right to read is asked for.
            found = self._control.resources.find(self._kind.resource_id(path))
            if found is None:
                raise
            raise PartialError(Made(found.id, found.properties), failure) from None
        return Made(stored.id, stored.properties)

    def _foreseen(self, inputs: Json, declared: set[str]) -> Iterator[Problem]:
        path, body = self._kind.split(inputs)
        # A part that is not known yet stands in the id by name; it is the same in every child's.
        resource_id = self._kind.resource_id(path)

        def is_there(wanted: str) -> bool:
            return wanted.lower() in declared or self._control.resources.find(wanted) is not None

        yield from self._kind.foresee(resource_id, body, is_there)
        declared.add(resource_id.lower())

    def _name(self, inputs: Json, before: Json, naming: Naming) -> Json:
        key = self._kind.name_key
        if key in inputs:
            return {}
        if key in before:
            flag = "__createBeforeDelete"
            return {key: before[key], **({flag: True} if flag in before else {})}
        if naming.proposed:
            return {key: naming.proposed}
        if naming.disabled:
            return {}
        return _made_up(self._kind, naming)

    def _location(self, inputs: Json, before: Json, caller: Caller) -> object:
        """The region as azure-native finds one: as before, configured, the resource group's."""
        if "location" not in sdk.resource(self.pulumi_type).inputs or not self._kind.regional:
            return None
        group = inputs.get("resourceGroupName")
        if given := before.get("location") or caller.location:
            return given
        if group is UNKNOWN:
            return UNKNOWN
        found = self._control.resources.find(f"{SUBSCRIPTION}/resourceGroups/{group}")
        return found.properties["location"] if found else None


def _made_up(kind: ResourceType, naming: Naming) -> Json:
    """A name as azure-native makes one up; one with a random end leaves room for a replacement."""
    digest = hashlib.sha256((naming.seed or secrets.token_bytes(32)) + naming.logical.encode())
    match kind.autoname:
        case "copy":
            return {kind.name_key: naming.logical}
        case "uuid":
            name = str(UUID(bytes=digest.digest()[:16], version=4))
        case "random":
            name = naming.logical + digest.hexdigest()[:_SUFFIX]
        case None:
            return {}
    return {kind.name_key: name, "__createBeforeDelete": True}
