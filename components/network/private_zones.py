"""Private DNS zones of the stack's own, linked to the network in which names are asked for."""

import pulumi
from pulumi_azure_native import privatedns

from components.azure.component import Component, Options
from components.azure.options import also
from components.azure.ordering import after
from components.azure.placement import PlacementArgs


class PrivateZonesArgs(PlacementArgs):
    """Arguments of PrivateZones."""

    network_id: pulumi.Input[str]
    """Resource id of the virtual network."""

    zones: list[str]
    """Names of the zones."""


class PrivateZones(Component):
    """Zones and their links."""

    zone_ids: pulumi.Output[dict[str, str]]
    """Resource id of each zone by its name, known once it is linked."""

    def __init__(self, name: str, args: PrivateZonesArgs, opts: Options = None) -> None:
        super().__init__(name, opts)
        made = {zone: _linked(f"{name}-{zone}", zone, args, self.child) for zone in args["zones"]}
        self.zone_ids = pulumi.Output.all(**made)
        self.register_outputs({"zone_ids": self.zone_ids})


def _linked(
    name: str, zone: str, args: PrivateZonesArgs, opts: pulumi.ResourceOptions
) -> pulumi.Output[str]:
    made = privatedns.PrivateZone(
        name,
        resource_group_name=args["resource_group_name"],
        private_zone_name=zone,
        location="global",
        tags=args.get("tags"),
        opts=opts,
    )
    link = privatedns.VirtualNetworkLink(
        f"{name}-link",
        resource_group_name=args["resource_group_name"],
        private_zone_name=made.name,
        location="global",
        tags=args.get("tags"),
        virtual_network={"id": args["network_id"]},
        registration_enabled=False,
        # For another network azurerm's provider makes a link anew; azure-native would not.
        opts=also(opts, replace_on_changes=["virtualNetwork"], delete_before_replace=True),
    )
    return after(made.id, link)
