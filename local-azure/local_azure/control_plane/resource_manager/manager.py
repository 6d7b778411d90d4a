"""Every change of a resource goes through here: checked first, then written at once or not at all.

The order of a PUT: rights, shape, names, parents, what the type demands; then work outside of the
state (which can be repeated); then everything is checked once more, because that may have taken a
while, and written in one transaction.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress

from local_azure.control_plane.authorization import locks
from local_azure.control_plane.clouds import PUBLIC, Cloud
from local_azure.control_plane.entra.directory import Principal
from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.resource_manager import identity, limits, names, sdk, shape
from local_azure.control_plane.resource_manager.errors import (
    AlreadyExistsError,
    ControlPlaneError,
    InvalidPropertyError,
    MethodNotAllowedError,
    OperationFailedError,
    ParentResourceNotFoundError,
    ResourceGroupNotFoundError,
    ResourceNotFoundError,
)
from local_azure.control_plane.resource_manager.resource_type import Json, Put, ResourceType
from local_azure.control_plane.resource_manager.store import Resource


class ResourceManager:
    """Puts, gets and deletes resources of the types that it is told of."""

    def __init__(self, control: ControlPlane) -> None:
        self._control = control
        self._kinds: dict[str, ResourceType] = {}

    @property
    def kinds(self) -> Collection[ResourceType]:
        """The types that it knows."""
        return self._kinds.values()

    def kind(self, arm_type: str) -> ResourceType | None:
        """The type that Azure calls, for example, ``Microsoft.Storage/storageAccounts``."""
        return self._kinds.get(arm_type.lower())

    def register(self, kinds: Iterable[ResourceType]) -> None:
        """Know types; a later one takes the place of an earlier one of the same name."""
        self._kinds |= {kind.arm_type.lower(): kind for kind in kinds}

    async def put(
        self, kind: ResourceType, inputs: Json, caller: Principal, cloud: Cloud, *, new: bool
    ) -> Resource:
        """Create a resource, or replace its whole body.

        Args:
            kind: the resource's type.
            inputs: everything that azure-native is given, by wire name.
            caller: whose rights count.
            cloud: whose host names the answers have.
            new: whether it must not exist yet.

        Raises:
            OperationFailedError: the operation failed; a new resource is left as ``Failed``.
            ControlPlaneError: the first thing that is wrong, before anything is written.
        """
        await sdk.load(kind.pulumi_type)
        put = self.decide(kind, inputs, caller, cloud, new=new)
        try:
            await kind.prepare(put)
        except OperationFailedError:
            # What speaks against it by now, such as a parent that is gone, leaves nothing behind.
            with suppress(ControlPlaneError), self._control.state.transaction():
                self._keep_failed(self.decide(kind, inputs, caller, cloud, new=new))
            raise
        with self._control.state.transaction():
            put = self.decide(kind, inputs, caller, cloud, new=new)
            answer = kind.answer(put)
            stored = self._control.resources.put(
                Resource(put.id, kind.arm_type, put.name, put.body, answer)
            )
            identity.commit(put, answer)
            kind.commit(put, answer)
            # It may have changed what is told.
            return self._control.resources.find(put.id) or stored

    def find(self, kind: ResourceType, path: Mapping[str, str]) -> Resource | None:
        """By the id that is told, or by the one that a state of before has."""
        find = self._control.resources.find
        return find(kind.told_id(path)) or find(kind.resource_id(path))

    def get(self, kind: ResourceType, resource_id: str, caller: Principal) -> Resource | None:
        """The resource with this id, if it is of this type.

        Raises:
            AuthorizationFailed: the caller may not read it.
        """
        self._control.authorize(caller, kind.action("read"), resource_id)
        path = kind.parse(resource_id) or {}
        found = self.find(kind, path)
        if found is None and kind.singleton:
            found = self._untouched(kind, resource_id, path, caller)
        return found if found and found.type == kind.arm_type else None

    def _untouched(
        self, kind: ResourceType, resource_id: str, path: Mapping[str, str], caller: Principal
    ) -> Resource | None:
        """What its parent has from the first, as long as nobody has changed it."""
        parent = "/".join(resource_id.split("/")[:-2])
        if self._control.resources.find(parent) is None or any(kind.rules(dict(path))):
            return None
        put = Put(self._control, kind, resource_id, path, {}, None, PUBLIC, caller)
        return Resource(resource_id, kind.arm_type, put.name, {}, kind.answer(put))

    async def delete(self, resource_id: str, caller: Principal) -> None:
        """Delete a resource and all below it, the innermost first; a missing one is no error.

        Raises:
            AuthorizationFailed: the caller may not delete it.
            ScopeLockedError: a lock keeps it.
            ResourceNotFoundError: it is none of the control plane's.
        """
        found = self._control.resources.find(resource_id)
        if found is None:
            return
        kind = self.kind(found.type)
        if kind is None:
            raise ResourceNotFoundError(resource_id)
        self._control.authorize(caller, kind.action("delete"), found.id)
        if kind.singleton:
            raise MethodNotAllowedError(found.id, "DELETE")
        locks.check(self._control, found)
        kind.check_delete(self._control, found, caller)
        below = sorted(self._control.resources.below(found.id), key=len, reverse=True)
        for one in [*below, found.id]:
            await self._remove(one)

    def decide(
        self, kind: ResourceType, inputs: Json, caller: Principal, cloud: Cloud, *, new: bool
    ) -> Put:
        """The PUT, once nothing speaks against it; arguments as of ``put``.

        Raises:
            ControlPlaneError: the first thing that is wrong.
        """
        name = str(inputs.get(kind.name_key))
        for problem in problems(kind, inputs, shape.Secrecy(frozenset(kind.write_only))):
            raise InvalidPropertyError(f"{kind.arm_type} '{name}'", problem.path, problem.reason)
        path, body = kind.split(inputs)
        self._control.authorize(caller, kind.action("write"), kind.resource_id(path))
        resource_id = kind.told_id(path)
        before = self.find(kind, path)
        if before and new:
            raise AlreadyExistsError(before.id)
        put = Put(
            self._control,
            kind,
            before.id if before else resource_id,
            path,
            body,
            before,
            cloud,
            caller,
        )
        self._check_parents(put)
        identity.check(put)
        kind.check(put)
        return put

    def _keep_failed(self, put: Put) -> None:
        if put.before is None:
            told = {**put.type.answer(put), "provisioningState": "Failed"}
            self._control.resources.put(
                Resource(put.id, put.type.arm_type, put.name, put.body, told)
            )

    def _check_parents(self, put: Put) -> None:
        group = put.path.get("resourceGroupName")
        if group and put.type.name_key != "resourceGroupName":
            if self._control.resources.find("/".join(put.id.split("/")[:5])) is None:
                raise ResourceGroupNotFoundError(group)
            for parent in _parents(put.id):
                found = self._control.resources.find(parent)
                if found is None and not put.type.implies(self._control.resources, parent):
                    raise ParentResourceNotFoundError(str(put), parent)

    async def _remove(self, resource_id: str) -> None:
        found = self._control.resources.find(resource_id)
        if found is None:
            return
        kind = self.kind(found.type)
        if kind:
            await kind.release(self._control, found)
        with self._control.state.transaction():
            if kind:
                kind.forget(self._control, found)
            identity.forget(self._control, found)
            self._control.resources.delete(found.id)


def problems(kind: ResourceType, inputs: Json, secrecy: shape.Secrecy) -> Iterator[shape.Problem]:
    """What is wrong with the inputs alone: their shape first, the type's own rules after it."""
    shown = {key: value for key, value in inputs.items() if not key.startswith("__")}
    found = list(shape.problems(sdk.resource(kind.pulumi_type).inputs, shown, secrecy))
    yield from found
    if not found:
        yield from _name_problems(kind, shown)
        yield from kind.rules(shown)
        yield from limits.problems(kind.limits, shown)


def _name_problems(kind: ResourceType, inputs: Json) -> Iterator[shape.Problem]:
    key = "name" if kind.arm_type.endswith("/versions") else kind.name_key
    arm_type = kind.arm_type.removesuffix("/versions")
    name = inputs.get(key)
    if isinstance(name, str) and (accepted := names.accepted_instead(arm_type, name)):
        yield shape.Problem(key, f"found {name!r}, accepted: {accepted}")


def _parents(resource_id: str) -> Iterator[str]:
    """Ids of the resources that a nested resource lies in, the outermost first.

    What always exists, or comes into being with its first child, is left out.
    """
    parts = resource_id.split("/")
    for end in range(9, len(parts) - 1, 2):
        if parts[end - 2].lower() not in IMPLIED:
            yield "/".join(parts[:end])


IMPLIED = {"blobservices", "fileservices", "queueservices"}
IMPLIED |= {"models", "environments", "codes", "components", "data"}
"""In lower case: what lies above resources without being one that must have been made."""
