"""Pipeline-component endpoints of another team in the stack's workspace: a trainer, a monitor."""

from functools import partial
from typing import Any

from local_azure.services.machinelearning.resources import components
from local_azure.services.machinelearning.resources.batch_deployment import BATCH_DEPLOYMENT
from local_azure.services.machinelearning.resources.batch_endpoint import BATCH_ENDPOINT
from local_azure_tests.machinelearning.pipeline_world import ENVIRONMENT, binding
from tests.stack.event_path.deployed import Deployed

Json = dict[str, Any]
TRAINER, MONITOR = "trainer", "monitor-digits"
URI = "https://{}.westeurope.inference.ml.azure.com/jobs"
BEYOND_THE_LIMIT = "exit 1"
TRAIN: Json = {
    "type": "command",
    "inputs": {"labelled": {"type": "uri_folder"}},
    "outputs": {"model": {"type": "uri_file"}},
    "command": "ls ${{inputs.labelled}} > ${{outputs.model}}",
    "environment": ENVIRONMENT,
}


def _pipeline(train: str) -> Json:
    """One step."""
    step = {
        "type": "command",
        "componentId": train,
        "inputs": {"labelled": binding("${{parent.inputs.files}}")},
        "outputs": {"model": binding("${{parent.outputs.trained}}")},
    }
    return {
        "type": "pipeline",
        "inputs": {"files": {"type": "uri_folder"}},
        "outputs": {"trained": {"type": "uri_file"}},
        "jobs": {"train": step},
    }


def deploy(stack: Deployed, name: str, command: str = TRAIN["command"]) -> None:
    """Make an endpoint, its deployment and what this runs."""
    group, workspace = stack.outputs["resource_group_name"], stack.outputs["workspace_name"]
    put = partial(stack.put, resourceGroupName=group, workspaceName=workspace)

    def register(part: str, spec: Json) -> str:
        named = f"{name}-{part}"
        container, version = components.TYPES
        put(container, name=named, properties={})
        return put(version, name=named, version="1", properties={"componentSpec": spec})

    pipeline = register("all", _pipeline(register("step", {**TRAIN, "command": command})))
    endpoint = {"endpointName": name, "location": "westeurope"}
    put(BATCH_ENDPOINT, **endpoint, properties={"authMode": "AADToken"})
    configuration = {
        "deploymentConfigurationType": "PipelineComponent",
        "componentId": {"referenceType": "Id", "assetId": pipeline},
        "settings": {"default_compute": "batch-cluster"},
    }
    put(
        BATCH_DEPLOYMENT,
        **endpoint,
        deploymentName="train",
        properties={"deploymentConfiguration": configuration},
    )
    default = {"authMode": "AADToken", "defaults": {"deploymentName": "train"}}
    put(BATCH_ENDPOINT, **endpoint, properties=default)
