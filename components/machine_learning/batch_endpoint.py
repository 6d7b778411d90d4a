"""The batch endpoint, its deployments, and which of them is the default.

The default can be named only once the deployment exists, so the endpoint is put a second time,
whole, after it: docs/decisions/default-deployment.md.
"""

from typing import NotRequired, TypedDict

import pulumi
from pulumi_azure_native import machinelearningservices, resources

from components.azure.component import Component, Options
from components.azure.made_first import made_first
from components.azure.ordering import after
from components.azure.placement import PlacementArgs
from components.azure.unique_name import unique_name
from components.azure.whole_body_put import Body, put
from components.machine_learning.model_deployment import ModelDeploymentArgs, deploy_model
from components.machine_learning.pipeline_components.deployment import (
    PipelineDeploymentArgs,
    deploy_pipeline,
)

API_VERSION = "2025-12-01"


class BatchEndpointArgs(PlacementArgs):
    """Arguments of BatchEndpoint."""

    workspace_name: pulumi.Input[str]
    """Workspace of the endpoint."""

    endpoint_name: NotRequired[str | None]
    """Name of the endpoint, unique in its region; without it a random one."""

    model_deployments: NotRequired[list[ModelDeploymentArgs]]
    """Deployments of models; a new endpoint needs a deployment of either kind."""

    pipeline_deployments: NotRequired[list[PipelineDeploymentArgs]]
    """Deployments of pipelines."""

    default_deployment: str
    """Name of the deployment that is invoked without a header."""


class ExistingBatchEndpointArgs(TypedDict):
    """Arguments of ExistingBatchEndpoint."""

    endpoint_id: str
    """Resource id of the endpoint."""


class BatchEndpoint(Component):
    """Endpoint with its deployments, one of which is its default."""

    endpoint_id: pulumi.Output[str]
    """Resource id of the endpoint."""

    endpoint_name: pulumi.Output[str]
    """Name of the endpoint."""

    scoring_uri: pulumi.Output[str]
    """URL that jobs are started at, known once the default deployment is set."""

    def __init__(self, name: str, args: BatchEndpointArgs, opts: Options = None) -> None:
        super().__init__(name, opts)
        endpoint = _endpoint(name, args, self)
        default = _set_default(
            name, endpoint, _default(name, endpoint, args, self.child), args, self.child
        )
        self.endpoint_id = endpoint.id
        self.endpoint_name = endpoint.name
        self.scoring_uri = after(_scoring_uri(endpoint), default)
        self.register_outputs({"endpoint_id": self.endpoint_id, "scoring_uri": self.scoring_uri})


class ExistingBatchEndpoint(Component):
    """An endpoint that exists already, with the default deployment that it has."""

    endpoint_id: pulumi.Output[str]
    """Resource id of the endpoint."""

    endpoint_name: pulumi.Output[str]
    """Name of the endpoint."""

    scoring_uri: pulumi.Output[str]
    """URL that jobs are started at."""

    def __init__(self, name: str, args: ExistingBatchEndpointArgs, opts: Options = None) -> None:
        super().__init__(name, opts)
        endpoint = machinelearningservices.BatchEndpoint.get(
            f"{name}-endpoint", args["endpoint_id"], self.child
        )
        self.endpoint_id = endpoint.id
        self.endpoint_name = endpoint.name
        self.scoring_uri = _scoring_uri(endpoint)
        self.register_outputs({"endpoint_id": self.endpoint_id, "scoring_uri": self.scoring_uri})


def _endpoint(
    name: str, args: BatchEndpointArgs, parent: pulumi.Resource
) -> machinelearningservices.BatchEndpoint:
    child = pulumi.ResourceOptions(parent=parent)
    # Set by the second PUT; a refresh reads it back, and the next `up` must not erase it.
    kept = pulumi.ResourceOptions(parent=parent, ignore_changes=["properties.defaults"])
    logical, opts = _of_its_name(f"{name}-endpoint", args, kept)
    return machinelearningservices.BatchEndpoint(
        logical,
        resource_group_name=args["resource_group_name"],
        workspace_name=args["workspace_name"],
        endpoint_name=args.get("endpoint_name") or unique_name(f"{name}-endpoint", name, child),
        location=args.get("location"),
        tags=args.get("tags"),
        properties={"auth_mode": "AADToken"},
        opts=opts,
    )


def _of_its_name(
    logical: str, args: BatchEndpointArgs, opts: pulumi.ResourceOptions
) -> tuple[str, pulumi.ResourceOptions]:
    """An endpoint under another name is made, with all that is in it, before the former goes."""
    chosen = args.get("endpoint_name")
    return made_first(logical, chosen, opts) if chosen else (logical, opts)


def _set_default(
    name: str,
    endpoint: machinelearningservices.BatchEndpoint,
    deployment: machinelearningservices.BatchDeployment,
    args: BatchEndpointArgs,
    opts: pulumi.ResourceOptions,
) -> resources.Deployment:
    body = Body(
        type="Microsoft.MachineLearningServices/workspaces/batchEndpoints",
        api_version=API_VERSION,
        name=pulumi.Output.concat(args["workspace_name"], "/", endpoint.name),
        content={
            "location": endpoint.location,
            "tags": args.get("tags") or {},
            "properties": {
                "authMode": "AADToken",
                "defaults": {"deploymentName": deployment.name},
            },
        },
        created_at=endpoint.system_data.apply(lambda data: data.created_at or ""),
    )
    return put(f"{name}-default", args["resource_group_name"], body, opts)


def _scoring_uri(endpoint: machinelearningservices.BatchEndpoint) -> pulumi.Output[str]:
    """Where the service takes jobs; it tells this once the endpoint exists."""
    return endpoint.properties.apply(lambda properties: properties.scoring_uri)


def _default(
    name: str,
    endpoint: machinelearningservices.BatchEndpoint,
    args: BatchEndpointArgs,
    opts: pulumi.ResourceOptions,
) -> machinelearningservices.BatchDeployment:
    """Makes every deployment; the one that is to be the default."""
    made = {}
    for model in args.get("model_deployments") or []:
        logical, kept = _of_its_name(f"{name}-deployment-{model['name']}", args, opts)
        made[model["name"]] = deploy_model(logical, endpoint, model, args, kept)
    for pipeline in args.get("pipeline_deployments") or []:
        logical, kept = _of_its_name(f"{name}-deployment-{pipeline['name']}", args, opts)
        made[pipeline["name"]] = deploy_pipeline(logical, endpoint, pipeline, args, kept)
    default = args["default_deployment"]
    if default not in made:
        message = (
            f"A new endpoint needs a `default_deployment` that is one of its deployments; found "
            f"{default!r}, accepted: {', '.join(made) or 'none, because there is no deployment'}"
        )
        raise ValueError(message)
    return made[default]
