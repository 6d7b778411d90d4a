"""From settings to components: one function for each, so that the program reads like its diagram.

A function takes the settings, the place, and the components that its own one is built on. What is
the same in every stack stands here too, and nowhere else: names, and who gets which scope.
"""

from pathlib import Path

import pulumi
from pulumi_azure_native import resources

from components.batch_cluster import BatchCluster
from components.batch_endpoint import BatchEndpoint
from components.batch_endpoint_invoker_role import BatchEndpointInvokerRole
from components.batch_event_workflow import BatchEventWorkflow
from components.blob_created_subscription import BlobCreatedSubscription
from components.callers import Callers
from components.compute_identity import ComputeIdentity
from components.input_storage import InputStorage
from components.invoker_service_principal import InvokerServicePrincipal
from components.machine_learning_workspace import MachineLearningWorkspace
from components.model_assets import ModelAssets
from components.model_deployment import ModelDeploymentArgs
from components.placement import PlacementArgs
from components.resource_id import name_of, parse
from components.settings.model import ExistingEndpoint, Settings
from components.workflow_invoker import OwnIdentityArgs, ServicePrincipalArgs

PROJECT = Path(__file__).resolve().parent.parent


def place_of(settings: Settings) -> PlacementArgs:
    """The stack's resource group, region and tags."""
    tags = dict(settings.tags)
    name: pulumi.Input[str] | None = settings.existing_resource_group
    if name is None:
        name = resources.ResourceGroup("batch-events", location=settings.location, tags=tags).name
    return {"resource_group_name": name, "location": settings.location, "tags": {**tags}}


def input_storage(settings: Settings, place: PlacementArgs) -> InputStorage:
    """Where files are dropped."""
    return InputStorage(
        "inputs",
        {
            **place,
            "container": settings.storage.container,
            "dead_letter_container": settings.storage.dead_letter_container,
            "delete_inputs_after_days": settings.storage.delete_inputs_after_days,
            "existing_account_id": settings.storage.existing_account_id,
        },
        pulumi.ResourceOptions(protect=settings.protect),
    )


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
            "storage_suffix": settings.cloud.storage_suffix,
            "existing_workspace_id": _existing_workspace_id(settings),
        },
        pulumi.ResourceOptions(protect=settings.protect),
    )


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
    workspace_id = _existing_workspace_id(settings)
    return BatchCluster(
        "cluster",
        {
            **_beside(workspace, settings),
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
            "model_name": deployment.name,
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
            **_beside(workspace, settings),
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
            **_beside(workspace, settings),
            "workspace_name": workspace.workspace_name,
            "endpoint_name": None,
            "deployment": None,
            "existing_endpoint_id": f"{existing.workspace_id}/batchEndpoints/{existing.name}",
        },
    )


def invoker_role(settings: Settings, workspace: MachineLearningWorkspace) -> pulumi.Input[str]:
    """What lets somebody invoke it."""
    if settings.invoker.existing_role_id is not None:
        return settings.invoker.existing_role_id
    return BatchEndpointInvokerRole(
        "invoker-role",
        {
            "workspace_id": workspace.workspace_id,
            "display_name": f"{_title()} batch endpoint invoker",
        },
    ).role_definition_id


def callers(
    settings: Settings,
    inputs: InputStorage,
    workspace: MachineLearningWorkspace,
    role_definition_id: pulumi.Input[str],
) -> Callers:
    """Who drops files and invokes it by hand."""
    return Callers(
        "callers",
        {
            "callers": [
                {"object_id": caller.object_id, "type": caller.type} for caller in settings.callers
            ],
            "role_definition_id": role_definition_id,
            "workspace_id": workspace.workspace_id,
            "input_container_id": inputs.container_id,
        },
    )


def invoker_service_principal(
    settings: Settings,
    inputs: InputStorage,
    workspace: MachineLearningWorkspace,
    role_definition_id: pulumi.Input[str],
) -> InvokerServicePrincipal:
    """Who invokes it for the workflow, unless the workflow does by an identity of its own."""
    return InvokerServicePrincipal(
        "invoker",
        {
            "display_name": f"{_title()}-invoker",
            "secret_lifetime_days": settings.invoker.secret_lifetime_days,
            "secret_rotation": settings.invoker.secret_rotation,
            "role_definition_id": role_definition_id,
            "workspace_id": workspace.workspace_id,
            "input_scope": input_scope(settings, inputs),
        },
    )


def as_service_principal(
    settings: Settings, invoker: InvokerServicePrincipal, tenant_id: pulumi.Input[str]
) -> ServicePrincipalArgs:
    """The workflow signs in with a secret."""
    return {
        "tenant_id": tenant_id,
        "client_id": invoker.client_id,
        "client_secret": invoker.client_secret,
        "login_host": settings.cloud.login_host,
    }


def as_own_identity(
    settings: Settings,
    inputs: InputStorage,
    workspace: MachineLearningWorkspace,
    role_definition_id: pulumi.Input[str],
) -> OwnIdentityArgs:
    """The workflow has an identity of its own, and no secret."""
    return {
        "role_definition_id": role_definition_id,
        "workspace_id": workspace.workspace_id,
        "input_scope": input_scope(settings, inputs),
    }


def batch_event_workflow(
    settings: Settings,
    place: PlacementArgs,
    inputs: InputStorage,
    endpoint: BatchEndpoint,
    *,
    service_principal: ServicePrincipalArgs | None = None,
    own_identity: OwnIdentityArgs | None = None,
) -> BatchEventWorkflow:
    """What starts a job for an event, as one of the two."""
    return BatchEventWorkflow(
        "on-blob",
        {
            **place,
            "service_principal": service_principal,
            "own_identity": own_identity,
            "endpoint_uri": settings.endpoint.uri or endpoint.scoring_uri,
            "storage_account_id": inputs.account_id,
            "audience": settings.cloud.ml_audience,
            "input_name": settings.workflow.input_name,
            "job_inputs": {**settings.workflow.job_inputs},
            "job_outputs": {**settings.workflow.job_outputs},
            "marker_name": settings.events.marker_name,
            "allowed_callers": list(settings.workflow.allowed_caller_ip_ranges),
        },
    )


def blob_created_subscription(
    settings: Settings, place: PlacementArgs, inputs: InputStorage, workflow: BatchEventWorkflow
) -> BlobCreatedSubscription:
    """What brings it the event."""
    events = settings.events
    return BlobCreatedSubscription(
        "blob-created",
        {
            "resource_group_name": place["resource_group_name"],
            "location": inputs.location,
            "tags": dict(settings.tags),
            "storage_account_id": inputs.account_id,
            "hierarchical": inputs.hierarchical,
            "dead_letter_container_id": inputs.dead_letter_container_id,
            "dead_letter_container_name": inputs.dead_letter_container_name,
            "endpoint_url": workflow.callback_url,
            "subject_begins_with": events.prefix_filter,
            "subject_ends_with": (
                f"/{events.marker_name}" if events.marker_name else events.extension_filter
            ),
            "max_delivery_attempts": events.delivery_attempts,
            "time_to_live_minutes": events.time_to_live_minutes,
            "existing_topic_id": _existing_topic_id(settings),
        },
    )


def input_scope(settings: Settings, inputs: InputStorage) -> pulumi.Output[str]:
    """What jobs may read: the container, or all of an account that is watched as a whole."""
    return inputs.container_id if settings.events.prefix_filter else inputs.account_id


def predictions_url(settings: Settings, workspace: MachineLearningWorkspace) -> pulumi.Output[str]:
    """Where jobs leave their predictions, each in a folder of its name."""
    return pulumi.Output.concat(_artifacts_url(settings, workspace), "/azureml/")


def _title() -> str:
    return f"{pulumi.get_project()}-{pulumi.get_stack()}"


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


def _beside(workspace: MachineLearningWorkspace, settings: Settings) -> PlacementArgs:
    """Clusters and endpoints are where their workspace is."""
    return {
        "resource_group_name": workspace.resource_group_name,
        "location": workspace.location,
        "tags": dict(settings.tags),
    }


def _existing_workspace_id(settings: Settings) -> str | None:
    endpoint = settings.endpoint.existing
    return endpoint.workspace_id if endpoint else settings.existing_workspace_id


def _existing_topic_id(settings: Settings) -> str | None:
    topic, account = settings.events.existing_system_topic, settings.storage.existing_account_id
    if topic is None or account is None:
        return None
    subscription = parse(account).subscription_id
    return (
        f"/subscriptions/{subscription}/resourceGroups/{topic.resource_group}"
        f"/providers/Microsoft.EventGrid/systemTopics/{topic.name}"
    )


def _in_project(folder: str | None) -> str | None:
    return None if folder is None else str(PROJECT / folder)
