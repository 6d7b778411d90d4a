"""The batch endpoint, its deployments, and which of them is the default.

The default can be named only once the deployment exists, so the endpoint is put a second time,
whole, after it: docs/decisions/default-deployment.md.
"""

from typing import NotRequired, TypedDict

import pulumi
from pulumi_azure_native import machinelearningservices, resources

from components.azure.component import Component, Options
from components.azure.made_first import made_first
from components.azure.options import also
from components.azure.ordering import after
from components.azure.placement import PlacementArgs, placed
from components.azure.resource_id import parse
from components.azure.unique_name import unique_name
from components.azure.whole_body_put import Body, put
from components.machine_learning.model_deployment import ModelDeploymentArgs, of_model
from components.machine_learning.pipeline_components.deployment import (
    PipelineDeploymentArgs,
    of_pipeline,
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


class BatchEndpointOutputs:
    """What both forms tell."""

    endpoint_id: pulumi.Output[str]
    """Resource id of the endpoint."""

    endpoint_name: pulumi.Output[str]
    """Name of the endpoint."""

    scoring_uri: pulumi.Output[str]
    """URL that jobs are started at, known once a new endpoint's default deployment is set."""

    def _tell(
        self, endpoint: machinelearningservices.BatchEndpoint, *needed: pulumi.CustomResource
    ) -> dict[str, pulumi.Input[str]]:
        self.endpoint_id = endpoint.id
        self.endpoint_name = endpoint.name
        self.scoring_uri = after(endpoint.properties.apply(lambda told: told.scoring_uri), *needed)
        return {"endpoint_id": self.endpoint_id, "scoring_uri": self.scoring_uri}


class BatchEndpoint(BatchEndpointOutputs, Component):
    """Endpoint with its deployments, one of which is its default."""

    def __init__(self, name: str, args: BatchEndpointArgs, opts: Options = None) -> None:
        super().__init__(name, opts)
        endpoint = _endpoint(name, args, self.child)
        deployment = _default(name, endpoint, args, self.child)
        default = _set_default(name, endpoint, deployment, args, self.child)
        self.register_outputs(self._tell(endpoint, default))


class ExistingBatchEndpoint(BatchEndpointOutputs, Component):
    """An endpoint that exists already, with the default deployment that it has."""

    def __init__(self, name: str, args: ExistingBatchEndpointArgs, opts: Options = None) -> None:
        super().__init__(name, opts)
        endpoint = machinelearningservices.BatchEndpoint.get(
            f"{name}-endpoint", args["endpoint_id"], self.child
        )
        self.register_outputs(self._tell(endpoint))


def _endpoint(
    name: str, args: BatchEndpointArgs, opts: pulumi.ResourceOptions
) -> machinelearningservices.BatchEndpoint:
    # Set by the second PUT; a refresh reads it back, and the next `up` must not erase it.
    kept = also(opts, ignore_changes=["properties.defaults"])
    logical, kept = _of_its_name(f"{name}-endpoint", args, kept)
    return machinelearningservices.BatchEndpoint(
        logical,
        **placed(args),
        workspace_name=args["workspace_name"],
        endpoint_name=args.get("endpoint_name") or unique_name(f"{name}-endpoint", name, opts),
        properties={"auth_mode": "AADToken"},
        opts=kept,
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


def _default(
    name: str,
    endpoint: machinelearningservices.BatchEndpoint,
    args: BatchEndpointArgs,
    opts: pulumi.ResourceOptions,
) -> machinelearningservices.BatchDeployment:
    """Makes every deployment; the one that is to be the default.

    Azure deletes the deployments of an endpoint with it (EX), and may refuse to delete the one that
    is the default (UNVERIFIED): the endpoint takes them along when it goes.
    """
    models, pipelines = args.get("model_deployments") or [], args.get("pipeline_deployments") or []
    wanted = {each["name"]: of_model(each) for each in models}
    wanted |= {each["name"]: of_pipeline(each) for each in pipelines}
    made = {}
    for deployment, properties in wanted.items():
        logical, kept = _of_its_name(f"{name}-deployment-{deployment}", args, opts)
        made[deployment] = machinelearningservices.BatchDeployment(
            logical,
            **placed(args),
            workspace_name=endpoint.id.apply(lambda path: parse(path).names[0]),
            endpoint_name=endpoint.name,
            deployment_name=deployment,
            properties=properties,
            opts=also(kept, deleted_with=endpoint),
        )
    default = args["default_deployment"]
    if default not in made:
        message = (
            f"A new endpoint needs a `default_deployment` that is one of its deployments; found "
            f"{default!r}, accepted: {', '.join(made) or 'none, because there is no deployment'}"
        )
        raise ValueError(message)
    return made[default]
