"""From settings to what jobs run in, on and as."""

import re

import pulumi

from components.batch_cluster import BatchCluster
from components.composition.inputs import input_scope
from components.composition.place import beside, existing_workspace_id, in_workspace
from components.compute_identity import ComputeIdentity
from components.input_storage import InputStorage
from components.machine_learning_workspace import MachineLearningWorkspace
from components.placement import PlacementArgs
from components.settings.model import Settings


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
            "existing_workspace_id": existing_workspace_id(settings),
        },
        pulumi.ResourceOptions(protect=settings.protect),
    )


def input_datastore(settings: Settings) -> str:
    """The name of the datastore that the input container becomes."""
    return re.sub(r"\W", "_", in_workspace(settings, "batch_inputs"))


def compute_identity(
    settings: Settings,
    place: PlacementArgs,
    inputs: InputStorage,
    workspace: MachineLearningWorkspace,
) -> ComputeIdentity:
    """Who mounts the inputs."""
    return ComputeIdentity(
        "compute",
        {
            **place,
            "input_scope": input_scope(settings, inputs),
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
