"""The provider azure-native: a client of Resource Manager, as the real one is.

Its bag of inputs becomes a body, and the answered body its outputs. What it knows beforehand, for
previews and for names, it knows from the catalogue.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from http import HTTPStatus
from uuid import UUID

from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.resource_manager import form, sdk
from local_azure.control_plane.resource_manager.door import Door
from local_azure.control_plane.resource_manager.errors import (
    ControlPlaneError,
    OperationFailedError,
)
from local_azure.control_plane.resource_manager.manager import ResourceManager, problems
from local_azure.control_plane.resource_manager.requests import Asked, told
from local_azure.control_plane.resource_manager.resource_type import ResourceType, region
from local_azure.control_plane.resource_manager.shape import Problem, Secrecy
from local_azure.control_plane.resource_manager.unknown import UNKNOWN
from local_azure.control_plane.tenant import SUBSCRIPTION
from local_azure.pulumi.kind import Caller, Json, Kind, Made, Naming, PartialError
from local_azure.pulumi.polling import Poller

_SUFFIX = 8
"""Hexadecimal digits that azure-native puts behind a name of its own making."""

_APART = {"azure-native:network:VirtualNetwork": frozenset({"subnets"})}
"""What a refresh of azure-native's takes over only where the program has given it
(pulumi-azure-native, provider/pkg/provider/provider.go, removeUnsetSubResourceProperties). Outbound
rules of a workspace's managed network are none: as its SDK's docstrings say of each that is one."""


def kinds(control: ControlPlane, manager: ResourceManager, door: Door) -> dict[str, ArmKind]:
    """All types that the manager knows, by Pulumi's name."""
    return {one.pulumi_type: ArmKind(control, door, one) for one in manager.kinds}


@contextmanager
def _unless_gone() -> Iterator[None]:
    """azure-native takes every 404, in whatever words, for a resource that is gone."""
    try:
        yield
    except ControlPlaneError as refusal:
        if refusal.status != HTTPStatus.NOT_FOUND:
            raise


class ArmKind(Kind):
    """One type of resource, created, read, updated and deleted through Resource Manager's door."""

    deletes_first = True
    replaces: tuple[str, ...] = ()

    def __init__(self, control: ControlPlane, door: Door, kind: ResourceType) -> None:
        self._control = control
        self._poller = Poller(door, control.clock)
        self.type = kind
        self.pulumi_type = kind.pulumi_type
        self.replaces = (*kind.path_keys, *kind.replaces)
        self.apart = _APART.get(kind.pulumi_type, frozenset())

    def completed(self, inputs: Json, before: Json, naming: Naming, caller: Caller) -> Json:
        """The inputs with a name and a region."""
        told = {**inputs, **self._name(inputs, before, naming)}
        location = told.get("location") or self._location(told, before, caller)
        if location is not None:
            told["location"] = location if location is UNKNOWN else region(str(location))
        return told

    def problems(self, inputs: Json, secrecy: Secrecy, caller: Caller) -> Iterator[Problem]:
        """What is wrong with the inputs, and what they need that is not there nor declared."""
        if self.type.name_key not in inputs:
            yield Problem(self.type.name_key, "missing, and no name may be made up for it")
        # What no GET answers is secret whether or not the program says so.
        yield from problems(self.type, inputs, secrecy.also(self.type.write_only))
        if set(self.type.path_keys) <= set(inputs):
            yield from self._foreseen(inputs, caller.declared)

    async def create(self, inputs: Json, caller: Caller) -> Made:
        """PUT a resource that does not exist yet."""
        return await self._put(inputs, caller, new=not self.type.singleton)

    async def update(self, resource_id: str, inputs: Json, _outputs: Json, caller: Caller) -> Made:
        """PUT the whole body again."""
        self.inputs_from_id(resource_id)
        return await self._put(inputs, caller)

    async def read(self, resource_id: str, _outputs: Json, caller: Caller) -> Made | None:
        """GET the resource."""
        self.inputs_from_id(resource_id)
        with _unless_gone():
            return await self._answered(self._asked("GET", resource_id, caller))
        return None

    async def get(self, arguments: Json, caller: Caller) -> Made:
        """GET the resource that the parts of an id name.

        Raises:
            ControlPlaneError: it does not exist.
        """
        return await self._answered(self._asked("GET", self._id(arguments), caller))

    async def delete(self, resource_id: str, _outputs: Json, caller: Caller) -> None:
        """DELETE the resource and all below it; one that is always there is emptied."""
        parts = self.inputs_from_id(resource_id)
        with _unless_gone():
            if self.type.singleton:
                await self._put(parts, caller)
                return
            await self._poller.ended(self._asked("DELETE", resource_id, caller))

    def inputs_from_id(self, resource_id: str) -> Json:
        """The inputs that the id consists of.

        Raises:
            ValueError: an id of another type.
        """
        path = self.type.parse(resource_id)
        if path is None:
            raise ValueError(f"{resource_id!r} is no id of {self.type.arm_type}: {self.type.path}")
        return dict(path)

    async def _put(self, inputs: Json, caller: Caller, *, new: bool = False) -> Made:
        path, bag = self.type.split(inputs)
        resource_id, own = self.type.resource_id(path), self.type.form
        query = {key: str(bag[key]).lower() for key in own.parameters if key in bag}
        asked = self._asked("PUT", resource_id, caller, query)
        try:
            made = await self._answered(replace(asked, body=form.request(own, bag), new=new))
        except OperationFailedError as failure:
            # The answer to the caller's own PUT: no right to read is asked for.
            found = self._control.resources.find(self.type.told_id(path))
            if found is None:
                raise
            raise PartialError(self._made(told(self.type, found)), failure) from None
        return await self._as_read(made, caller)

    async def _as_read(self, made: Made, caller: Caller) -> Made:
        """What is there once it is made, for refreshes to be compared with, if it may be read.

        As azure-native does (pulumi-azure-native#3042), which only warns where it may not.
        """
        with suppress(ControlPlaneError):
            return await self.read(made.id, made.outputs, caller) or made
        return made

    def _asked(
        self, method: str, resource_id: str, caller: Caller, query: Json | None = None
    ) -> Asked:
        parameters = {"api-version": self.type.api_version, **(query or {})}
        return Asked(method, resource_id, caller.principal, parameters, cloud=caller.cloud)

    async def _answered(self, asked: Asked) -> Made:
        return self._made(await self._poller.ended(asked))

    def _made(self, body: Json) -> Made:
        hoisted = "properties" not in sdk.resource(self.pulumi_type).outputs
        outputs = form.outputs(self.type.form, body, hoisted=hoisted)
        return Made(body["id"], {**outputs, "azureApiVersion": self.type.api_version})

    def _id(self, inputs: Json) -> str:
        path, _ = self.type.split(inputs)
        return self.type.resource_id(path)

    def _foreseen(self, inputs: Json, declared: set[str]) -> Iterator[Problem]:
        path, body = self.type.split(inputs)
        # A part that is not known yet stands in the id by name; it is the same in every child's.
        resource_id = self.type.told_id(path)

        def is_there(wanted: str) -> bool:
            return wanted.lower() in declared or self._control.resources.find(wanted) is not None

        yield from self.type.foresee(resource_id, body, is_there)
        declared.add(resource_id.lower())

    def _name(self, inputs: Json, before: Json, naming: Naming) -> Json:
        key = self.type.name_key
        if key in inputs:
            return {}
        if key in before:
            flag = "__createBeforeDelete"
            return {key: before[key], **({flag: True} if flag in before else {})}
        if naming.proposed:
            return {key: naming.proposed}
        if naming.disabled:
            return {}
        return _made_up(self.type, naming)

    def _location(self, inputs: Json, before: Json, caller: Caller) -> object:
        """The region as azure-native finds one: as before, configured, the resource group's."""
        if "location" not in sdk.resource(self.pulumi_type).inputs or not self.type.regional:
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
