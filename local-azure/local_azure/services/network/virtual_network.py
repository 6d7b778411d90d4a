"""Virtual networks and their subnets, each a resource of its own.

Peerings, address pools, service endpoints, route tables, security groups and gateways are not
emulated; nothing here routes packets.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from ipaddress import IPv4Network

from local_azure.control_plane import arm_types
from local_azure.control_plane.entra.directory import Principal
from local_azure.control_plane.networks import integration
from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.resource_manager import form
from local_azure.control_plane.resource_manager.answers import chosen, without_version
from local_azure.control_plane.resource_manager.errors import ControlPlaneError
from local_azure.control_plane.resource_manager.resource_type import Json, Put
from local_azure.control_plane.resource_manager.shape import Problem, not_emulated
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.control_plane.resource_manager.unknown import UNKNOWN, at
from local_azure.services.network.place import InUseError, answered, network_type

_NETWORK = "Microsoft.Network/virtualNetworks"
_SUBNET = f"{_NETWORK}/subnets"
_LINK = f"{arm_types.PRIVATE_ZONE}/virtualNetworkLinks"
_NOT_OF_NETWORKS = (
    "bgpCommunities",
    "ddosProtectionPlan",
    "dhcpOptions",
    "enableDdosProtection",
    "enableVmProtection",
    "encryption",
    "extendedLocation",
    "flowTimeoutInMinutes",
    "ipAllocations",
    "subnets",
    "virtualNetworkPeerings",
)
_NOT_OF_SUBNETS = (
    "addressPrefixes",
    "applicationGatewayIPConfigurations",
    "ipAllocations",
    "ipamPoolPrefixAllocations",
    "natGateway",
    "networkSecurityGroup",
    "routeTable",
    "serviceEndpointPolicies",
    "serviceEndpoints",
    "sharingScope",
)
_LONGEST_PREFIX = 29
"""Five addresses of each subnet are Azure's own, so that a smaller one would have none left."""


class InvalidSubnetError(ControlPlaneError):
    """A subnet outside of its network's ranges."""

    code = "NetcfgInvalidSubnet"
    said = "Subnet '{subnet}' is not valid in virtual network '{network}'."


class OverlappingSubnetError(ControlPlaneError):
    """A subnet that has addresses of another."""

    code = "NetcfgSubnetRangesOverlap"
    said = (
        "Subnet '{subnet}' is not valid because its IP address range overlaps with that of an "
        "existing subnet in virtual network '{network}'."
    )


class PrefixInUseError(ControlPlaneError):
    """Other addresses for a subnet in use (hashicorp/terraform-provider-azurerm#11211)."""

    code = "InUsePrefixCannotBeDeleted"
    said = "IpPrefix {prefix} on Subnet {subnet} has active allocations and cannot be deleted."


def _ranges(prefixes: Iterable[str]) -> list[IPv4Network]:
    return [IPv4Network(each) for each in prefixes]


def _prefix_problem(path: str, found: object) -> Iterator[Problem]:
    try:
        IPv4Network(str(found))
    except ValueError:
        accepted = "an IPv4 range in CIDR form whose host bits are 0, such as '10.0.0.0/24'"
        yield Problem(path, f"found {found!r}, accepted: {accepted}")


def _network_rules(inputs: Json) -> Iterator[Problem]:
    yield from not_emulated(inputs, *_NOT_OF_NETWORKS)
    prefixes = at(inputs, "addressSpace.addressPrefixes")
    if not prefixes and inputs.get("addressSpace") is not UNKNOWN:
        yield Problem("addressSpace.addressPrefixes", "missing; a network has a range of addresses")
    for index, found in enumerate(prefixes or ()):
        if found is not UNKNOWN:
            yield from _prefix_problem(f"addressSpace.addressPrefixes[{index}]", found)


def _check_network(put: Put) -> None:
    """Its subnets stay inside of it."""
    space = _ranges(put.body["addressSpace"]["addressPrefixes"])
    for subnet in put.control.resources.select(_SUBNET, under=put.id):
        if not _is_in(IPv4Network(subnet.properties["addressPrefix"]), space):
            raise InvalidSubnetError(subnet.name, put.name)


def _is_in(inner: IPv4Network, space: list[IPv4Network]) -> bool:
    return any(inner.subnet_of(each) for each in space)


def _network_answer(put: Put) -> Json:
    return {
        **answered(put),
        "addressSpace": {"addressPrefixes": put.body["addressSpace"]["addressPrefixes"]},
        "enableDdosProtection": False,
        "privateEndpointVNetPolicies": put.body.get("privateEndpointVNetPolicies", "Disabled"),
        "resourceGuid": put.kept("resourceGuid"),
        "subnets": _told_subnets(put.control, put.id),
        "virtualNetworkPeerings": [],
    }


def _check_network_unused(control: ControlPlane, network: Resource, _: Principal) -> None:
    ends = [
        link
        for link in control.resources.select(_LINK)
        if link.properties["virtualNetwork"]["id"].lower() == network.id.lower()
    ]
    users = [each.id for each in (*ends, *_endpoints(control, f"{network.id}/subnets/"))]
    users += integration.links(control, network.id)
    if users:
        raise InUseError("InUseVirtualNetworkCannotBeDeleted", network.id, users)


def _endpoints(control: ControlPlane, under: str) -> list[Resource]:
    """The private endpoints in subnets whose ids begin so."""
    found = control.resources.select(arm_types.PRIVATE_ENDPOINT)
    return [each for each in found if _subnet(each).startswith(under.lower())]


def _subnet(endpoint: Resource) -> str:
    return f"{endpoint.properties['subnet']['id']}/".lower()


def _subnet_rules(inputs: Json) -> Iterator[Problem]:
    yield from not_emulated(inputs, *_NOT_OF_SUBNETS)
    found = inputs.get("addressPrefix")
    if found is None:
        yield Problem("addressPrefix", "missing; a subnet has a range of addresses")
    elif found is not UNKNOWN:
        problems = list(_prefix_problem("addressPrefix", found))
        yield from problems
        if not problems and IPv4Network(found).prefixlen > _LONGEST_PREFIX:
            yield Problem("addressPrefix", f"found {found!r}, accepted: /29 and larger")


def _check_subnet(put: Put) -> None:
    resources, own = put.control.resources, IPv4Network(put.body["addressPrefix"])
    network = resources.find(put.id.rpartition("/subnets/")[0])
    assert network is not None  # noqa: S101 parents are looked for first
    if not _is_in(own, _ranges(network.properties["addressSpace"]["addressPrefixes"])):
        raise InvalidSubnetError(put.name, network.name)
    for other in resources.select(_SUBNET, under=network.id):
        if other.id.lower() != put.id.lower() and own.overlaps(
            IPv4Network(other.properties["addressPrefix"])
        ):
            raise OverlappingSubnetError(put.name, network.name)
    _check_prefix(put)
    if put.body.get("delegations") and _endpoints(put.control, f"{put.id}/"):
        raise put.refuse("delegations", "the subnet has private endpoints, which take none")


def _check_prefix(put: Put) -> None:
    """Whoever is in a subnet keeps the addresses that there are."""
    kept = put.before.properties["addressPrefix"] if put.before else put.body["addressPrefix"]
    in_use = _endpoints(put.control, f"{put.id}/") or integration.links(put.control, put.id)
    if kept != put.body["addressPrefix"] and in_use:
        raise PrefixInUseError(kept, put.name)


def _subnet_answer(put: Put) -> Json:
    delegations = put.body.get("delegations") or ()
    return {
        **answered(put, regional=False),
        **chosen(put.body, ["addressPrefix", "defaultOutboundAccess"]),
        "delegations": [
            {
                "id": f"{put.id}/delegations/{each['name']}",
                "name": each["name"],
                "serviceName": each.get("serviceName"),
                "provisioningState": "Succeeded",
            }
            for each in delegations
        ],
        "privateEndpointNetworkPolicies": put.body.get(
            "privateEndpointNetworkPolicies", "Disabled"
        ),
        "privateLinkServiceNetworkPolicies": put.body.get(
            "privateLinkServiceNetworkPolicies", "Enabled"
        ),
    }


def _check_subnet_unused(control: ControlPlane, subnet: Resource, _: Principal) -> None:
    users = [each.id for each in _endpoints(control, f"{subnet.id}/")]
    users += integration.links(control, subnet.id)
    if users:
        raise InUseError("InUseSubnetCannotBeDeleted", f"Subnet {subnet.name}", users)


def _tell_network(control: ControlPlane, subnet_id: str) -> None:
    """Let the network tell its subnets as they are by now."""
    network = control.resources.find(subnet_id.rpartition("/subnets/")[0])
    if network:
        told = {**network.properties, "subnets": _told_subnets(control, network.id)}
        control.resources.put(replace(network, properties=told))


def _told_subnets(control: ControlPlane, network_id: str) -> list[Json]:
    found = control.resources.select(_SUBNET, under=network_id)
    return [{"id": each.id, **without_version(each.properties)} for each in found]


def _forget_subnet(control: ControlPlane, subnet: Resource) -> None:
    control.resources.delete(subnet.id)
    _tell_network(control, subnet.id)


VIRTUAL_NETWORK = network_type(
    "network:VirtualNetwork",
    _NETWORK,
    "virtualNetworkName",
    answer=_network_answer,
    rules=_network_rules,
    check=_check_network,
    check_delete=_check_network_unused,
    replaces=("location",),
    form=form.of_items("subnets"),
)
SUBNET = network_type(
    "network:Subnet",
    _SUBNET,
    "virtualNetworkName subnetName",
    answer=_subnet_answer,
    rules=_subnet_rules,
    check=_check_subnet,
    check_delete=_check_subnet_unused,
    commit=lambda put, _: _tell_network(put.control, put.id),
    forget=_forget_subnet,
    regional=False,
    form=form.of_items("delegations"),
)
