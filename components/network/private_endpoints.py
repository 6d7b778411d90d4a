"""What a private stack does to a resource: its public door is shut, a private endpoint opened."""

from collections.abc import Iterable
from typing import Any

import pulumi
from pulumi_azure_native import network

from components.azure.options import also
from components.azure.placement import PlacementArgs, placed

_NAMES = ["customDnsConfigs"]
"""The endpoint tells its names until it has a zone group, which comes later (resource
azurerm_private_endpoint of terraform-provider-azurerm): that is no drift."""


def private_endpoints(
    name: str,
    target_id: pulumi.Input[str],
    groups: Iterable[str],
    args: PlacementArgs,
    opts: pulumi.ResourceOptions,
) -> list[pulumi.CustomResource]:
    """Private endpoints of a resource, one for each group; none where the stack is public.

    They come one after the other: several at once fail at a storage account with
    StorageAccountOperationInProgress (Azure/bicep-registry-modules#6001).

    Args:
        name: logical name of the resource.
        target_id: its resource id.
        groups: parts of it, as Private Link names them, such as `blob`.
        args: where it is, and where its endpoints go.
        opts: options of each.

    Returns:
        what has to exist before the names of the resource lead to the endpoints.
    """
    if "private_network" not in args:
        return []
    made: list[pulumi.CustomResource] = []
    for group in groups:
        later = also(opts, depends_on=made[-1:])
        made.append(_endpoint(f"{name}-{group}", target_id, group, args, later))
    return made


def _endpoint(
    name: str,
    target_id: pulumi.Input[str],
    group: str,
    args: PlacementArgs,
    opts: pulumi.ResourceOptions,
) -> pulumi.CustomResource:
    within = args["private_network"]
    endpoint = network.PrivateEndpoint(
        f"{name}-endpoint",
        **placed(args),
        subnet={"id": within["subnet_id"]},
        private_link_service_connections=[
            {"name": group, "private_link_service_id": target_id, "group_ids": [group]}
        ],
        opts=also(opts, ignore_changes=_NAMES),
    )
    zones = within["zones"].get(group, [])
    if not zones:
        return endpoint
    return network.PrivateDnsZoneGroup(
        f"{name}-zones",
        resource_group_name=args["resource_group_name"],
        private_endpoint_name=endpoint.name,
        private_dns_zone_group_name="default",
        private_dns_zone_configs=[
            {"name": f"zone-{number}", "private_dns_zone_id": zone}
            for number, zone in enumerate(zones)
        ],
        opts=opts,
    )


def public_access(args: PlacementArgs) -> str:
    """Whether a resource can be reached by public addresses."""
    return "Disabled" if "private_network" in args else "Enabled"


def account_access(args: PlacementArgs) -> str | None:
    """The same of a storage account; None where the stack is public and it goes without saying."""
    if "private_network" not in args:
        return None
    return "Enabled" if args["private_network"]["allowed_addresses"] else "Disabled"


def account_rules(args: PlacementArgs) -> Any:
    """An account's firewall: trusted services of Azure, and the addresses that are allowed.

    The services come in without public access too (D:storage/common/storage-network-security), as
    Event Grid has to, which has no private way to an account of dead letters.
    """
    if "private_network" not in args:
        return None
    allowed = args["private_network"]["allowed_addresses"]
    return {
        "default_action": "Deny",
        "bypass": "AzureServices",
        "ip_rules": [{"i_p_address_or_range": each, "action": "Allow"} for each in allowed],
    }
