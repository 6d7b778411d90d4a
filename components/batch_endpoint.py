"""The batch endpoint, its deployment, and which deployment is the default.

The default can be named only once the deployment exists, so the endpoint is put a second time,
whole, after it: docs/decisions/default-deployment.md. An endpoint that exists already is used as
it is, with the default deployment that it has.
"""

from typing import NotRequired

import pulumi
from pulumi_azure_native import machinelearningservices

from components.ordering import after
from components.placement import PlacementArgs
from components.unique_name import unique_name
from components.whole_body_put import Body, put

API_VERSION = "2025-12-01"


class BatchEndpointArgs(PlacementArgs):
    """Arguments of BatchEndpoint."""

    workspace_name: pulumi.Input[str]
    """Workspace of the endpoint."""

    endpoint_name: NotRequired[pulumi.Input[str]]
    """Name of the endpoint, unique in its region; without it a random one."""

    deployment_name: str
    """Name of the deployment, which becomes the default."""

    compute_id: pulumi.Input[str]
    """Resource id of the cluster that jobs run on."""

    model_id: pulumi.Input[str]
    """Asset id of the model."""

    code_id: pulumi.Input[str]
    """Asset id of the code."""

    environment_id: pulumi.Input[str]
    """Asset id of the environment."""

    scoring_script: pulumi.Input[str]
    """File of the code that has `init` and `run`."""

    instance_count: int
    """Nodes of one job."""

    mini_batch_size: int
    """Files that one call of `run` gets."""

    max_concurrency_per_instance: int
    """Calls of `run` at once on one node."""

    error_threshold: int
    """Files that may fail before the job does; -1 lets all of them fail."""

    max_retries: int
    """Retries of a mini-batch that failed."""

    timeout_seconds: int
    """Seconds that one call of `run` may take."""

    output_action: pulumi.Input[str]
    """AppendRow, which collects what `run` returns in one file, or SummaryOnly."""

    output_file_name: pulumi.Input[str]
    """Name of that file."""


class BatchEndpoint(pulumi.ComponentResource):
    """Endpoint with one model deployment, which is its default."""

    endpoint_id: pulumi.Output[str]
    """Resource id of the endpoint."""

    endpoint_name: pulumi.Output[str]
    """Name of the endpoint."""

    scoring_uri: pulumi.Output[str]
    """URL that jobs are started at, known once the default deployment is set."""

    def __init__(
        self, name: str, args: BatchEndpointArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("azureml-batch-events:index:BatchEndpoint", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        given = args.get("endpoint_name")
        endpoint = machinelearningservices.BatchEndpoint(
            f"{name}-endpoint",
            resource_group_name=args["resource_group_name"],
            workspace_name=args["workspace_name"],
            endpoint_name=given or unique_name(f"{name}-endpoint", name, child),
            location=args.get("location"),
            tags=args.get("tags"),
            properties={"auth_mode": "AADToken"},
            # Set by the second PUT; a refresh reads it back, and must not have it taken away.
            opts=pulumi.ResourceOptions(parent=self, ignore_changes=["properties.defaults"]),
        )
        deployment = _deployment(name, endpoint, args, child)
        default = put(
            f"{name}-default",
            args["resource_group_name"],
            Body(
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
            ),
            child,
        )

        self.endpoint_id = endpoint.id
        self.endpoint_name = endpoint.name
        self.scoring_uri = after(scoring_uri(endpoint), default)
        self.register_outputs({"endpoint_id": self.endpoint_id, "scoring_uri": self.scoring_uri})


def scoring_uri(endpoint: machinelearningservices.BatchEndpoint) -> pulumi.Output[str]:
    """Where the service takes jobs; it tells this once the endpoint exists."""
    return endpoint.properties.apply(lambda properties: properties.scoring_uri)


def _deployment(
    name: str,
    endpoint: machinelearningservices.BatchEndpoint,
    args: BatchEndpointArgs,
    opts: pulumi.ResourceOptions,
) -> machinelearningservices.BatchDeployment:
    # Counts come as floats from programs in other languages.
    return machinelearningservices.BatchDeployment(
        f"{name}-deployment",
        resource_group_name=args["resource_group_name"],
        workspace_name=args["workspace_name"],
        endpoint_name=endpoint.name,
        deployment_name=args["deployment_name"],
        location=args.get("location"),
        tags=args.get("tags"),
        properties={
            "model": {"reference_type": "Id", "asset_id": args["model_id"]},
            "code_configuration": {
                "code_id": args["code_id"],
                "scoring_script": args["scoring_script"],
            },
            "environment_id": args["environment_id"],
            "compute": args["compute_id"],
            "resources": {"instance_count": int(args["instance_count"])},
            "mini_batch_size": int(args["mini_batch_size"]),
            "max_concurrency_per_instance": int(args["max_concurrency_per_instance"]),
            "error_threshold": int(args["error_threshold"]),
            "retry_settings": {
                "max_retries": int(args["max_retries"]),
                "timeout": f"PT{int(args['timeout_seconds'])}S",
            },
            "output_action": args["output_action"],
            "output_file_name": args["output_file_name"],
            "logging_level": "Info",
        },
        # An endpoint takes its deployments with it (EX), and may refuse to lose its default alone.
        opts=pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(deleted_with=endpoint)),
    )
