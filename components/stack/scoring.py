"""From settings to what jobs run in, on and as."""

import re

import pulumi

from components.azure.placement import PlacementArgs
from components.azure.resource_id import parse
from components.identity.compute_identity import ComputeIdentity
from components.machine_learning.batch_cluster import BatchCluster
from components.machine_learning.machine_learning_workspace import MachineLearningWorkspace
from components.machine_learning.pipeline_components.files import read_pipeline
from components.settings.model import (
    DeploymentSettings,
    PipelineDeploymentSettings,
    Settings,
)
from components.stack.inputs import input_scope
from components.stack.place import PROJECT, beside, existing_workspace_id, in_workspace
from components.storage.input_storage import InputStorage


def machine_learning_workspace(
    settings: Settings, place: PlacementArgs, inputs: InputStorage, tenant_id: pulumi.Input[str]
) -> MachineLearningWorkspace:
    """Where jobs run; an endpoint that exists already brings its workspace."""
    return MachineLearningWorkspace(
        "ml",
        {
            **place,
            "tenant_id": tenant_id,
            "input_account_id": inputs.account_id,
            "input_container": inputs.container_name,
            "input_datastore": input_datastore(settings),
            "storage_suffix": settings.cloud.storage_suffix,
            "storage_keys": settings.workspace_storage_keys,
            "builds_images": any(_builds_image(each) for each in settings.deployments),
            "looks_at_inputs": _inputs_are_elsewhere(settings),
            "existing_workspace_id": existing_workspace_id(settings),
        },
        pulumi.ResourceOptions(protect=settings.protect),
    )


def _builds_image(deployment: DeploymentSettings | PipelineDeploymentSettings) -> bool:
    """Whether Azure ML may have to build one; of what is registered elsewhere nobody knows."""
    if isinstance(deployment, DeploymentSettings):
        return deployment.is_mlflow or deployment.environment_id is not None
    steps = read_pipeline(PROJECT / deployment.file).steps.values()
    return any(step.environment_id is not None for step in steps)


def _inputs_are_elsewhere(settings: Settings) -> bool:
    account_id, group = settings.storage.existing_account_id, settings.existing_resource_group
    if account_id is None:
        return False
    return parse(account_id).resource_group.lower() != (group or "").lower()


def input_datastore(settings: Settings) -> str:
    """The name of the datastore that the input container becomes."""
    return re.sub(r"\W", "_", in_workspace(settings, "batch_inputs"))


def compute_identity(
    settings: Settings,
    place: PlacementArgs,
    inputs: InputStorage,
    workspace: MachineLearningWorkspace,
) -> ComputeIdentity:
    """Who mounts the inputs, and writes beside them where the stack says so."""
    writes_beside = settings.workflow.predictions_beside_inputs
    return ComputeIdentity(
        "compute",
        {
            **place,
            "input_scope": input_scope(settings, inputs),
            "output_account_id": (
                account_of_outputs(settings, inputs, workspace) if writes_beside else None
            ),
            "workspace_storage_id": workspace.storage_account_id,
            "registry_id": workspace.registry_id,
        },
    )


def batch_cluster(
    settings: Settings, workspace: MachineLearningWorkspace, identity: ComputeIdentity
) -> BatchCluster:
    """What jobs run on."""
    cluster = settings.cluster
    workspace_id = existing_workspace_id(settings)
    return BatchCluster(
        "cluster",
        {
            **beside(workspace, settings),
            "workspace_name": workspace.workspace_name,
            "cluster_name": cluster.name,
            "identity_id": identity.identity_id,
            "vm_size": cluster.vm_size,
            "low_priority": cluster.priority == "low_priority",
            "min_nodes": cluster.min_nodes,
            "max_nodes": cluster.max_nodes,
            "idle_seconds": cluster.idle_seconds,
            "existing_cluster_id": (
                f"{workspace_id}/computes/{cluster.existing_name}"
                if workspace_id and cluster.existing_name
                else None
            ),
        },
    )


def account_of_outputs(
    settings: Settings, inputs: InputStorage, workspace: MachineLearningWorkspace
) -> pulumi.Output[str]:
    """The input account, which jobs write to as well."""
    if existing_workspace_id(settings) is None:
        return inputs.account_id
    key = (
        "predictions_beside_inputs"
        if settings.workflow.predictions_beside_inputs
        else "output_container"
    )
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
