"""Where a stack's resources are, what they are called and what they are tagged with."""

from collections.abc import Iterable
from typing import TypeVar, cast

import pulumi
from pulumi_azure_native import resources

from components.azure.placement import PlacementArgs
from components.azure.resource_id import parse
from components.identity.access import PrincipalArgs
from components.machine_learning.machine_learning_workspace import (
    MachineLearningWorkspace,
    MachineLearningWorkspaceOutputs,
)
from components.settings import Settings
from components.settings.section import Principal, Section, SystemTopic

_Args = TypeVar("_Args")


def told(section: Section, args: type[_Args]) -> _Args:
    """The part of a component's arguments that has the names of a section's fields."""
    names = type(section).model_fields.keys() & args.__annotations__.keys()
    return cast("_Args", section.model_dump(include=set(names)))


def place_of(settings: Settings) -> PlacementArgs:
    """The stack's resource group, region and tags."""
    name: pulumi.Input[str] | None = settings.resource_group.existing
    if name is None:
        tags = tags_of(settings)
        name = resources.ResourceGroup("batch-events", location=settings.location, tags=tags).name
    return _place(settings, name, settings.location)


def _place(
    settings: Settings, group: pulumi.Input[str], location: pulumi.Input[str]
) -> PlacementArgs:
    place: PlacementArgs = {
        "resource_group_name": group,
        "location": location,
        "tags": tags_of(settings),
    }
    if settings.monitoring.log_workspace is not None:
        place["log_workspace_id"] = settings.monitoring.log_workspace
    return place


def logged(
    settings: Settings, place: PlacementArgs, workspace: MachineLearningWorkspaceOutputs
) -> PlacementArgs:
    """The place of what comes after the workspace, which may bring where logs are kept."""
    if not (settings.monitoring.logs and isinstance(workspace, MachineLearningWorkspace)):
        return place
    return {"log_workspace_id": workspace.log_workspace_id, **place}


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


def beside(workspace: MachineLearningWorkspaceOutputs, settings: Settings) -> PlacementArgs:
    """Clusters and endpoints are where their workspace is."""
    place = _place(settings, workspace.resource_group_name, workspace.location)
    return logged(settings, place, workspace)


def in_workspace(settings: Settings, name: str) -> str:
    """A name in the workspace; in one that exists already the stack's is added.

    Several stacks can share a workspace, and each registers its own datastore and assets in it.
    """
    return name if settings.workspace_id is None else f"{name}_{pulumi.get_stack()}"


def container_id(
    workspace: MachineLearningWorkspaceOutputs, name: pulumi.Input[str]
) -> pulumi.Output[str]:
    """Resource id of a container of the workspace's own account."""
    return pulumi.Output.concat(
        workspace.storage_account_id, "/blobServices/default/containers/", name
    )


def system_topic_id(topic: SystemTopic | None, source_id: str | None) -> str | None:
    """Resource id of a system topic; Azure has it in the subscription of what it is of."""
    if topic is None or source_id is None:
        return None
    return (
        f"/subscriptions/{parse(source_id).subscription_id}/resourceGroups/{topic.resource_group}"
        f"/providers/Microsoft.EventGrid/systemTopics/{topic.name}"
    )


def people(named: Iterable[Principal]) -> list[PrincipalArgs]:
    """Whoever is named, once each: Azure refuses to give the same role twice."""
    once = {each.object_id.lower(): each for each in named}
    return [{"object_id": each.object_id, "type": each.type} for each in once.values()]
