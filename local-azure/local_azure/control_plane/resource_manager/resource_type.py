"""What the control plane knows about one type of resource: data, and a few functions over a PUT."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal
from uuid import uuid4

from local_azure.control_plane.clock import iso
from local_azure.control_plane.clouds import Cloud
from local_azure.control_plane.entra.directory import Principal
from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.resource_manager.errors import (
    ControlPlaneError,
    InvalidPropertyError,
    LinkedAuthorizationFailed,
    LinkedResourceNotFoundError,
    NameTakenError,
    ResourceNotFoundError,
)
from local_azure.control_plane.resource_manager.form import PLAIN, Form
from local_azure.control_plane.resource_manager.limits import Limit
from local_azure.control_plane.resource_manager.shape import Problem
from local_azure.control_plane.resource_manager.store import Resource, Resources
from local_azure.control_plane.tenant import SUBSCRIPTION_ID

Json = dict[str, Any]
Missing = Callable[["ControlPlane", str], ControlPlaneError]
"""What is answered where nothing lies at an id; the id's group and subscription exist."""

IN_GROUP = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers"
"""How the path of everything in a resource group begins."""


@dataclass(frozen=True)
class Put:
    """A PUT of one resource that is being decided on.

    Attributes:
        control: the control plane.
        type: what kind of resource it is.
        id: its resource id.
        path: the parts of the id, by the names of the inputs that they come from.
        body: all other inputs.
        before: the resource as it stands, if it exists.
        cloud: whose host names the answer has.
        caller: who asks.
    """

    control: ControlPlane
    type: ResourceType
    id: str
    path: Mapping[str, str]
    body: Json
    before: Resource | None
    cloud: Cloud
    caller: Principal

    @property
    def name(self) -> str:
        """The resource's own name."""
        return self.path[self.type.name_key]

    @property
    def location(self) -> str:
        """The region as Azure writes it: ``West Europe`` is ``westeurope``."""
        return region(str(self.body.get("location", "")))

    @property
    def now(self) -> str:
        """The time, as answers have it."""
        return iso(self.control.clock.now())

    def __str__(self) -> str:
        return f"{self.type.arm_type} '{self.name}'"

    def kept(self, key: str, make: Callable[[], Any] = lambda: str(uuid4())) -> Any:
        """What the service made up at the first PUT and keeps since, such as a GUID."""
        if self.before and self.before.properties.get(key) is not None:
            return self.before.properties[key]
        return make()

    def linked(self, path: str, resource_id: str, *arm_types: str) -> Resource:
        """The resource that a property names.

        Raises:
            ControlPlaneError: it does not exist, or is of none of these types.
        """
        found = self.control.resources.find(resource_id)
        if found is None:
            raise LinkedResourceNotFoundError(str(self), path, resource_id)
        if arm_types and found.type not in arm_types:
            raise self.refuse(path, f"found a {found.type}, accepted: {' or '.join(arm_types)}")
        return found

    def check_unique(self, names: str, *arm_types: str) -> None:
        """Refuse a name that another one has anywhere in Azure.

        Args:
            names: which names are so, such as ``storage account names``.
            arm_types: the types that share them; the resource's own where none is given.

        Raises:
            NameTakenError: another one has it.
        """
        for arm_type in arm_types or (self.type.arm_type,):
            other = self.control.resources.named(arm_type, self.name)
            if other and other.id.lower() != self.id.lower():
                raise NameTakenError(str(self), self.name, f"({names} are unique in Azure)")

    def authorize_linked(self, action: str, linked_id: str) -> None:
        """Refuse a caller who may write the resource, but not do this with one that it names.

        Raises:
            LinkedAuthorizationFailed: names principal, both actions and both scopes.
        """
        if not self.control.authorization.allows(self.caller.object_id, action, linked_id):
            raise LinkedAuthorizationFailed(
                self.caller, self.type.action("write"), self.id, action, linked_id
            )

    def refuse(self, path: str, reason: str) -> InvalidPropertyError:
        """The error for one property of this resource."""
        return InvalidPropertyError(str(self), path, reason)


async def _no_work(*_: Any) -> None:
    """No effect outside of the state."""


def _no_problem(*_: Any) -> Iterator[Problem]:
    return iter(())


def _nothing(*_: Any) -> None:
    """Nothing to check, and no other table is concerned."""


def _no_parent(_resources: Resources, _parent: str) -> bool:
    """Every parent exists before its children."""
    return False


@dataclass(frozen=True)
class ResourceType:
    """One type of resource.

    Attributes:
        pulumi_type: Pulumi's name for it, such as ``azure-native:storage:StorageAccount``.
        path: its resource id, with the names of the inputs that fill it; what begins with a
            namespace lies in a resource group.
        api_version: version of Azure's API that azure-native speaks for it.
        answer: what a GET answers after this PUT; never an echo of the body.
        arm_type: Azure's name for it, where the path does not have it.
        rules: problems of the inputs alone, told in previews too.
        limits: of numbers and texts in the inputs, by path, as ``limits.problems`` reads them.
        foresee: what the resource with an id and inputs needs that there is not going to be,
            by a function that tells of an id whether there is; told in previews too.
        check: what must hold against everything else that exists; raises a ControlPlaneError.
        told_path: its id as it is told and found, where that is not the path that it is made at.
        missing: what is answered where there is none.
        operations: what its actions begin with, where that is not its type.
        check_delete: what must hold before it may be deleted by itself, not with its parent.
        replaces: properties (and all below them) whose change makes a new resource, besides
            the path's parts; the location where it is known that azure-native replaces for it.
        keeps: properties that Azure changes neither, and azure-native sends as a change.
        form: how it lies in Resource Manager's body, where azure-native has it on one level.
        write_only: properties that no GET answers.
        regional: whether it gets the resource group's region where none is given.
        autoname: how azure-native makes up a name: a random end, the logical name, a GUID; where
            nothing is said, the logical name of what lies in another resource, else a random end.
        implies: whether a missing parent (its id) comes into being with the resource.
        singleton: whether its parent always has exactly one: azure-native changes it where it
            creates others, and empties it where it deletes them.
        prepare: work outside of the state that must be done before the resource exists.
        commit: other tables, written in one transaction with the resource.
        release: work outside of the state that undoes ``prepare``.
        forget: what ``commit`` wrote, taken back in one transaction with the resource.
    """

    pulumi_type: str
    path: str
    api_version: str
    answer: Callable[[Put], Json]
    arm_type: str = ""
    rules: Callable[[Json], Iterator[Problem]] = _no_problem
    limits: Mapping[str, Limit] = field(default_factory=dict)
    foresee: Callable[[str, Json, Callable[[str], bool]], Iterator[Problem]] = _no_problem
    check: Callable[[Put], None] = _nothing
    told_path: str = ""
    missing: Missing = lambda _, resource_id: ResourceNotFoundError(resource_id)
    operations: str = ""
    check_delete: Callable[[ControlPlane, Resource, Principal], None] = _nothing
    replaces: tuple[str, ...] = ()
    keeps: tuple[str, ...] = ()
    form: Form = PLAIN
    write_only: tuple[str, ...] = ()
    regional: bool = True
    autoname: Literal["", "random", "copy", "uuid"] | None = ""
    implies: Callable[[Resources, str], bool] = _no_parent
    singleton: bool = False
    prepare: Callable[[Put], Awaitable[None]] = _no_work
    commit: Callable[[Put, Json], None] = _nothing
    release: Callable[[ControlPlane, Resource], Awaitable[None]] = _no_work
    forget: Callable[[ControlPlane, Resource], None] = _nothing

    def __post_init__(self) -> None:
        """Read in the path what is not said."""
        if not self.path.startswith(("/", "{")):
            object.__setattr__(self, "path", f"{IN_GROUP}/{self.path}")
        namespace, *parts = self.path.rpartition("/providers/")[2].split("/")
        arm_type = self.arm_type or "/".join([namespace, *parts[0::2]])
        is_nested = arm_type.count("/") > 1 or self.path.startswith("{")
        object.__setattr__(self, "arm_type", arm_type)
        if self.autoname == "":
            object.__setattr__(self, "autoname", "copy" if is_nested else "random")

    def action(self, verb: str) -> str:
        """The action of the control plane that ``read``, ``write`` or ``delete`` stands for."""
        return f"{self.operations or self.arm_type}/{verb}"

    @property
    def name_key(self) -> str:
        """The input that is the resource's own name."""
        return self.path_keys[-1]

    @cached_property
    def path_keys(self) -> tuple[str, ...]:
        """The inputs that the id is made of."""
        keys = re.findall(r"\{(\w+)\}", self.path)
        return tuple(key for key in keys if key != "subscriptionId")

    def split(self, inputs: Json) -> tuple[dict[str, str], Json]:
        """The parts of the id, and the rest of the inputs."""
        keys = self.path_keys
        path = {key: _part(key, str(inputs[key])) for key in keys}
        hidden = {key for key in inputs if key.startswith("__")}
        return path, {k: v for k, v in inputs.items() if k not in keys and k not in hidden}

    def resource_id(self, path: Mapping[str, str]) -> str:
        """The id with these parts."""
        return self.path.format(subscriptionId=SUBSCRIPTION_ID, **path)

    def told_id(self, path: Mapping[str, str]) -> str:
        """The id that answers have, which differs for a role: that lies at the subscription."""
        return (self.told_path or self.path).format(subscriptionId=SUBSCRIPTION_ID, **path)

    def parse(self, resource_id: str) -> dict[str, str] | None:
        """The parts of an id, or None where it is of another type."""
        found = self._pattern.fullmatch(resource_id.rstrip("/"))
        if found is None:
            return None
        return {key: part for key, part in found.groupdict().items() if key != "subscriptionId"}

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return path_pattern(self.path)


def path_pattern(path: str) -> re.Pattern[str]:
    """What matches a path whose ``{parts}`` stand for one segment each, or for a whole id.

    Resource Manager does not mind the case of a path.
    """
    return re.compile(re.sub(r"\\\{(\w+)\\\}", _group, re.escape(path)), re.IGNORECASE)


def region(location: str) -> str:
    """A region's name as Azure answers it."""
    return location.replace(" ", "").lower()


def _part(key: str, value: str) -> str:
    return f"/{value.strip('/')}" if key in _SCOPES else value


def _group(part: re.Match[str]) -> str:
    return f"(?P<{part[1]}>{'/.+?' if part[1] in _SCOPES else '[^/]+'})"


_SCOPES = {"scope", "resourceUri"}
"""Parts of an id that are ids themselves."""
