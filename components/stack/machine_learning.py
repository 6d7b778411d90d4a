"""From settings to what is invoked, and what jobs run in, on and as."""

import re

import pulumi

from components.azure.placement import PlacementArgs
from components.azure.resource_id import name_of, parse
from components.identity.compute_identity import ComputeIdentity
from components.identity.publishers import Publishers
from components.machine_learning.batch_cluster import (
    BatchCluster,
    ClusterSizeArgs,
    ExistingBatchCluster,
)
from components.machine_learning.batch_endpoint import BatchEndpoint, ExistingBatchEndpoint
from components.machine_learning.conda_file import read_conda_file
from components.machine_learning.machine_learning_workspace import (
    ExistingMachineLearningWorkspace,
    InputDatastoreArgs,
    MachineLearningWorkspace,
    MachineLearningWorkspaceOutputs,
)
from components.machine_learning.model_assets import ModelAssets
from components.machine_learning.model_deployment import ModelDeploymentArgs, ScoringArgs
from components.machine_learning.output_container import OutputContainer
from components.machine_learning.pipeline_components.assets import PipelineAssets
from components.machine_learning.pipeline_components.deployment import PipelineDeploymentArgs
from components.machine_learning.pipeline_components.files import read_pipeline
from components.settings import Settings
from components.settings.deployments import (
    PROJECT,
    Deployment,
    ModelDeployment,
    PipelineDeployment,
    is_asset_id,
)
from components.settings.workspace import NewCluster
from components.stack.place import beside, container_id, in_workspace, people, told
from components.stack.storage import input_scope
from components.storage.input_storage import InputStorageOutputs


def machine_learning_workspace(
    settings: Settings,
    place: PlacementArgs,
    inputs: InputStorageOutputs,
    tenant_id: pulumi.Input[str],
) -> MachineLearningWorkspaceOutputs:
    """Where jobs run; an endpoint that exists already brings its workspace."""
    opts = pulumi.ResourceOptions(protect=settings.protect)
    datastore: InputDatastoreArgs = {
        "input_account_id": inputs.account_id,
        "input_container": inputs.container_name,
        "input_datastore": input_datastore(settings),
        "storage_suffix": settings.azure.storage_suffix,
    }
    if existing := settings.workspace_id:
        return ExistingMachineLearningWorkspace("ml", {**datastore, "workspace_id": existing}, opts)
    return MachineLearningWorkspace(
        "ml",
        {
            **place,
            **datastore,
            "tenant_id": tenant_id,
            "storage_keys": settings.workspace.storage_keys,
            "builds_images": any(map(_builds_image, settings.deployments)),
            "looks_at_inputs": _inputs_are_elsewhere(settings),
            "keeps_own_logs": settings.monitoring.logs,
        },
        opts,
    )


def _builds_image(deployment: Deployment) -> bool:
    """Whether Azure ML may have to build one; of what is registered elsewhere nobody knows."""
    if isinstance(deployment, ModelDeployment):
        return deployment.is_mlflow or not deployment.image or deployment.conda_path is not None
    steps = read_pipeline(PROJECT / deployment.pipeline).steps.values()
    return any(step.environment_id or step.conda_file for step in steps)


def _inputs_are_elsewhere(settings: Settings) -> bool:
    account_id, group = settings.storage.existing, settings.resource_group.existing
    if account_id is None:
        return False
    return parse(account_id).resource_group.lower() != (group or "").lower()


def input_datastore(settings: Settings) -> str:
    """The name of the datastore that the input container becomes."""
    return re.sub(r"\W", "_", in_workspace(settings, "batch_inputs"))


def compute_identity(
    settings: Settings,
    place: PlacementArgs,
    inputs: InputStorageOutputs,
    workspace: MachineLearningWorkspaceOutputs,
) -> ComputeIdentity:
    """Who mounts the inputs, and writes beside them where the stack says so."""
    outputs = None
    if settings.blob_events.predictions_beside_inputs:
        key = "blob_events.predictions_beside_inputs"
        outputs = _account_of_outputs(settings, inputs, workspace, key)
    return ComputeIdentity(
        "compute",
        {
            **place,
            "input_scope": input_scope(settings, inputs),
            "output_account_id": outputs,
            "workspace_storage_id": workspace.storage_account_id,
            "registry_id": workspace.registry_id,
        },
    )


def batch_cluster(
    settings: Settings, workspace: MachineLearningWorkspaceOutputs, identity: ComputeIdentity
) -> BatchCluster | ExistingBatchCluster:
    """What jobs run on."""
    cluster = settings.cluster
    if isinstance(cluster, NewCluster):
        return BatchCluster(
            "cluster",
            {
                **beside(workspace, settings),
                **told(cluster, ClusterSizeArgs),
                "workspace_name": workspace.workspace_name,
                "identity_id": identity.identity_id,
            },
        )
    cluster_id = f"{settings.workspace_id}/computes/{cluster.existing}"
    return ExistingBatchCluster(
        "cluster", {"cluster_id": cluster_id, "identity_id": identity.identity_id}
    )


def output_container(
    settings: Settings,
    inputs: InputStorageOutputs,
    workspace: MachineLearningWorkspaceOutputs,
    identity: ComputeIdentity | None,
) -> OutputContainer | None:
    """Where pipelines write, unless it is the workspace's own datastore."""
    container = settings.data_factory.output_container
    if container is None or identity is None:
        return None
    return OutputContainer(
        "outputs",
        {
            "account_id": _account_of_outputs(
                settings, inputs, workspace, "data_factory.output_container"
            ),
            "container": container,
            "workspace_id": workspace.workspace_id,
            "datastore": re.sub(r"\W", "_", in_workspace(settings, "batch_outputs")),
            "storage_suffix": settings.azure.storage_suffix,
            "writer_principal_id": identity.principal_id,
            "readers": people((*settings.callers, *settings.publishers)),
        },
        pulumi.ResourceOptions(protect=settings.protect),
    )


def _account_of_outputs(
    settings: Settings,
    inputs: InputStorageOutputs,
    workspace: MachineLearningWorkspaceOutputs,
    key: str,
) -> pulumi.Output[str]:
    """The input account, which jobs write to as well."""
    if settings.workspace_id is None:
        return inputs.account_id
    return pulumi.Output.all(inputs.account_id, workspace.storage_account_id).apply(
        lambda accounts: _another_than(key, *accounts)
    )


def _another_than(key: str, account_id: str, of_workspace: str) -> str:
    """The input account; at the workspace's own the cluster's identity has the roles already."""
    if account_id.lower() == of_workspace.lower():
        raise pulumi.RunError(
            f"{key} has to be left out: the input account is the workspace's own, so that "
            "workspaceblobstore, where jobs then write, lies in it already"
        )
    return account_id


def existing_batch_endpoint(endpoint_id: str) -> ExistingBatchEndpoint:
    """What is invoked: an endpoint that exists already, with deployments of its own."""
    return ExistingBatchEndpoint("scoring", {"endpoint_id": endpoint_id})


def publishers(settings: Settings, workspace: MachineLearningWorkspaceOutputs) -> Publishers:
    """Who may upload what deployments are made of."""
    return Publishers(
        "publishers",
        {
            "publishers": people(settings.publishers),
            "artifacts_url": artifacts_url(settings, workspace),
            "artifacts_container_id": container_id(workspace, workspace.artifacts_container),
        },
    )


def assets(
    settings: Settings, workspace: MachineLearningWorkspaceOutputs, publishers: Publishers
) -> list[ModelAssets | PipelineAssets]:
    """What each deployment is made of, uploaded and registered."""
    published = publishers.artifacts_url
    return [
        _model_assets(settings, workspace, published, each)
        if isinstance(each, ModelDeployment)
        else _pipeline_assets(settings, workspace, published, each)
        for each in settings.deployments
    ]


def batch_endpoint(
    settings: Settings,
    workspace: MachineLearningWorkspaceOutputs,
    cluster: BatchCluster | ExistingBatchCluster,
    assets: list[ModelAssets | PipelineAssets],
) -> BatchEndpoint | ExistingBatchEndpoint:
    """What is invoked: a new endpoint, with its deployments."""
    # Jobs need the workspace's identity with its roles as well: it builds their images.
    compute_id = pulumi.Output.all(cluster.compute_id, workspace.principal_id).apply(
        lambda ready: ready[0]
    )
    models: list[ModelDeploymentArgs] = []
    pipelines: list[PipelineDeploymentArgs] = []
    for deployment, made in zip(settings.deployments, assets, strict=True):
        if isinstance(deployment, ModelDeployment) and isinstance(made, ModelAssets):
            models.append(_model_deployment(deployment, compute_id, made))
        elif isinstance(deployment, PipelineDeployment) and isinstance(made, PipelineAssets):
            pipelines.append(_pipeline_deployment(deployment, compute_id, made))
    return BatchEndpoint(
        "scoring",
        {
            **beside(workspace, settings),
            "workspace_name": workspace.workspace_name,
            "endpoint_name": settings.endpoint.name,
            "model_deployments": models,
            "pipeline_deployments": pipelines,
            "default_deployment": settings.default_deployment,
        },
    )


def _model_assets(
    settings: Settings,
    workspace: MachineLearningWorkspaceOutputs,
    published: pulumi.Output[str],
    deployment: ModelDeployment,
) -> ModelAssets:
    model, registered = deployment.model, is_asset_id(deployment.model)
    return ModelAssets(
        f"model-{deployment.name}",
        {
            "workspace_id": workspace.workspace_id,
            "artifacts_url": published,
            "login_host": settings.azure.login_host,
            "model_name": in_workspace(settings, deployment.name),
            "model_path": None if registered else str(PROJECT / model),
            "model_id": model if registered else None,
            "mlflow": deployment.is_mlflow,
            "code_path": str(PROJECT / deployment.scoring_code),
            "image": deployment.image,
            "conda_file": read_conda_file(conda) if (conda := deployment.conda_path) else "",
            "environment_id": deployment.environment_id,
        },
    )


def _model_deployment(
    deployment: ModelDeployment, compute_id: pulumi.Input[str], assets: ModelAssets
) -> ModelDeploymentArgs:
    ours = not deployment.is_mlflow
    return {
        **told(deployment, ScoringArgs),
        "compute_id": compute_id,
        "model_id": assets.model_id,
        "code_id": assets.code_id if ours else None,
        "environment_id": assets.environment_id if ours else None,
    }


def _pipeline_assets(
    settings: Settings,
    workspace: MachineLearningWorkspaceOutputs,
    published: pulumi.Output[str],
    deployment: PipelineDeployment,
) -> PipelineAssets:
    return PipelineAssets(
        f"pipeline-{deployment.name}",
        {
            "workspace_id": workspace.workspace_id,
            "artifacts_url": published,
            "login_host": settings.azure.login_host,
            "component_name": in_workspace(settings, deployment.name),
            "pipeline_path": str(PROJECT / deployment.pipeline),
        },
    )


def _pipeline_deployment(
    deployment: PipelineDeployment, compute_id: pulumi.Input[str], assets: PipelineAssets
) -> PipelineDeploymentArgs:
    named = told(deployment, PipelineDeploymentArgs)
    return {**named, "compute_id": compute_id, "component_id": assets.component_id}


def predictions_url(
    settings: Settings, workspace: MachineLearningWorkspaceOutputs
) -> pulumi.Output[str]:
    """Where jobs without a named output leave predictions, each in a folder of its child run."""
    return pulumi.Output.concat(artifacts_url(settings, workspace), "/azureml/")


def artifacts_url(
    settings: Settings, workspace: MachineLearningWorkspaceOutputs
) -> pulumi.Output[str]:
    """The container behind the datastore `workspaceblobstore`."""
    return pulumi.Output.concat(
        "https://",
        name_of(workspace.storage_account_id),
        ".",
        settings.azure.blob_suffix,
        "/",
        workspace.artifacts_container,
    )
