"""Components: containers, and versions, whose spec never changes.

A pipeline's version is accepted only where each of its steps has a component, and every binding
fits (Azure tells some of that when a job runs).
"""

from collections.abc import Iterator

from local_azure.control_plane.resource_manager.resource_type import Json, Put
from local_azure.control_plane.resource_manager.shape import Problem
from local_azure.control_plane.resource_manager.unknown import at, holds_unknown
from local_azure.services.machinelearning.endpoints import settings
from local_azure.services.machinelearning.pipelines.check import check_command, check_pipeline
from local_azure.services.machinelearning.pipelines.component import (
    REGISTRY,
    Command,
    ComponentError,
    Pipeline,
    version_id,
)
from local_azure.services.machinelearning.pipelines.component_spec import read
from local_azure.services.machinelearning.resources.assets import check_version, container, version
from local_azure.services.machinelearning.resources.place import (
    ARM,
    workspace,
)

_SPEC = "properties.componentSpec"


def _rules(inputs: Json) -> Iterator[Problem]:
    spec = at(inputs, _SPEC)
    if spec is None:
        if at(inputs, "properties") is not None and "componentSpec" not in inputs["properties"]:
            yield Problem(_SPEC, "missing; it is what the version consists of")
    elif not holds_unknown(spec):
        try:
            read(spec)
        except ComponentError as error:
            yield Problem(_path(error), str(error))


def _check(put: Put) -> None:
    check_version(("componentSpec",), put)
    try:
        component = read(put.body["properties"]["componentSpec"])
        if isinstance(component, Command):
            _check_command(put, component)
        else:
            check_pipeline(component, _commands(put, component))
    except ComponentError as error:
        raise put.refuse(_path(error), str(error)) from None


def _check_command(put: Put, command: Command) -> None:
    check_command(command)
    if command.code:
        put.linked(f"{_SPEC}.code", command.code, f"{ARM}/codes/versions")
    named = command.environment
    if not named.lower().startswith(REGISTRY):
        version = version_id("environments", named, workspace(put).id)
        put.linked(f"{_SPEC}.environment", version, f"{ARM}/environments/versions")


def _commands(put: Put, pipeline: Pipeline) -> dict[str, Command]:
    found = {}
    for name, step in pipeline.steps.items():
        where = f"jobs.{name}.componentId"
        named = version_id("components", step.component, workspace(put).id)
        version = put.linked(f"{_SPEC}.{where}", named, f"{ARM}/components/versions")
        command = read(settings(version)["componentSpec"])
        if not isinstance(command, Command):
            raise ComponentError(where, "names a pipeline; emulated: a command")
        found[name] = command
    return found


def _path(error: ComponentError) -> str:
    return f"{_SPEC}.{error.path}" if error.path else _SPEC


TYPES = (
    container("components", "ComponentContainer"),
    version("components", "ComponentVersion", "componentSpec", rules=_rules, check=_check),
)
