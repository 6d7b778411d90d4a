"""Where a stack's resources are, what they are called and what they are tagged with."""

from pathlib import Path

import pulumi
from pulumi_azure_native import resources

from components.azure.placement import PlacementArgs
from components.azure.resource_id import parse
from components.machine_learning.machine_learning_workspace import MachineLearningWorkspace
from components.settings.model import Settings, SystemTopic

PROJECT = Path(__file__).resolve().parents[2]
"""The folder that files of the configuration are relative to."""


def place_of(settings: Settings) -> PlacementArgs:
    """The stack's resource group, region and tags."""
    tags = tags_of(settings)
    name: pulumi.Input[str] | None = settings.existing_resource_group
    if name is None:
        name = resources.ResourceGroup("batch-events", location=settings.location, tags=tags).name
    return {"resource_group_name": name, "location": settings.location, "tags": {**tags}}


def tags_of(settings: Settings) -> dict[str, pulumi.Input[str]]:
    """What every resource that can carry tags is tagged with; the stack file may say otherwise."""
    return {
        "project": pulumi.get_project(),
        "stack": pulumi.get_stack(),
        "managed_by": "pulumi",
        **settings.tags,
    }


def title() -> str:
    """What things of this stack are called where people see them."""
    return f"{pulumi.get_project()}-{pulumi.get_stack()}"


def beside(workspace: MachineLearningWorkspace, settings: Settings) -> PlacementArgs:
    """Clusters and endpoints are where their workspace is."""
    return {
        "resource_group_name": workspace.resource_group_name,
        "location": workspace.location,
        "tags": tags_of(settings),
    }


def in_workspace(settings: Settings, name: str) -> str:
    """A name in the workspace; in one that exists already the stack's is added.

    Several stacks can share a workspace, and each registers its own datastore and assets in it.
    """
    return name if existing_workspace_id(settings) is None else f"{name}_{pulumi.get_stack()}"


def container_id(
    workspace: MachineLearningWorkspace, name: pulumi.Input[str]
) -> pulumi.Output[str]:
    """Resource id of a container of the workspace's own account."""
    return pulumi.Output.concat(
        workspace.storage_account_id, "/blobServices/default/containers/", name
    )


def system_topic_id(topic: SystemTopic, source_id: str) -> str:
    """Resource id of a system topic; Azure has it in the subscription of what it is of."""
    return (
        f"/subscriptions/{parse(source_id).subscription_id}/resourceGroups/{topic.resource_group}"
        f"/providers/Microsoft.EventGrid/systemTopics/{topic.name}"
    )


def existing_workspace_id(settings: Settings) -> str | None:
    """The workspace to use; an endpoint that exists already brings its own."""
    endpoint = settings.endpoint.existing
    return endpoint.workspace_id if endpoint else settings.existing_workspace_id
