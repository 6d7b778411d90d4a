"""A pipeline-component endpoint that trains: another team's, in the stack's workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from components.clouds import PUBLIC
from local_azure.machinelearning.resources.batch_deployment import BATCH_DEPLOYMENT
from local_azure.machinelearning.resources.batch_endpoint import BATCH_ENDPOINT
from local_azure.machinelearning.resources.components import COMPONENT_CONTAINER, COMPONENT_VERSION
from local_azure.tenant import DEPLOYER
from tests.local.machinelearning.pipeline_world import ENVIRONMENT, binding

if TYPE_CHECKING:
    from local_azure.resource_manager.resource_type import ResourceType
    from tests.stack.event_path.deployed import Deployed

Json = dict[str, Any]
URI = "https://trainer.westeurope.inference.ml.azure.com/jobs"
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


def deploy(stack: Deployed) -> None:
    """Make the endpoint, its deployment and what this runs."""
    group, workspace = stack.outputs["resource_group_name"], stack.outputs["workspace_name"]
    place = {"resourceGroupName": group, "workspaceName": workspace}

    def put(type_: ResourceType, **inputs: Any) -> str:
        manager = stack.running.azure.manager
        work = manager.put(type_, {**place, **inputs}, DEPLOYER, PUBLIC, new=False)
        return str(stack.running.run(work).id)

    def register(name: str, spec: Json) -> str:
        put(COMPONENT_CONTAINER, name=name, properties={})
        return put(COMPONENT_VERSION, name=name, version="1", properties={"componentSpec": spec})

    pipeline = register("train-again", _pipeline(register("train", TRAIN)))
    endpoint = {"endpointName": "trainer", "location": "westeurope"}
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
