"""A virtual network of the stack's own, with the subnets of its endpoints and of a site.

An annotation names the SDK's module in quotes: it loads when it is first touched.
"""

from typing import NotRequired

import pulumi
from pulumi_azure_native import network

from components.azure.component import Component, Options
from components.azure.moves import stays
from components.azure.options import also
from components.azure.placement import PlacementArgs, placed


class VirtualNetworkArgs(PlacementArgs):
    """Arguments of VirtualNetwork."""

    address_space: pulumi.Input[str]
    """Its addresses in CIDR notation, at least a /27."""

    endpoints_prefix: pulumi.Input[str]
    """Those of the subnet of private endpoints."""

    workflows_prefix: NotRequired[pulumi.Input[str] | None]
    """Those of the subnet that a Standard plan calls from; without it there is none."""


class VirtualNetwork(Component):
    """Virtual network and subnets."""

    network_id: pulumi.Output[str]
    """Resource id of the network."""

    subnet_id: pulumi.Output[str]
    """Resource id of the subnet that private endpoints lie in."""

    workflows_subnet_id: pulumi.Output[str | None]
    """Resource id of the subnet that a Standard plan calls from."""

    def __init__(self, name: str, args: VirtualNetworkArgs, opts: Options = None) -> None:
        super().__init__(name, opts)
        made = network.VirtualNetwork(
            f"{name}-network",
            **placed(args),
            address_space={"address_prefixes": [args["address_space"]]},
            opts=self.child,
        )
        subnet = network.Subnet(
            f"{name}-endpoints",
            resource_group_name=args["resource_group_name"],
            virtual_network_name=made.name,
            subnet_name="endpoints",
            address_prefix=args["endpoints_prefix"],
            private_endpoint_network_policies="Disabled",
            opts=_in_use(f"{name}-endpoints", self.child),
        )
        sites = _workflows_subnet(name, args, made.name, [subnet], self.child)
        self.network_id = made.id
        self.subnet_id = subnet.id
        self.workflows_subnet_id = pulumi.Output.from_input(sites.id if sites else None)
        self.register_outputs({"subnet_id": self.subnet_id})


def _workflows_subnet(
    name: str,
    args: VirtualNetworkArgs,
    network_name: pulumi.Input[str],
    others: list[pulumi.Resource],
    opts: pulumi.ResourceOptions,
) -> "network.Subnet | None":
    """One for a plan alone, after the others: Azure changes a network once at a time."""
    prefix = args.get("workflows_prefix")
    if prefix is None:
        return None
    return network.Subnet(
        f"{name}-workflows",
        resource_group_name=args["resource_group_name"],
        virtual_network_name=network_name,
        subnet_name="workflows",
        address_prefix=prefix,
        delegations=[{"name": "plan", "service_name": "Microsoft.Web/serverFarms"}],
        opts=_in_use(
            f"{name}-workflows",
            also(opts, depends_on=others),
        ),
    )


def _in_use(name: str, opts: pulumi.ResourceOptions) -> pulumi.ResourceOptions:
    """Options of a subnet whose addresses stay, as Azure has it while anybody has one of them.

    (InUsePrefixCannotBeDeleted, hashicorp/terraform-provider-azurerm#11211)
    """
    hooks = stays(
        f"{name}-addresses-stay",
        lambda inputs: inputs.get("addressPrefix"),
        "The addresses of a subnet can't become {after}, they are {before}: "
        "network.address_space is chosen before the first up; another stack can have another",
    )
    return also(opts, hooks=hooks)
