"""From settings to what is invoked, and what it runs."""

import pulumi

from components.azure.resource_id import name_of
from components.identity.publishers import Publishers
from components.machine_learning.batch_cluster import BatchCluster
from components.machine_learning.batch_endpoint import BatchEndpoint
from components.machine_learning.machine_learning_workspace import MachineLearningWorkspace
from components.machine_learning.model_assets import ModelAssets
from components.machine_learning.model_deployment import ModelDeploymentArgs
from components.machine_learning.pipeline_components.assets import PipelineAssets
from components.machine_learning.pipeline_components.deployment import PipelineDeploymentArgs
from components.settings.model import (
    DeploymentSettings,
    ExistingEndpoint,
    PipelineDeploymentSettings,
    Settings,
)
from components.stack.people import people
from components.stack.place import PROJECT, beside, container_id, in_workspace


def batch_endpoint(
    settings: Settings, workspace: MachineLearningWorkspace, cluster: BatchCluster
) -> BatchEndpoint:
    """What is invoked: a new endpoint, with its deployments and what they run."""
    published = _publishers(settings, workspace).artifacts_url
    # Jobs need the workspace's identity with its roles as well: it builds their images.
    compute_id = pulumi.Output.all(cluster.compute_id, workspace.principal_id).apply(
        lambda ready: ready[0]
    )
    models, pipelines = [], []
    for deployment in settings.deployments:
        if isinstance(deployment, DeploymentSettings):
            assets = _model_assets(settings, workspace, published, deployment)
            models.append(_model_deployment(deployment, compute_id, assets))
        else:
            component = _pipeline_assets(settings, workspace, published, deployment)
            pipelines.append(_pipeline_deployment(deployment, compute_id, component))
    return BatchEndpoint(
        "scoring",
        {
            **beside(workspace, settings),
            "workspace_name": workspace.workspace_name,
            "endpoint_name": settings.endpoint.name,
            "model_deployments": models,
            "pipeline_deployments": pipelines,
            "default_deployment": settings.default_deployment,
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
            "model_deployments": [],
            "pipeline_deployments": [],
            "default_deployment": None,
            "existing_endpoint_id": f"{existing.workspace_id}/batchEndpoints/{existing.name}",
        },
    )


def predictions_url(settings: Settings, workspace: MachineLearningWorkspace) -> pulumi.Output[str]:
    """Where jobs without a named output leave predictions, each in a folder of its child run."""
    return pulumi.Output.concat(artifacts_url(settings, workspace), "/azureml/")


def artifacts_url(settings: Settings, workspace: MachineLearningWorkspace) -> pulumi.Output[str]:
    """The container behind the datastore `workspaceblobstore`."""
    return pulumi.Output.concat(
        "https://",
        name_of(workspace.storage_account_id),
        ".",
        settings.cloud.blob_suffix,
        "/",
        workspace.artifacts_container,
    )


def _publishers(settings: Settings, workspace: MachineLearningWorkspace) -> Publishers:
    return Publishers(
        "publishers",
        {
            "publishers": people(settings.publishers),
            "artifacts_url": artifacts_url(settings, workspace),
            "artifacts_container_id": container_id(workspace, workspace.artifacts_container),
        },
    )


def _model_assets(
    settings: Settings,
    workspace: MachineLearningWorkspace,
    published: pulumi.Output[str],
    deployment: DeploymentSettings,
) -> ModelAssets:
    return ModelAssets(
        f"model-{deployment.name}",
        {
            "workspace_id": workspace.workspace_id,
            "artifacts_url": published,
            "login_host": settings.cloud.login_host,
            "model_name": in_workspace(settings, deployment.name),
            "model_path": _in_project(deployment.model_folder),
            "model_id": deployment.model_id,
            "mlflow": deployment.is_mlflow,
            "code_path": str(PROJECT / deployment.code_folder),
            "image": deployment.environment_image,
            "environment_id": deployment.environment_id,
        },
    )


def _pipeline_assets(
    settings: Settings,
    workspace: MachineLearningWorkspace,
    published: pulumi.Output[str],
    deployment: PipelineDeploymentSettings,
) -> PipelineAssets:
    return PipelineAssets(
        f"pipeline-{deployment.name}",
        {
            "workspace_id": workspace.workspace_id,
            "artifacts_url": published,
            "login_host": settings.cloud.login_host,
            "component_name": in_workspace(settings, deployment.name),
            "pipeline_path": str(PROJECT / deployment.file),
        },
    )


def _pipeline_deployment(
    deployment: PipelineDeploymentSettings, compute_id: pulumi.Input[str], assets: PipelineAssets
) -> PipelineDeploymentArgs:
    return {
        "name": deployment.name,
        "compute_id": compute_id,
        "component_id": assets.component_id,
        "continue_on_step_failure": deployment.continue_on_step_failure,
    }


def _model_deployment(
    deployment: DeploymentSettings, compute_id: pulumi.Input[str], assets: ModelAssets
) -> ModelDeploymentArgs:
    ours = not deployment.is_mlflow
    return {
        "name": deployment.name,
        "compute_id": compute_id,
        "model_id": assets.model_id,
        "code_id": assets.code_id if ours else None,
        "environment_id": assets.environment_id if ours else None,
        "scoring_script": deployment.scoring_script if ours else None,
        "environment_variables": dict(deployment.environment_variables),
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
