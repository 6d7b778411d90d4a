"""A model deployment of a batch endpoint."""

from typing import NotRequired, TypedDict

import pulumi
from pulumi_azure_native import machinelearningservices


class ScoringArgs(TypedDict):
    """How a deployment's jobs score."""

    name: str
    """Name of the deployment."""

    scoring_script: NotRequired[str | None]
    """File of the code that has `init` and `run`; unused without code."""

    environment_variables: NotRequired[dict[str, str] | None]
    """Of the process that scores; whoever reads the deployment reads them."""

    instance_count: int
    """Nodes of one job."""

    mini_batch_size: int
    """Files that one call of `run` gets."""

    max_concurrency_per_instance: int
    """Calls of `run` at once on one node."""

    error_threshold: int
    """Files that may fail before the job does; -1 lets all of them fail."""

    mini_batch_retries: int
    """Retries of a mini-batch that failed."""

    mini_batch_timeout_seconds: int
    """Seconds that one call of `run` may take."""

    output_action: str
    """append_row, which collects what `run` returns in one file, or summary_only."""

    output_file_name: str
    """Name of that file."""


class ModelDeploymentArgs(ScoringArgs):
    """A deployment whose jobs score with a model."""

    compute_id: pulumi.Input[str]
    """Resource id of the cluster that jobs run on."""

    model_id: pulumi.Input[str]
    """Asset id of the model."""

    code_id: NotRequired[pulumi.Input[str] | None]
    """Asset id of the code; left out for an MLflow model, as the next."""

    environment_id: NotRequired[pulumi.Input[str] | None]
    """Asset id of the environment."""


def of_model(
    args: ModelDeploymentArgs,
) -> machinelearningservices.BatchDeploymentPropertiesArgsDict:
    """Properties of such a deployment."""
    # Counts come as floats from programs in other languages.
    properties: machinelearningservices.BatchDeploymentPropertiesArgsDict = {
        "model": {"reference_type": "Id", "asset_id": args["model_id"]},
        "compute": args["compute_id"],
        "resources": {"instance_count": args["instance_count"]},
        "mini_batch_size": args["mini_batch_size"],
        "max_concurrency_per_instance": args["max_concurrency_per_instance"],
        "error_threshold": args["error_threshold"],
        "retry_settings": {
            "max_retries": args["mini_batch_retries"],
            "timeout": f"PT{int(args['mini_batch_timeout_seconds'])}S",
        },
        "output_action": "AppendRow" if args["output_action"] == "append_row" else "SummaryOnly",
        "output_file_name": args["output_file_name"],
        "logging_level": "Info",
    }
    if variables := args.get("environment_variables"):
        properties["environment_variables"] = variables
    script, code_id = args.get("scoring_script"), args.get("code_id")
    # Of an MLflow model Azure makes script and environment itself.
    if script is not None and code_id is not None:
        properties["code_configuration"] = {"code_id": code_id, "scoring_script": script}
        properties["environment_id"] = args.get("environment_id")
    return properties
