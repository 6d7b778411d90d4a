"""Where a component's resources go: the part of the arguments that all components share."""

from typing import Any, NotRequired, TypedDict

import pulumi


class HardeningArgs(TypedDict):
    """How what holds data is kept from being lost."""

    zone_redundant: bool
    """Whether storage lies in three zones of its region."""

    soft_delete_days: int
    """Days for which deleted blobs and containers can be had back; 0 for none."""

    versioning: bool
    """Whether inputs that are overwritten or deleted stay as versions for as many days."""

    locks: bool
    """Whether storage accounts are locked against being deleted."""


class PrivateNetworkArgs(TypedDict):
    """Where the private endpoints of a private stack lie."""

    subnet_id: pulumi.Input[str]
    """Resource id of their subnet."""

    zones: dict[str, list[pulumi.Input[str]]]
    """Resource ids of the DNS zones of each kind of endpoint, such as `blob`; of a kind without any
    somebody else makes the records."""

    allowed_addresses: list[str]
    """Public addresses, and ranges of them, that reach storage accounts none the less."""

    workflows_subnet_id: NotRequired[pulumi.Input[str] | None]
    """Resource id of the subnet that a Standard plan calls from, delegated to
    Microsoft.Web/serverFarms."""


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

    hardening: NotRequired[HardeningArgs]
    """How storage accounts are kept from being lost; without it they have one zone alone."""

    private_network: NotRequired[PrivateNetworkArgs]
    """Where private endpoints go; without it what is made is public."""


def placed(args: PlacementArgs) -> dict[str, Any]:
    """The arguments of a resource that say where it goes and how it is tagged."""
    return {
        "resource_group_name": args["resource_group_name"],
        "location": args.get("location"),
        "tags": args.get("tags"),
    }
