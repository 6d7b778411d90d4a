"""How a pipeline's job runs: its component, its cluster, and what the caller gave it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from local_azure.control_plane.resource_manager.store import Resource, Resources
from local_azure.services.machinelearning.endpoints import Target, referred, settings
from local_azure.services.machinelearning.errors import InvalidRequestError
from local_azure.services.machinelearning.invocation import Invocation, Port
from local_azure.services.machinelearning.pipelines.check import (
    check_command,
    check_literal,
    check_pipeline,
    order,
)
from local_azure.services.machinelearning.pipelines.component import (
    LITERALS,
    Command,
    ComponentError,
    Declared,
    Pipeline,
    Step,
    version_id,
)
from local_azure.services.machinelearning.pipelines.component_spec import read
from local_azure.services.machinelearning.uris import resolve

_DATA = {
    "uri_file": "UriFile",
    "uri_folder": "UriFolder",
    "custom_model": "CustomModel",
    "mlflow_model": "MLFlowModel",
    "triton_model": "TritonModel",
}


@dataclass(frozen=True)
class PipelinePlan:
    """Everything that a job needs.

    Attributes:
        compute: the cluster of all steps.
        pipeline: the component.
        steps: in the order in which they run.
        commands: the component of each step, by the step's name.
        literals: texts, by the names of the pipeline's inputs.
        data: where it lies, by the names of the pipeline's inputs.
        places: where the caller wants outputs, by the names of the pipeline's outputs.
        goes_on: whether steps run that don't need one that failed.
    """

    compute: Resource
    pipeline: Pipeline
    steps: list[Step]
    commands: dict[str, Command]
    literals: dict[str, str]
    data: dict[str, Port]
    places: dict[str, Port]
    goes_on: bool


def make_pipeline_plan(target: Target, asked: Invocation, resources: Resources) -> PipelinePlan:
    """The plan of a job on a deployment.

    Raises:
        InvalidRequestError: something that the deployment refers to is gone, or the inputs and
            outputs are not those of the pipeline.
    """
    configuration = settings(target.deployment)["deploymentConfiguration"]
    try:
        pipeline, commands = _components(configuration["componentId"]["assetId"], target, resources)
        literals, data = _inputs(asked.inputs, pipeline.inputs)
        steps = order(pipeline)
    except ComponentError as error:
        raise InvalidRequestError(f"{error.path}: {error}.") from None
    places = _outputs(asked.outputs, pipeline.outputs)
    for port in (*data.values(), *places.values()):
        resolve(port.uri, target.workspace, resources, port.type)
    if asked.overrides:
        key = next(iter(asked.overrides))
        message = f"properties.{key} is a setting of model deployments; a pipeline has no such."
        raise InvalidRequestError(message)
    told = configuration.get("settings") or {}
    compute = told["default_compute"]
    cluster = compute_id(compute, target.workspace.id)
    return PipelinePlan(
        compute=referred(target, f"the compute '{compute}'", cluster, resources),
        pipeline=pipeline,
        steps=steps,
        commands=commands,
        literals=literals,
        data=data,
        places=places,
        goes_on=str(told.get("continue_on_step_failure", "false")).lower() == "true",
    )


def compute_id(reference: str, workspace_id: str) -> str:
    """The resource id of a cluster that is named by it, or by its name alone."""
    reference = reference.removeprefix("azureml:")
    return reference if reference.startswith("/") else f"{workspace_id}/computes/{reference}"


def _components(
    reference: str, target: Target, resources: Resources
) -> tuple[Pipeline, dict[str, Command]]:
    pipeline = _component(reference, target, resources)
    if not isinstance(pipeline, Pipeline):
        raise ComponentError("componentId", "the component is no pipeline")
    commands = {}
    for name, step in pipeline.steps.items():
        command = _component(step.component, target, resources)
        if not isinstance(command, Command):
            raise ComponentError(f"jobs.{name}.componentId", "the component is no command")
        check_command(command)
        commands[name] = command
    check_pipeline(pipeline, commands)
    return pipeline, commands


def _component(reference: str, target: Target, resources: Resources) -> Command | Pipeline:
    version = version_id("components", reference, target.workspace.id)
    found = referred(target, f"'{reference}'", version, resources)
    return read(settings(found)["componentSpec"])


def _inputs(
    given: tuple[Port, ...], declared: Mapping[str, Declared]
) -> tuple[dict[str, str], dict[str, Port]]:
    """Literals and data by the pipeline's names, which a caller must use."""
    _check_names([port.name for port in given], declared, "InputData")
    by_name = {port.name: port for port in given}
    literals: dict[str, str] = {}
    data: dict[str, Port] = {}
    for name, each in declared.items():
        port = by_name.get(name)
        if port is None and each.default is None:
            if not each.optional:
                raise InvalidRequestError(f"InputData.{name} is missing; the pipeline requires it.")
        elif each.type in LITERALS:
            literals[name] = _literal(port, each, f"InputData.{name}")
        elif port is not None:
            data[name] = _checked(port, each, f"InputData.{name}.JobInputType")
    return literals, data


def _literal(port: Port | None, declared: Declared, where: str) -> str:
    value: Any = declared.default
    if port is not None:
        if port.type != "Literal":
            raise InvalidRequestError(f"{where} is a {declared.type}; accepted: a Literal.")
        value = port.value
    return check_literal(value, declared, where)


def _outputs(given: tuple[Port, ...], declared: Mapping[str, Declared]) -> dict[str, Port]:
    _check_names([port.name for port in given], declared, "OutputData")
    return {
        port.name: _checked(port, declared[port.name], f"OutputData.{port.name}.JobOutputType")
        for port in given
    }


def _check_names(names: list[str], declared: Mapping[str, Declared], where: str) -> None:
    for name in names:
        if name not in declared:
            accepted = ", ".join(declared) or "none"
            message = f"{where}.{name} is none of the pipeline's; accepted: {accepted}."
            raise InvalidRequestError(message)


def _checked(port: Port, declared: Declared, where: str) -> Port:
    if port.type != _DATA[declared.type]:
        message = f"{where} is {port.type!r}; accepted: {_DATA[declared.type]!r}."
        raise InvalidRequestError(message)
    return port
