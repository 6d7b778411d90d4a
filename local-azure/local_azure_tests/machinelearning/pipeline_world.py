"""A pipeline of two steps, deployed beside the model of ``World``."""

from collections.abc import Mapping
from typing import Any

from local_azure_tests.machinelearning.world import ARTIFACTS, ENDPOINT, WORKSPACE, World

ENVIRONMENT = "azureml://registries/azureml/environments/sklearn-1.5/versions/1"
SCORE = """
import pathlib, sys
folder, mode, out = sys.argv[1:]
rows = [f"{mode} {path.read_text()}" for path in sorted(pathlib.Path(folder).iterdir())]
(pathlib.Path(out) / "scores.txt").write_text("; ".join(rows))
"""

PREPARE: dict[str, Any] = {
    "type": "command",
    "inputs": {"data": {"type": "uri_folder"}},
    "outputs": {"prepared": {"type": "uri_folder"}},
    "command": (
        "for file in ${{inputs.data}}/*; do "
        'tr a-z A-Z < "$file" > ${{outputs.prepared}}/$(basename "$file"); done'
    ),
    "environment": ENVIRONMENT,
}
SCORES: dict[str, Any] = {
    "type": "command",
    "inputs": {
        "data": {"type": "uri_folder"},
        "mode": {"type": "string", "default": "plain", "enum": ["plain", "loud", "so 'so'"]},
    },
    "outputs": {"scores": {"type": "uri_folder"}},
    "command": "python score.py ${{inputs.data}} ${{inputs.mode}} ${{outputs.scores}}",
    "code": f"azureml:{WORKSPACE}/codes/steps/versions/1",
    "environment": ENVIRONMENT,
}


def binding(value: str) -> dict[str, str]:
    """As azure-ai-ml wraps it."""
    return {"job_input_type": "literal", "value": value}


def steps(**more: Any) -> dict[str, Any]:
    """The steps of the pipeline, and further ones."""
    return {
        "prepare": {
            "type": "command",
            "componentId": "prepare:1",
            "inputs": {"data": binding("${{parent.inputs.data}}")},
        },
        "score": {
            "type": "command",
            "componentId": f"{WORKSPACE}/components/score/versions/1",
            "inputs": {
                "data": binding("${{parent.jobs.prepare.outputs.prepared}}"),
                "mode": binding("${{parent.inputs.mode}}"),
            },
            "outputs": {"scores": binding("${{parent.outputs.scores}}")},
        },
        **more,
    }


PIPELINE: dict[str, Any] = {
    "type": "pipeline",
    "inputs": {"data": {"type": "uri_folder"}, "mode": {"type": "string", "default": "plain"}},
    "outputs": {"scores": {"type": "uri_folder"}},
    "jobs": steps(),
}


def deploy_pipeline(
    world: World, *, pipeline: dict[str, Any] = PIPELINE, **components: dict[str, Any]
) -> None:
    """Deploy a pipeline under the name "pipeline"; ``components`` replace those of its steps."""
    world.blob("own", ARTIFACTS, "code/steps/score.py", SCORE.encode())
    url = f"https://own.blob.core.windows.net/{ARTIFACTS}/code/steps"
    code = {"properties": {"codeUri": url}}
    world.put(f"{WORKSPACE}/codes/steps/versions/1", code)
    specs = {"prepare": PREPARE, "score": SCORES, "pipeline": pipeline, **components}
    for name, spec in specs.items():
        world.put(
            f"{WORKSPACE}/components/{name}/versions/1", {"properties": {"componentSpec": spec}}
        )
    redeploy(world)


def deployment_of(component: str, **settings: str) -> dict[str, Any]:
    """The properties of a deployment of a pipeline component."""
    return {
        "deploymentConfiguration": {
            "deploymentConfigurationType": "PipelineComponent",
            "componentId": {"referenceType": "Id", "assetId": component},
            "settings": settings,
        }
    }


def redeploy(world: World, **settings: str) -> None:
    """Change the settings of the deployment."""
    component = f"{WORKSPACE}/components/pipeline/versions/1"
    told = deployment_of(component, default_compute="batch-cluster", **settings)
    world.put(f"{ENDPOINT}/deployments/pipeline", {"properties": told})


def invoke_pipeline(world: World, **properties: Any) -> tuple[int, dict[str, Any]]:
    """``POST /jobs`` for the folder ``data`` of the inputs, and further properties."""
    folder = "https://inputs.blob.core.windows.net/inputs/data/"
    told = {"InputData": {"data": {"JobInputType": "UriFolder", "Uri": folder}}, **properties}
    headers = {"azureml-model-deployment": "pipeline"}
    return world.request("POST", "/jobs", {"properties": told}, headers=headers)


def run_pipeline(
    world: World, components: Mapping[str, dict[str, Any]] | None = None, **properties: Any
) -> dict[str, Any]:
    """As ``run_deployed``, once it is deployed with these components."""
    deploy_pipeline(world, **(components or {}))
    return run_deployed(world, **properties)


def run_deployed(world: World, **properties: Any) -> dict[str, Any]:
    """As ``invoke_pipeline``, and the job's history once it has ended."""
    status, told = invoke_pipeline(world, **properties)
    assert status == 201, told
    return world.end(told["name"])
