"""Pipelines on the control plane: what the engine can't run is refused when one is created."""

import json
from collections.abc import Iterator
from typing import Any

from local_azure.control_plane.resource_manager.answers import chosen
from local_azure.control_plane.resource_manager.form import Form
from local_azure.control_plane.resource_manager.limits import POSITIVE
from local_azure.control_plane.resource_manager.resource_type import Json, Put
from local_azure.control_plane.resource_manager.shape import Problem, not_emulated
from local_azure.control_plane.resource_manager.unknown import UNKNOWN, holds_unknown
from local_azure.services.datafactory import exported
from local_azure.services.datafactory.check import check_definition
from local_azure.services.datafactory.references import references
from local_azure.services.datafactory.resources.place import (
    answered,
    check_references,
    document_type,
    factory_of,
    reference_problems,
    unsecured,
)

_LARGEST = 200 * 1024
"""Bytes of a pipeline (D:azure-resource-manager/management, limits of Data Factory)."""
_MOST_PARAMETERS = 50
_TOLD = ("annotations", "concurrency", "description", "folder", "parameters", "variables")
_UNTIL_KNOWN: dict[str, Any] = {"int": 0, "float": 0, "bool": False, "array": [], "object": {}}


def _rules(inputs: Json) -> Iterator[Problem]:
    yield from not_emulated(inputs, "policy")
    if inputs.get("runDimensions", {}) != {}:
        yield Problem("runDimensions", "not emulated; leave it out")
    parameters = inputs.get("parameters")
    if isinstance(parameters, dict) and len(parameters) > _MOST_PARAMETERS:
        yield Problem("parameters", f"found {len(parameters)}, accepted: {_MOST_PARAMETERS}")
    yield from reference_problems(inputs)
    pipeline = _as_far_as_known(inputs)
    if holds_unknown(pipeline):
        return
    if (size := len(json.dumps(pipeline))) > _LARGEST:
        yield Problem("activities", f"the pipeline has {size} bytes, accepted: {_LARGEST}")
    for sentence in check_definition(pipeline):
        yield Problem("activities", sentence)


def _as_far_as_known(inputs: Json) -> Json:
    """The pipeline as exported; what a preview can't know yet has a value of the right type."""
    pipeline: Json = exported.pipeline(_named(inputs))
    if isinstance(declared := pipeline.get("parameters"), dict):
        pipeline["parameters"] = {name: _defaulted(each) for name, each in declared.items()}
    return pipeline


def _named(value: Any) -> Any:
    if isinstance(value, dict):
        named = {key: _named(each) for key, each in value.items()}
        return named | {"referenceName": "?"} if named.get("referenceName") is UNKNOWN else named
    return [_named(each) for each in value] if isinstance(value, list) else value


def _defaulted(parameter: Any) -> Any:
    if not isinstance(parameter, dict) or not holds_unknown(parameter.get("defaultValue")):
        return parameter
    return {**parameter, "defaultValue": _UNTIL_KNOWN.get(str(parameter["type"]).lower(), "")}


def _check(put: Put) -> None:
    check_references(put)
    circle = _called(put, put.body, [put.name])
    if circle:
        raise put.refuse("activities", f"pipelines that call each other: {' > '.join(circle)}")


def _called(put: Put, body: Json, way: list[str]) -> list[str] | None:
    """The way over Execute Pipeline activities back to this pipeline, if there is one."""
    for _, folder, name, _ in references(body):
        if folder != "pipelines":
            continue
        if name.lower() == put.name.lower():
            return [*way, name]
        found = put.control.resources.find(f"{factory_of(put.id)}/pipelines/{name}")
        if found and (circle := _called(put, found.body, [*way, name])):
            return circle
    return None


def _answer(put: Put) -> Json:
    return {
        **answered(put),
        **chosen(put.body, _TOLD),
        "activities": unsecured(put.body.get("activities") or []),
    }


PIPELINE = document_type(
    "Pipeline",
    "pipeline",
    rules=_rules,
    check=_check,
    limits={"concurrency": POSITIVE},
    answer=_answer,
    form=Form(nested=exported.pipeline_nested, hoisted=exported.pipeline_hoisted, required=True),
)
