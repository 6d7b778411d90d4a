"""From settings to what is invoked, and what jobs run in, on and as."""

import pulumi

from components.azure.resource_id import parse
from components.identity.compute_identity import ComputeIdentity
from components.identity.publishers import Publishers
from components.machine_learning.asset_versions import AssetStore
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
from components.machine_learning.managed_network import ManagedNetworkArgs
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
from components.stack.stack import Stack, people, told


def machine_learning_workspace(stack: Stack) -> MachineLearningWorkspaceOutputs:
    """Where jobs run; an endpoint that exists already brings its workspace."""
    settings, inputs = stack.settings, stack.inputs
    opts = pulumi.ResourceOptions(protect=settings.protect)
    datastore: InputDatastoreArgs = {
        "input_account_id": inputs.account_id,
        "input_container": inputs.container_name,
        "input_datastore": stack.datastore("batch_inputs"),
        "storage_suffix": settings.azure.storage_suffix,
    }
    if existing := settings.workspace_id:
        return ExistingMachineLearningWorkspace("ml", {**datastore, "workspace_id": existing}, opts)
    return MachineLearningWorkspace(
        "ml",
        {
            **stack.place,
            **datastore,
            "tenant_id": stack.tenant_id,
            "storage_keys": settings.workspace.storage_keys,
            "builds_images": any(map(_builds_image, settings.deployments)),
            "looks_at_inputs": _inputs_are_elsewhere(settings),
            "keeps_own_logs": settings.monitoring.logs,
            "managed_network": _managed_network(settings),
        },
        opts,
    )


def _managed_network(settings: Settings) -> ManagedNetworkArgs | None:
    network, cluster = settings.network, settings.cluster
    if not (network.private and isinstance(cluster, NewCluster)):
        return None
    return {
        "isolation_mode": network.isolation_mode,
        "image_build_compute": cluster.name,
        "writes_at_inputs": settings.data_factory.output_container is not None
        or settings.blob_events.predictions_beside_inputs,
    }


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


def compute_identity(stack: Stack) -> ComputeIdentity:
    """Who mounts the inputs, and writes beside them where the stack says so."""
    key, workspace = "blob_events.predictions_beside_inputs", stack.workspace
    beside = stack.settings.blob_events.predictions_beside_inputs
    return ComputeIdentity(
        "compute",
        {
            **stack.place,
            "input_scope": stack.input_scope,
            "output_account_id": _account_of_outputs(stack, key) if beside else None,
            "workspace_storage_id": workspace.storage_account_id,
            "registry_id": workspace.registry_id,
        },
    )


def batch_cluster(stack: Stack, identity: ComputeIdentity) -> BatchCluster | ExistingBatchCluster:
    """What jobs run on."""
    cluster, identity_id = stack.settings.cluster, identity.identity_id
    if isinstance(cluster, NewCluster):
        return BatchCluster(
            "cluster",
            {
                **stack.beside_workspace,
                **told(cluster, ClusterSizeArgs),
                "workspace_name": stack.workspace.workspace_name,
                "identity_id": identity_id,
            },
        )
    cluster_id = f"{stack.settings.workspace_id}/computes/{cluster.existing}"
    return ExistingBatchCluster("cluster", {"cluster_id": cluster_id, "identity_id": identity_id})


def output_container(stack: Stack) -> OutputContainer | None:
    """Where pipelines write, unless it is the workspace's own datastore."""
    settings, container = stack.settings, stack.settings.data_factory.output_container
    if container is None or stack.compute is None:
        return None
    return OutputContainer(
        "outputs",
        {
            "account_id": _account_of_outputs(stack, "data_factory.output_container"),
            "container": container,
            "workspace_id": stack.workspace.workspace_id,
            "datastore": stack.datastore("batch_outputs"),
            "storage_suffix": settings.azure.storage_suffix,
            "writer_principal_id": stack.compute.principal_id,
            "readers": people((*settings.callers, *settings.publishers)),
        },
        pulumi.ResourceOptions(protect=settings.protect),
    )


def _account_of_outputs(stack: Stack, key: str) -> pulumi.Output[str]:
    """The input account, which jobs write to as well."""
    account_id = stack.inputs.account_id
    if stack.settings.workspace_id is None:
        return account_id
    return pulumi.Output.all(account_id, stack.workspace.storage_account_id).apply(
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


def publishers(stack: Stack) -> Publishers:
    """Who may upload what deployments are made of."""
    container = stack.workspace.artifacts_container
    return Publishers(
        "publishers",
        {
            "publishers": people(stack.settings.publishers),
            "artifacts_url": stack.artifacts_url,
            "artifacts_container_id": stack.workspace_container_id(container),
        },
    )


def assets(stack: Stack, publishers: Publishers) -> list[ModelAssets | PipelineAssets]:
    """What each deployment is made of, uploaded and registered."""
    return [_assets(stack, publishers, each) for each in stack.settings.deployments]


def _assets(
    stack: Stack, publishers: Publishers, deployment: Deployment
) -> ModelAssets | PipelineAssets:
    store, name = _store(stack, publishers), stack.in_workspace(deployment.name)
    if isinstance(deployment, PipelineDeployment):
        path = str(PROJECT / deployment.pipeline)
        return PipelineAssets(
            f"pipeline-{deployment.name}",
            {**store, "component_name": name, "pipeline_path": path},
        )
    model, registered = deployment.model, is_asset_id(deployment.model)
    return ModelAssets(
        f"model-{deployment.name}",
        {
            **store,
            "model_name": name,
            "model_path": None if registered else str(PROJECT / model),
            "model_id": model if registered else None,
            "mlflow": deployment.is_mlflow,
            "code_path": str(PROJECT / deployment.scoring_code),
            "image": deployment.image,
            "conda_file": read_conda_file(conda) if (conda := deployment.conda_path) else "",
            "environment_id": deployment.environment_id,
        },
    )


def _store(stack: Stack, publishers: Publishers) -> AssetStore:
    return {
        "workspace_id": stack.workspace.workspace_id,
        "artifacts_url": publishers.artifacts_url,
        "login_host": stack.settings.azure.login_host,
    }


def batch_endpoint(
    stack: Stack,
    cluster: BatchCluster | ExistingBatchCluster,
    assets: list[ModelAssets | PipelineAssets],
) -> BatchEndpoint | ExistingBatchEndpoint:
    """What is invoked: a new endpoint, with its deployments."""
    settings, workspace = stack.settings, stack.workspace
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
            **stack.beside_workspace,
            "workspace_name": workspace.workspace_name,
            "endpoint_name": settings.endpoint.name,
            "model_deployments": models,
            "pipeline_deployments": pipelines,
            "default_deployment": settings.default_deployment,
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


def _pipeline_deployment(
    deployment: PipelineDeployment, compute_id: pulumi.Input[str], assets: PipelineAssets
) -> PipelineDeploymentArgs:
    named = told(deployment, PipelineDeploymentArgs)
    return {**named, "compute_id": compute_id, "component_id": assets.component_id}


def predictions_url(stack: Stack) -> pulumi.Output[str]:
    """Where jobs without a named output leave predictions, each in a folder of its child run."""
    return pulumi.Output.concat(stack.artifacts_url, "/azureml/")
