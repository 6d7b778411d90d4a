"""Components and their deployments on the control plane: what fits together is accepted."""

from typing import Any

import pytest

from local_azure_tests.machinelearning.pipeline_world import (
    PIPELINE,
    PREPARE,
    SCORES,
    binding,
    deployment_of,
    steps,
)
from local_azure_tests.providers.engine import Created, refused
from local_azure_tests.providers.event_path import ML, EventPath


def _inputs(path: EventPath, name: str, spec: Any) -> dict[str, Any]:
    told = {"name": name, "version": "1", "properties": {"componentSpec": spec}}
    return {**path.in_workspace, **told}


def _contain(path: EventPath, name: str) -> None:
    container = {**path.in_workspace, "name": name, "properties": {}}
    path.native.create(f"{ML}ComponentContainer", container)


def _register(path: EventPath, name: str, spec: Any) -> Created:
    _contain(path, name)
    return path.native.create(f"{ML}ComponentVersion", _inputs(path, name, spec))


def _refused(path: EventPath, kind: str, inputs: dict[str, Any]) -> str:
    return path.native.refusal(f"{ML}{kind}", inputs)


@pytest.fixture(scope="module")
def commands(path: EventPath) -> dict[str, str]:
    """The ids of two registered commands; and "broken", for what can't be registered."""
    code = path.deployment_inputs["properties"]["codeConfiguration"]["codeId"]
    score = {**SCORES, "code": f"azureml:{code}"}
    _contain(path, "broken")
    return {
        "prepare": _register(path, "prepare", PREPARE).id,
        "score": _register(path, "score", score).id,
    }


def _pipeline(commands: dict[str, str], **jobs: Any) -> dict[str, Any]:
    told = steps(**jobs)
    told["score"] = {**told["score"], "componentId": commands["score"], **jobs.get("score", {})}
    return {**PIPELINE, "jobs": told}


def _deployment(path: EventPath, component: str, **settings: str) -> dict[str, Any]:
    settings = {"default_compute": path.cluster.outputs["name"], **settings}
    return {
        **path.in_workspace,
        "endpointName": path.endpoint.outputs["name"],
        "deploymentName": "pipeline",
        "properties": deployment_of(component, **settings),
    }


def test_a_pipeline_of_registered_commands_can_be_deployed(
    path: EventPath, commands: dict[str, str]
) -> None:
    component = _register(path, "whole", _pipeline(commands))

    inputs = {**_deployment(path, component.id), "deploymentName": "whole"}
    deployment = path.native.create(f"{ML}BatchDeployment", inputs)

    told = deployment.outputs["properties"]
    assert told.pop("deploymentConfiguration")["componentId"]["assetId"] == component.id
    # As azure-ai-ml's test_batch_component was recorded at 2022-05-01, nulls apart.
    assert told == {
        "errorThreshold": 0,
        "loggingLevel": "Info",
        "maxConcurrencyPerInstance": 0,
        "miniBatchSize": 0,
        "outputAction": "SummaryOnly",
        "properties": {},
        "provisioningState": "Succeeded",
        "resources": {"instanceCount": 1},
        "retrySettings": {"maxRetries": 0, "timeout": "PT0S"},
    }


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"type": "parallel"}, "componentSpec.type: found 'parallel', emulated: 'command'"),
        ({"nonsense": 1}, "componentSpec.nonsense: unknown or not emulated"),
        ({"command": "run ${{inputs.gone}}"}, "${{inputs.gone}} is not declared in inputs"),
        ({"command": "run ${{parent.inputs.x}}"}, "found ${{parent.inputs.x}}; accepted"),
        ({"command": " "}, "componentSpec.command: empty"),
        (
            {"inputs": {"data": {"type": "uri_folder", "optional": True}}},
            "data is optional; accepted: it in $[[…]]",
        ),
        ({"environment": 3}, "componentSpec.environment: found 3"),
        ({"inputs": {"data": {"type": "mltable"}}}, "inputs.data.type: found 'mltable'"),
        ({"inputs": {"it's": {"type": "string"}}}, "inputs.it's: accepted: a letter or '_'"),
        ({"code": "azureml:/gone"}, "componentSpec.code"),
        ({"environment": "azureml:gone:1"}, "componentSpec.environment"),
    ],
)
@pytest.mark.usefixtures("commands")
def test_a_command_that_can_not_run_is_not_registered(
    path: EventPath, change: dict[str, Any], said: str
) -> None:
    inputs = _inputs(path, "broken", {**PREPARE, **change})
    assert said in _refused(path, "ComponentVersion", inputs)


@pytest.mark.parametrize(
    ("job", "said"),
    [
        ({"componentId": "gone:1"}, "jobs.extra.componentId"),
        ({"inputs": {}}, "jobs.extra.inputs.data: missing; the component requires it"),
        (
            {"inputs": {"data": binding("${{parent.inputs.mode}}")}},
            "jobs.extra.inputs.data: bound to a string; accepted: uri_folder",
        ),
        (
            {"inputs": {"data": binding("${{parent.jobs.gone.outputs.x}}")}},
            "there is no step 'gone'",
        ),
        (
            {"inputs": {"data": binding("${{parent.jobs.extra.outputs.prepared}}")}},
            "jobs: steps wait for each other",
        ),
        ({"inputs": {"data": "a literal"}}, "accepted for uri_folder: a binding"),
        (
            {"outputs": {"prepared": binding("${{parent.outputs.scores}}")}},
            "outputs.scores: 2 steps write it; accepted: exactly one",
        ),
        ({"type": "sweep"}, "jobs.extra.type: found 'sweep', emulated: 'command'"),
        ({"computeId": "other"}, "jobs.extra.computeId: unknown or not emulated"),
    ],
)
def test_a_pipeline_whose_parts_do_not_fit_is_not_registered(
    path: EventPath, commands: dict[str, str], job: dict[str, Any], said: str
) -> None:
    inputs = {"data": binding("${{parent.inputs.data}}")}
    extra = {"componentId": "prepare:1", "inputs": inputs, **job}
    spec = _pipeline(commands, extra=extra)

    assert said in _refused(path, "ComponentVersion", _inputs(path, "broken", spec))


def test_an_optional_input_of_a_pipeline_is_for_optional_ones_alone(
    path: EventPath, commands: dict[str, str]
) -> None:
    spec = _pipeline(commands)
    spec["inputs"] = {**spec["inputs"], "data": {"type": "uri_folder", "optional": True}}

    told = _refused(path, "ComponentVersion", _inputs(path, "broken", spec))

    assert "bound to an optional input; the component requires it" in told


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"default_compute": "gone"}, "settings.default_compute"),
        ({"default_datastore": "inputs"}, "accepted: 'workspaceblobstore'"),
        ({"continue_on_step_failure": "perhaps"}, "accepted: 'true' or 'false'"),
        ({"gone": "x"}, "settings.gone: not emulated"),
    ],
)
def test_a_deployment_with_other_settings_is_refused(
    path: EventPath, commands: dict[str, str], settings: dict[str, str], said: str
) -> None:
    inputs = _deployment(path, commands["prepare"], **settings)
    assert said in _refused(path, "BatchDeployment", inputs)


def test_a_deployment_of_a_command_is_refused(path: EventPath, commands: dict[str, str]) -> None:
    told = _refused(path, "BatchDeployment", _deployment(path, commands["prepare"]))
    assert "names a command; accepted: a pipeline component" in told


@pytest.mark.parametrize(
    ("without", "said"),
    [
        (["codeConfiguration"], "properties.codeConfiguration: missing; accepted without it"),
        (["environmentId"], "properties.environmentId: 'Environment Id' must not be empty."),
        (
            ["codeConfiguration", "environmentId"],
            "codeConfiguration: missing; accepted without it: a model of type mlflow_model",
        ),
    ],
)
def test_script_and_environment_are_left_out_together_and_of_mlflow_models_alone(
    path: EventPath, without: list[str], said: str
) -> None:
    inputs = path.deployment_inputs
    properties = {k: v for k, v in inputs["properties"].items() if k not in without}
    assert said in _refused(path, "BatchDeployment", {**inputs, "properties": properties})


def test_an_mlflow_model_is_deployed_by_itself(path: EventPath) -> None:
    inputs = path.deployment_inputs
    uri = "azureml://datastores/workspaceblobstore/paths/models/heart"
    model = path.version("ModelVersion", "heart", modelUri=uri, modelType="mlflow_model")
    properties = {
        "compute": inputs["properties"]["compute"],
        "model": {"referenceType": "Id", "assetId": model.id},
    }

    wanted = {**inputs, "deploymentName": "heart", "properties": properties}
    deployment = path.native.create(f"{ML}BatchDeployment", wanted)

    assert "codeConfiguration" not in deployment.outputs["properties"]


def test_a_components_content_never_changes(path: EventPath) -> None:
    version = _register(path, "fixed", PREPARE)
    changed = {"properties": {"componentSpec": {**PREPARE, "command": "true"}}}
    with refused("componentSpec: a version's content never changes"):
        path.native.update(version, {**version.inputs, **changed})
