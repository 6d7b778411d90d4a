"""Datasets on the control plane: files on blob storage, binary or delimited text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_azure.datafactory.resources.place import (
    API_VERSION,
    ARM,
    PATH,
    answered,
    check_references,
    check_unreferenced,
    foresee_references,
    reference_problems,
)
from local_azure.resource_manager.resource_type import ResourceType
from local_azure.resource_manager.shape import Problem, not_emulated
from local_azure.resource_manager.unknown import UNKNOWN, at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local_azure.resource_manager.resource_type import Json, Put

_TYPES = ("Binary", "DelimitedText")
_LOCATION = "AzureBlobStorageLocation"


def _rules(inputs: Json) -> Iterator[Problem]:
    properties = inputs["properties"]
    if not isinstance(properties, dict) or properties.get("type") is UNKNOWN:
        return
    if properties["type"] not in _TYPES:
        found = properties["type"]
        yield Problem("properties.type", f"found {found!r}, emulated: {', '.join(_TYPES)}")
        return
    for problem in not_emulated(properties, "compression", "compressionCodec", "structure"):
        yield Problem(f"properties.{problem.path}", problem.reason)
    kind = at(properties, "location.type")
    if kind not in {None, _LOCATION}:
        yield Problem("properties.location.type", f"found {kind!r}, emulated: {_LOCATION!r}")
    elif isinstance(properties.get("location"), dict) and "container" not in properties["location"]:
        yield Problem("properties.location.container", "missing; a blob lies in a container")
    yield from reference_problems(inputs)


def _answer(put: Put) -> Json:
    return {**answered(put), "properties": put.body["properties"]}


DATASET = ResourceType(
    pulumi_type="azure-native:datafactory:Dataset",
    arm_type=f"{ARM}/datasets",
    path=f"{PATH}/datasets/{{datasetName}}",
    api_version=API_VERSION,
    answer=_answer,
    rules=_rules,
    foresee=foresee_references,
    check=check_references,
    check_delete=check_unreferenced,
    regional=False,
    autoname="copy",
)
