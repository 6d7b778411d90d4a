"""From settings to what is invoked, and what it runs."""

from pathlib import Path

import pulumi

from components.batch_cluster import BatchCluster
from components.batch_endpoint import BatchEndpoint
from components.composition.place import beside, in_workspace
from components.machine_learning_workspace import MachineLearningWorkspace
from components.model_assets import ModelAssets
from components.model_deployment import ModelDeploymentArgs
from components.resource_id import name_of
from components.settings.model import ExistingEndpoint, Settings

PROJECT = Path(__file__).resolve().parents[2]


def model_assets(settings: Settings, workspace: MachineLearningWorkspace) -> ModelAssets:
    """What a job does."""
    deployment = settings.deployment
    return ModelAssets(
        "model",
        {
            "workspace_id": workspace.workspace_id,
            "artifacts_url": _artifacts_url(settings, workspace),
            "artifacts_container_id": pulumi.Output.concat(
                workspace.storage_account_id,
                "/blobServices/default/containers/",
                workspace.artifacts_container,
            ),
            "publishers": [
                {"object_id": publisher.object_id, "type": publisher.type}
                for publisher in settings.publishers
            ],
            "login_host": settings.cloud.login_host,
            "model_name": in_workspace(settings, deployment.name),
            "model_path": _in_project(deployment.model_folder),
            "model_id": deployment.model_id,
            "code_path": str(PROJECT / deployment.code_folder),
            "image": deployment.environment_image,
            "environment_id": deployment.environment_id,
        },
    )


def batch_endpoint(
    settings: Settings,
    workspace: MachineLearningWorkspace,
    cluster: BatchCluster,
    assets: ModelAssets,
) -> BatchEndpoint:
    """What is invoked: a new endpoint, with the deployment that does it."""
    return BatchEndpoint(
        "scoring",
        {
            **beside(workspace, settings),
            "workspace_name": workspace.workspace_name,
            "endpoint_name": settings.endpoint.name,
            "deployment": _deployment(settings, cluster, assets),
            "existing_endpoint_id": None,
        },
    )


def existing_batch_endpoint(
    settings: Settings, workspace: MachineLearningWorkspace, existing: ExistingEndpoint
) -> BatchEndpoint:
    """What is invoked: an endpoint that exists already, with deployments of its own."""
    return BatchEndpoint(
        "scoring",
        {
            **beside(workspace, settings),
            "workspace_name": workspace.workspace_name,
            "endpoint_name": None,
            "deployment": None,
            "existing_endpoint_id": f"{existing.workspace_id}/batchEndpoints/{existing.name}",
        },
    )


def predictions_url(settings: Settings, workspace: MachineLearningWorkspace) -> pulumi.Output[str]:
    """Where jobs leave their predictions, each in a folder of its name."""
    return pulumi.Output.concat(_artifacts_url(settings, workspace), "/azureml/")


def _artifacts_url(settings: Settings, workspace: MachineLearningWorkspace) -> pulumi.Output[str]:
    """The container behind the datastore `workspaceblobstore`."""
    return pulumi.Output.concat(
        "https://",
        name_of(workspace.storage_account_id),
        ".",
        settings.cloud.blob_suffix,
        "/",
        workspace.artifacts_container,
    )


def _deployment(
    settings: Settings, cluster: BatchCluster, assets: ModelAssets
) -> ModelDeploymentArgs:
    deployment = settings.deployment
    return {
        "name": deployment.name,
        "compute_id": cluster.compute_id,
        "model_id": assets.model_id,
        "code_id": assets.code_id,
        "environment_id": assets.environment_id,
        "scoring_script": deployment.scoring_script,
        "instance_count": deployment.instance_count,
        "mini_batch_size": deployment.mini_batch_size,
        "max_concurrency_per_instance": deployment.max_concurrency_per_instance,
        "error_threshold": deployment.error_threshold,
        "max_retries": deployment.max_retries,
        "timeout_seconds": deployment.timeout_seconds,
        "append_rows": deployment.output_action == "append_row",
        "output_file_name": deployment.output_file_name,
    }


def _in_project(folder: str | None) -> str | None:
    return None if folder is None else str(PROJECT / folder)
