"""One request of Resource Manager and its answer, as plain data."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from local_azure.control_plane.clouds import PUBLIC, Cloud
from local_azure.control_plane.entra.directory import Principal
from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.resource_manager import form
from local_azure.control_plane.resource_manager.errors import (
    ControlPlaneError,
    NotEmulatedError,
    ResourceGroupNotFoundError,
    ResourceNotFoundError,
)
from local_azure.control_plane.resource_manager.resource_type import Json, ResourceType
from local_azure.control_plane.resource_manager.store import Resource

_GROUP_DEPTH = 5


@dataclass(frozen=True)
class Asked:
    """One request.

    Attributes:
        method: the HTTP method.
        path: as it came.
        caller: whose rights count.
        query: the query's parameters.
        body: the JSON body, None where it is empty.
        cloud: whose host was called.
        new: whether what is PUT must not exist yet.
        if_match: that header; empty where there is none.
        if_none_match: likewise.
    """

    method: str
    path: str
    caller: Principal
    query: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    cloud: Cloud = PUBLIC
    new: bool = False
    if_match: str = ""
    if_none_match: str = ""

    def heeding(self, *names: str) -> "Asked":
        """The same by the names of parameters that are heeded; see ``heeded``."""
        return replace(self, query=heeded(self.path, self.query, names))


@dataclass(frozen=True)
class Answer:
    """What comes back.

    Attributes:
        status: HTTP status.
        body: as JSON; None for none.
        headers: those beside what every answer has.
        null: whether the JSON is null where there is none.
    """

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    null: bool = False


def heeded(path: str, query: Mapping[str, str], names: Iterable[str]) -> dict[str, str]:
    """A query's parameters by the names that are heeded here, in whatever case they were sent.

    Raises:
        NotEmulatedError: nothing heeds one, which is refused by name instead of ignored.
    """
    known = {name.lower(): name for name in ("api-version", *names)}
    for name in sorted(query):
        if name.lower() not in known:
            raise NotEmulatedError(path, f"the parameter {name!r} is not known")
    return {known[name.lower()]: value for name, value in query.items()}


def told(kind: ResourceType, resource: Resource) -> Json:
    """A resource as Resource Manager answers it."""
    beside = {"id": resource.id, "name": resource.name, "type": resource.type}
    return {**beside, **form.body(kind.form, resource.properties)}


def missing(
    control: ControlPlane, resource_id: str, kind: ResourceType | None = None
) -> ControlPlaneError:
    """What says that a resource does not exist, in its type's words, or not even its group."""
    parts = resource_id.split("/")
    group = "/".join(parts[:_GROUP_DEPTH])
    in_group = parts[3:4] and parts[3].lower() == "resourcegroups"
    if in_group and control.resources.find(group) is None:
        return ResourceGroupNotFoundError(parts[4])
    return kind.missing(control, resource_id) if kind else ResourceNotFoundError(resource_id)
