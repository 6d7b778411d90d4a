"""Where a component's resources go: the part of the arguments that all components share."""

from typing import NotRequired, TypedDict

import pulumi


class PlacementArgs(TypedDict):
    """Resource group, region and tags of everything that a component creates."""

    resource_group_name: pulumi.Input[str]
    """Name of the resource group."""

    location: NotRequired[pulumi.Input[str]]
    """Region, such as `westeurope`; without it the resource group's."""

    tags: NotRequired[pulumi.Input[dict[str, pulumi.Input[str]]]]
    """Tags of each resource that can carry tags."""

    log_workspace_id: NotRequired[pulumi.Input[str]]
    """Resource id of the Log Analytics workspace to which whatever logs sends its logs; without it
    they are not kept."""
