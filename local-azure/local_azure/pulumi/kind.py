"""What a provider needs to know about each type of resource that it answers for."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from local_azure.control_plane.clouds import PUBLIC, Cloud
from local_azure.control_plane.entra.directory import Principal
from local_azure.control_plane.resource_manager import sdk, shape
from local_azure.control_plane.resource_manager.shape import Problem, Secrecy
from local_azure.control_plane.tenant import DEPLOYER

Json = dict[str, Any]


@dataclass(frozen=True)
class Caller:
    """Who uses a provider, and how it was configured.

    Attributes:
        principal: whose rights count.
        cloud: which cloud's host names answers have.
        location: region of what names none itself.
        declared: ids, in lower case, of the resources that the program has asked for so far.
    """

    principal: Principal = DEPLOYER
    cloud: Cloud = PUBLIC
    location: str | None = None
    declared: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Naming:
    """How Pulumi wants a resource without a name to be named.

    Attributes:
        logical: the resource's name in the program.
        proposed: the physical name that the project's settings make of it, if they do.
        disabled: whether the settings forbid to make one up.
        seed: makes the random part of the name the same in a preview and its update.
    """

    logical: str
    proposed: str = ""
    disabled: bool = False
    seed: bytes = b""


@dataclass(frozen=True)
class Made:
    """A resource as it now is.

    Attributes:
        id: its id.
        outputs: what it has; never an echo of its inputs.
        secrets: paths of outputs that are secrets by themselves.
    """

    id: str
    outputs: Json
    secrets: frozenset[str] = field(default_factory=frozenset)


class PartialError(Exception):
    """An operation that failed once the resource was there: the engine keeps what there is."""

    def __init__(self, made: Made, cause: Exception) -> None:
        self.made = made
        super().__init__(str(cause))


class Kind(ABC):
    """One type of resource, as a provider uses it.

    Where a type says nothing else no program names its objects, and no region holds them.

    Attributes:
        pulumi_type: Pulumi's name for it.
        deletes_first: whether the old resource goes before the new one comes.
        apart: properties made of other resources: what a program does not give stays with those.
    """

    pulumi_type: str
    deletes_first = False
    apart: frozenset[str] = frozenset()

    @property
    def replaces(self) -> tuple[str, ...]:
        """Properties whose change makes a new resource."""
        return ()

    def completed(self, inputs: Json, _before: Json, _naming: Naming, _caller: Caller, /) -> Json:
        """The inputs with the name, region and the like that were left to the provider."""
        return inputs

    def problems(self, inputs: Json, secrecy: Secrecy, _caller: Caller, /) -> Iterator[Problem]:
        """What is wrong with the inputs, and what they need that is not there nor declared."""
        shown = {key: value for key, value in inputs.items() if not key.startswith("__")}
        found = list(shape.problems(sdk.resource(self.pulumi_type).inputs, shown, secrecy))
        yield from found or self.rules(shown)

    def rules(self, _inputs: Json, /) -> Iterator[Problem]:
        """What is wrong with the inputs besides their shape."""
        return iter(())

    @abstractmethod
    async def create(self, inputs: Json, caller: Caller, /) -> Made:
        """Make the resource.

        Raises:
            PartialError: it is there, and what followed failed.
        """

    @abstractmethod
    async def read(self, resource_id: str, outputs: Json, caller: Caller, /) -> Made | None:
        """The resource as it stands, or None where it is gone."""

    @abstractmethod
    async def update(
        self, resource_id: str, inputs: Json, outputs: Json, caller: Caller, /
    ) -> Made:
        """Give the resource new inputs.

        Raises:
            PartialError: what followed failed.
        """

    @abstractmethod
    async def delete(self, resource_id: str, outputs: Json, caller: Caller, /) -> None:
        """Take the resource away; a missing one is no error."""

    def inputs_from_id(self, _resource_id: str, /) -> Json:
        """The inputs that an id consists of, for a resource that is imported."""
        return {}
