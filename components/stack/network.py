"""From settings to the network of a private stack."""

import pulumi

from components.azure.placement import PrivateNetworkArgs
from components.network.private_zones import PrivateZones
from components.network.virtual_network import VirtualNetwork, VirtualNetworkArgs
from components.network.zones import zones_of
from components.stack.stack import Stack, told


def private_network(stack: Stack) -> PrivateNetworkArgs:
    """Where its private endpoints go: into a subnet that there is, or one of its own."""
    wanted, workflows = stack.settings.network, stack.settings.workflows
    network_id: pulumi.Input[str] | None = wanted.network_id
    subnet_id: pulumi.Input[str] | None = wanted.existing_subnet
    standard = workflows.plan == "standard"
    workflows_subnet_id: pulumi.Input[str] | None = workflows.subnet_id
    if network_id is None or subnet_id is None:
        args: VirtualNetworkArgs = {**stack.place, **told(wanted, VirtualNetworkArgs)}
        args["workflows_prefix"] = wanted.workflows_prefix if standard else None
        made = VirtualNetwork("private", args)
        network_id, subnet_id = made.network_id, made.subnet_id
        workflows_subnet_id = made.workflows_subnet_id.apply(str) if standard else None
    return {
        "subnet_id": subnet_id,
        "zones": _zones(stack, network_id),
        "allowed_addresses": list(wanted.allowed_addresses),
        "workflows_subnet_id": workflows_subnet_id,
    }


def _zones(stack: Stack, network_id: pulumi.Input[str]) -> dict[str, list[pulumi.Input[str]]]:
    """The zones of each kind of endpoint: the stack's, a hub's, or none."""
    wanted, azure = stack.settings.network, stack.settings.azure
    if not wanted.zone_groups:
        return {}
    named = zones_of(azure.name, azure.storage_suffix)
    if hub := wanted.existing_zones:
        inside = f"{hub}/providers/Microsoft.Network/privateDnsZones"
        return {group: [f"{inside}/{zone}" for zone in zones] for group, zones in named.items()}
    all_of_them = [zone for zones in named.values() for zone in zones]
    made = PrivateZones(
        "private-zones", {**stack.place, "network_id": network_id, "zones": all_of_them}
    ).zone_ids
    return {group: [made[zone] for zone in zones] for group, zones in named.items()}
