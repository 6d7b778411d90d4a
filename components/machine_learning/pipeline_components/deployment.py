"""A deployment of a pipeline component on a batch endpoint."""

from typing import TypedDict

import pulumi
from pulumi_azure_native import machinelearningservices

from components.azure.placement import PlacementArgs
from components.azure.resource_id import name_of, parse


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


def deploy_pipeline(
    name: str,
    endpoint: machinelearningservices.BatchEndpoint,
    args: PipelineDeploymentArgs,
    place: PlacementArgs,
    opts: pulumi.ResourceOptions,
) -> machinelearningservices.BatchDeployment:
    """Deploys the pipeline; the endpoint takes the deployment along when it goes."""
    return machinelearningservices.BatchDeployment(
        name,
        resource_group_name=place["resource_group_name"],
        workspace_name=endpoint.id.apply(lambda path: parse(path).names[0]),
        endpoint_name=endpoint.name,
        deployment_name=args["name"],
        location=place.get("location"),
        tags=place.get("tags"),
        properties={
            "deployment_configuration": {
                "deployment_configuration_type": "PipelineComponent",
                "component_id": {"reference_type": "Id", "asset_id": args["component_id"]},
                # The service knows these settings as texts (azure-ai-ml 1.35.2).
                "settings": {
                    "default_compute": name_of(args["compute_id"]),
                    "continue_on_step_failure": str(args["continue_on_step_failure"]).lower(),
                },
            },
        },
        opts=pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(deleted_with=endpoint)),
    )
