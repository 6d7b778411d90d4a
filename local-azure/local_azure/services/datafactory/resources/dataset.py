"""Datasets on the control plane: binary files on blob storage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_azure.control_plane.resource_manager.shape import Problem, not_emulated
from local_azure.control_plane.resource_manager.unknown import UNKNOWN, at
from local_azure.services.datafactory.resources.place import document_type, reference_problems

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local_azure.control_plane.resource_manager.resource_type import Json

_LOCATION = "AzureBlobStorageLocation"


def _rules(inputs: Json) -> Iterator[Problem]:
    properties = inputs["properties"]
    if not isinstance(properties, dict) or properties.get("type") is UNKNOWN:
        return
    if properties["type"] != "Binary":
        found = properties["type"]
        yield Problem("properties.type", f"found {found!r}, emulated: 'Binary'")
        return
    for problem in not_emulated(properties, "compression", "compressionCodec", "structure"):
        yield Problem(f"properties.{problem.path}", problem.reason)
    kind = at(properties, "location.type")
    if kind not in {None, _LOCATION}:
        yield Problem("properties.location.type", f"found {kind!r}, emulated: {_LOCATION!r}")
    elif isinstance(properties.get("location"), dict) and "container" not in properties["location"]:
        yield Problem("properties.location.container", "missing; a blob lies in a container")
    yield from reference_problems(inputs)


DATASET = document_type("Dataset", "dataset", rules=_rules)
