"""Whether a call reaches the data of a target: by a private endpoint, a rule, or as a service.

Sources: D:storage/common/storage-network-security, D:key-vault/general/network-security. "Trusted
Microsoft services" are known by the managed identity of their own that they call with; the
exception for them holds where public access is off as well.
"""

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network
from typing import Any

from local_azure.control_plane import arm_types
from local_azure.control_plane.clouds import CLOUDS
from local_azure.control_plane.entra.directory import Principal
from local_azure.control_plane.networks import connections
from local_azure.control_plane.networks.links import zones
from local_azure.control_plane.networks.origins import Origin, caller
from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.resource_manager.resource_type import Json
from local_azure.control_plane.resource_manager.shape import Problem, not_emulated
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.control_plane.resource_manager.unknown import UNKNOWN, at

_TRUSTED = {
    arm_types.STORAGE_ACCOUNT: (
        arm_types.FACTORY,
        arm_types.WORKSPACE,
        "Microsoft.EventGrid/domains",
        "Microsoft.EventGrid/systemTopics",
        "Microsoft.EventGrid/topics",
        "Microsoft.Logic/workflows",
    ),
    arm_types.VAULT: (arm_types.FACTORY, arm_types.WORKSPACE),
}
_GROUPS_OF_ENDPOINTS = f"{arm_types.PRIVATE_ENDPOINT}/privateDnsZoneGroups"
_LINKS_OF_ZONES = f"{arm_types.PRIVATE_ZONE}/virtualNetworkLinks"
_SMALLEST = 30
"""Prefix of the smallest range that storage takes; of smaller ones each address is given."""


def admits(control: ControlPlane, target: Resource, group: str, principal: Principal) -> bool:
    """Whether the request that is being answered may have the data of a target.

    Args:
        control: the control plane.
        target: an account, a vault or a workspace.
        group: what of it is called, as private endpoints say it.
        principal: whose token the request carries.
    """
    return reaches(control, target, group, caller()) or _as_service(control, target, principal)


def reaches(control: ControlPlane, target: Resource, group: str, origin: Origin) -> bool:
    """Whether a call from there, whoever makes it, comes to the data of a target."""
    by_address = is_public(target) and _by_rule(_rules(target), origin)
    return (by_address and not _is_kept_in(control, origin)) or _by_endpoint(
        control, target, group, origin
    )


def _rules(target: Resource) -> Json:
    settings = target.properties.get("properties") or target.properties
    found: Json = settings.get("networkRuleSet") or settings.get("networkAcls") or {}
    return found


def is_public(target: Resource) -> bool:
    """Whether a target is reached from the internet at all."""
    settings = target.properties.get("properties") or target.properties
    return str(settings.get("publicNetworkAccess", "Enabled")).lower() == "enabled"


def _by_endpoint(control: ControlPlane, target: Resource, group: str, origin: Origin) -> bool:
    return any(
        each.body["__group"] == group
        and origin.is_in(each.body["__network"])
        and connections.status(each) == connections.APPROVED
        and _is_resolved(control, each.body, group)
        for each in connections.to(control, target)
    )


def _is_resolved(control: ControlPlane, connection: Json, group: str) -> bool:
    """Whether the network finds the endpoint by the target's name; managed networks always do."""
    owner = control.resources.find(connection["__owner"])
    if owner is None or owner.type != arm_types.PRIVATE_ENDPOINT:
        return True
    wanted = {zones(cloud, group)[0] for cloud in CLOUDS}
    found = control.resources.select(_GROUPS_OF_ENDPOINTS, under=owner.id)
    named = [
        config["privateDnsZoneId"]
        for each in found
        for config in each.properties["privateDnsZoneConfigs"]
    ]
    return any(
        _is_linked(control, zone, connection["__network"])
        for zone in named
        if zone.rpartition("/")[2].lower() in wanted
    )


def _is_linked(control: ControlPlane, zone_id: str, network_id: str) -> bool:
    found = control.resources.select(_LINKS_OF_ZONES, under=zone_id)
    ends = [each.properties["virtualNetwork"]["id"].lower() for each in found]
    return network_id.lower() in ends


def _is_kept_in(control: ControlPlane, origin: Origin) -> bool:
    """Whether that is in a managed network that leads to what is approved alone."""
    named = origin.network
    network = control.resources.find(named) if named else None
    mode = at(network.properties, "managedNetwork.isolationMode") if network else None
    return mode == "AllowOnlyApprovedOutbound"


def _by_rule(rules: Json, origin: Origin) -> bool:
    if str(rules.get("defaultAction", "Allow")).lower() == "allow":
        return True
    address = origin.address
    return bool(address) and any(
        IPv4Address(address) in IPv4Network(_range(each)) for each in rules.get("ipRules") or ()
    )


def _range(rule: Json) -> str:
    return str(rule.get("iPAddressOrRange") or rule.get("value"))


def _as_service(control: ControlPlane, target: Resource, who: Principal) -> bool:
    trusted, rules = _TRUSTED.get(target.type, ()), _rules(target)
    bypass = {each.strip() for each in str(rules.get("bypass", "AzureServices")).split(",")}
    services = trusted if "AzureServices" in bypass else ()
    named = {str(each["resourceId"]).lower() for each in rules.get("resourceAccessRules") or ()}
    return any(
        kind in services or each.id.lower() in named
        for kind in trusted
        for each in control.resources.select(kind)
        if at(each.properties, "identity.principalId") == who.object_id
    )


def problems(rules: Any, path: str) -> Iterator[Problem]:
    """What is wrong with the rules of a firewall, an account's or a vault's."""
    if not isinstance(rules, dict):
        return
    for problem in not_emulated(rules, "virtualNetworkRules"):
        yield Problem(f"{path}.{problem.path}", problem.reason)
    given = rules.get("ipRules")
    for index, rule in enumerate(given if isinstance(given, list) else ()):
        if rule is not UNKNOWN and UNKNOWN not in rule.values():
            yield from _range_problem(_range(rule), f"{path}.ipRules[{index}]")


def _range_problem(found: str, path: str) -> Iterator[Problem]:
    try:
        network = IPv4Network(found)
    except ValueError:
        network = None
    small = "/" in found and network is not None and network.prefixlen > _SMALLEST
    if network is None or small or any(map(network.overlaps, _NOT_PUBLIC)):
        accepted = "a public IPv4 address, or a range of them of /30 and larger"
        yield Problem(path, f"found {found!r}, accepted: {accepted}")


_DOCUMENTED = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
_UNVERIFIED = ("0.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3")
_NOT_PUBLIC = tuple(map(IPv4Network, _DOCUMENTED + _UNVERIFIED))
"""Nobody on the internet has these addresses: Azure is documented to refuse the former alone."""
