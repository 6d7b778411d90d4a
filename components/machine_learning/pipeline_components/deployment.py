"""A deployment of a pipeline component on a batch endpoint."""

from typing import TypedDict

import pulumi
from pulumi_azure_native import machinelearningservices

from components.azure.resource_id import name_of


class PipelineDeploymentArgs(TypedDict):
    """A deployment whose jobs run the steps of a pipeline."""

    name: str
    """Name of the deployment."""

    compute_id: pulumi.Input[str]
    """Resource id of the cluster that the steps run on."""

    component_id: pulumi.Input[str]
    """Asset id of the pipeline's component."""

    continue_on_step_failure: bool
    """Whether steps run that need nothing of one that failed."""


def of_pipeline(
    args: PipelineDeploymentArgs,
) -> machinelearningservices.BatchDeploymentPropertiesArgsDict:
    """Properties of such a deployment."""
    return {
        "deployment_configuration": {
            "deployment_configuration_type": "PipelineComponent",
            "component_id": {"reference_type": "Id", "asset_id": args["component_id"]},
            # The service knows these settings as texts (azure-ai-ml 1.35.2).
            "settings": {
                "default_compute": name_of(args["compute_id"]),
                "continue_on_step_failure": str(args["continue_on_step_failure"]).lower(),
            },
        },
    }
