"""A virtual network of the stack's own, with the subnet of its private endpoints."""

import pulumi
from pulumi_azure_native import network

from components.azure.placement import PlacementArgs


class VirtualNetworkArgs(PlacementArgs):
    """Arguments of VirtualNetwork."""

    address_space: pulumi.Input[str]
    """Its addresses in CIDR notation, at least a /27."""

    endpoints_prefix: pulumi.Input[str]
    """Those of the subnet of private endpoints."""


class VirtualNetwork(pulumi.ComponentResource):
    """Virtual network and subnet."""

    network_id: pulumi.Output[str]
    """Resource id of the network."""

    subnet_id: pulumi.Output[str]
    """Resource id of the subnet that private endpoints lie in."""

    def __init__(
        self, name: str, args: VirtualNetworkArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("azureml-batch-events:index:VirtualNetwork", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        made = network.VirtualNetwork(
            f"{name}-network",
            resource_group_name=args["resource_group_name"],
            location=args.get("location"),
            tags=args.get("tags"),
            address_space={"address_prefixes": [args["address_space"]]},
            opts=child,
        )
        subnet = network.Subnet(
            f"{name}-endpoints",
            resource_group_name=args["resource_group_name"],
            virtual_network_name=made.name,
            subnet_name="endpoints",
            address_prefix=args["endpoints_prefix"],
            private_endpoint_network_policies="Disabled",
            opts=child,
        )
        self.network_id = made.id
        self.subnet_id = subnet.id
        self.register_outputs({"subnet_id": self.subnet_id})
