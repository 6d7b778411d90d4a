"""Private endpoints: an address in a subnet for one group of one target, and its names.

Application security groups, addresses of one's own choice and endpoints of services of one's own
are not emulated.
"""

from collections.abc import Iterator
from dataclasses import replace
from ipaddress import IPv4Network
from itertools import islice
from uuid import NAMESPACE_URL, uuid5

from local_azure.control_plane import arm_types
from local_azure.control_plane.networks import connections
from local_azure.control_plane.networks.connections import APPROVED, PENDING, Owner
from local_azure.control_plane.networks.links import GROUPS, zones
from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.resource_manager import form
from local_azure.control_plane.resource_manager.errors import ConflictError, ControlPlaneError
from local_azure.control_plane.resource_manager.resource_type import Json, Put
from local_azure.control_plane.resource_manager.shape import Problem, missing, not_emulated
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.control_plane.resource_manager.unknown import UNKNOWN
from local_azure.services.network.place import answered, network_type

_AT_ONCE, _BY_HAND = "privateLinkServiceConnections", "manualPrivateLinkServiceConnections"
_STATE = "privateLinkServiceConnectionState"
_GROUP = f"{arm_types.PRIVATE_ENDPOINT}/privateDnsZoneGroups"
_CONFIGS = "privateDnsZoneConfigs"
_NAMES = "customDnsConfigs"
"""Empty where a zone group tells the names (resource azurerm_private_endpoint of
terraform-provider-azurerm)."""
_NOT_EMULATED = ("applicationSecurityGroups", "extendedLocation", "ipConfigurations")
_OF_A_NAME = ("fqdn", "ipAddresses")
_OF_AZURE = 4
"""The first addresses of each subnet are Azure's own; so is the last."""


class ConnectionStaysError(ControlPlaneError):
    """Another target or group for an endpoint (Azure/bicep-registry-modules#7285)."""

    code = "CannotChangePrivateLinkConnectionOnPrivateEndpoint"
    said = (
        "Cannot change the private link connection on private endpoint {endpoint}. Please ensure "
        "you are not updating the details of existing private link connection: '{connection}'. "
        "That is not allowed."
    )


class SubnetIsFullError(ConflictError):
    """No address is left (the sentence is UNVERIFIED)."""

    code = "SubnetIsFull"
    said = "Subnet {subnet} does not have enough capacity for 1 IP address."


def _rules(inputs: Json) -> Iterator[Problem]:
    yield from not_emulated(inputs, *_NOT_EMULATED)
    given = [inputs.get(key) for key in (_AT_ONCE, _BY_HAND)]
    if UNKNOWN not in given and sum(len(each or ()) for each in given) != 1:
        yield Problem(_AT_ONCE, f"accepted: one connection, here or in {_BY_HAND}")
    yield from missing(inputs, "subnet", why="an endpoint lies in a subnet")
    for each in (each for some in given if isinstance(some, list) for each in some):
        if each is not UNKNOWN and not isinstance(each.get("groupIds"), list | type(UNKNOWN)):
            yield Problem(f"{_AT_ONCE}[0].groupIds", "missing; a connection is for a group")


def _connection(body: Json) -> Json:
    found: list[Json] = body.get(_AT_ONCE) or body[_BY_HAND]
    return found[0]


def _check(put: Put) -> None:
    subnet = put.linked("subnet.id", put.body["subnet"]["id"])
    network = put.linked("subnet.id", subnet.id.rpartition("/subnets/")[0])
    put.authorize_linked("Microsoft.Network/virtualNetworks/subnets/join/action", subnet.id)
    if subnet.properties["delegations"]:
        raise put.refuse("subnet.id", "the subnet is delegated; accepted: one that is not")
    if network.properties["location"] != put.location:
        reason = f"found {put.location!r}, accepted: the network's, "
        raise put.refuse("location", f"{reason}{network.properties['location']!r}")
    given = _connection(put.body)
    path = f"{_AT_ONCE}[0].privateLinkServiceId"
    target = put.linked(path, given["privateLinkServiceId"], *GROUPS)
    _check_group(put, target, given["groupIds"])
    if put.body.get(_AT_ONCE):
        put.authorize_linked(connections.approval(target), target.id)
    was = put.before and _connection(put.before.body)
    if was and (was["privateLinkServiceId"], was["groupIds"]) != (
        given["privateLinkServiceId"],
        given["groupIds"],
    ):
        raise ConnectionStaysError(put.id, f"{put.id}/{_AT_ONCE}/{given.get('name', put.name)}")


def _check_group(put: Put, target: Resource, groups: list[str]) -> None:
    offered = GROUPS[target.type]
    if len(groups) != 1 or groups[0] not in offered:
        reason = f"found {groups}, accepted: one of {', '.join(offered)}"
        raise put.refuse(f"{_AT_ONCE}[0].groupIds", reason)
    if target.type == arm_types.REGISTRY and target.properties["sku"]["name"] != "Premium":
        reason = f"the registry '{target.name}' is not Premium, which alone has endpoints"
        raise put.refuse(f"{_AT_ONCE}[0].privateLinkServiceId", reason)


def _answer(put: Put) -> Json:
    given, at_once = _connection(put.body), bool(put.body.get(_AT_ONCE))
    known = connections.of(put.control, put.id)
    state = connections.status(known[0]) if known else APPROVED if at_once else PENDING
    name = given.get("name", put.name)
    kind = _AT_ONCE if at_once else _BY_HAND
    told = {
        **given,
        "id": f"{put.id}/{kind}/{name}",
        "name": name,
        _STATE: {"status": state, "description": "", "actionsRequired": "None"},
        "provisioningState": "Succeeded",
    }
    guid = uuid5(NAMESPACE_URL, put.id.lower())
    card = put.body.get("customNetworkInterfaceName") or f"{put.name}.nic.{guid}"
    home = put.id.partition("/privateEndpoints/")[0]
    return {
        **answered(put),
        _AT_ONCE: [],
        _BY_HAND: [],
        kind: [told],
        _NAMES: put.kept(_NAMES, lambda: [_named(put, given)]),
        "customNetworkInterfaceName": put.body.get("customNetworkInterfaceName", ""),
        "ipConfigurations": [],
        "networkInterfaces": [{"id": f"{home}/networkInterfaces/{card}"}],
        "subnet": {"id": put.body["subnet"]["id"]},
    }


def _named(put: Put, given: Json) -> Json:
    """One name of the target, whose others are not told here, and the next free address."""
    target = given["privateLinkServiceId"].rpartition("/")[2].lower()
    zone = zones(put.cloud, given["groupIds"][0])[0].removeprefix("privatelink.")
    return dict(zip(_OF_A_NAME, (f"{target}.{zone}", [_free_address(put)]), strict=True))


def _names(control: ControlPlane, endpoint: Resource) -> list[Json]:
    """The endpoint's names and addresses, which it tells itself, or its zone group for it."""
    groups = control.resources.select(_GROUP, under=endpoint.id)
    configs = [config for group in groups for config in group.properties[_CONFIGS]]
    records = [record for config in configs for record in config["recordSets"]]
    return [*endpoint.properties[_NAMES], *records]


def _free_address(put: Put) -> str:
    subnet = put.linked("subnet.id", put.body["subnet"]["id"])
    taken = {
        address
        for each in put.control.resources.select(arm_types.PRIVATE_ENDPOINT)
        if each.properties["subnet"]["id"].lower() == subnet.id.lower()
        for name in _names(put.control, each)
        for address in name["ipAddresses"]
    }
    hosts = IPv4Network(subnet.properties["addressPrefix"]).hosts()
    for address in islice(hosts, _OF_AZURE - 1, None):
        if str(address) not in taken:
            return str(address)
    raise SubnetIsFullError(subnet.id)


def _commit(put: Put, _: Json) -> None:
    given = _connection(put.body)
    target = put.linked(_AT_ONCE, given["privateLinkServiceId"])
    network = put.body["subnet"]["id"].rpartition("/subnets/")[0]
    owner = Owner(put.id, network, given["groupIds"][0])
    status = APPROVED if put.body.get(_AT_ONCE) else PENDING
    connections.connect(put.control, target, owner, status)


PRIVATE_ENDPOINT = network_type(
    "network:PrivateEndpoint",
    arm_types.PRIVATE_ENDPOINT,
    "privateEndpointName",
    answer=_answer,
    rules=_rules,
    check=_check,
    # Azure refuses it, azure-native replaces for it (provider/pkg/gen/replacement.go).
    replaces=("subnet.id",),
    form=form.of_items(_AT_ONCE, _BY_HAND),
    commit=_commit,
    forget=lambda control, endpoint: connections.disconnect(control, endpoint.id),
)


def _group_rules(inputs: Json) -> Iterator[Problem]:
    if not inputs.get(_CONFIGS):
        yield Problem(_CONFIGS, "missing; a group has a zone")


def _check_zones(put: Put) -> None:
    resources, endpoint = put.control.resources, _endpoint_of(put.control, put.id)
    for other in resources.select(_GROUP, under=endpoint.id):
        if other.id.lower() != put.id.lower():
            raise put.refuse("name", f"the endpoint has a zone group already, '{other.name}'")
    accepted = zones(put.cloud, _connection(endpoint.body)["groupIds"][0])
    for index, config in enumerate(put.body[_CONFIGS]):
        path = f"{_CONFIGS}[{index}].privateDnsZoneId"
        zone = put.linked(path, config["privateDnsZoneId"], arm_types.PRIVATE_ZONE)
        put.authorize_linked("Microsoft.Network/privateDnsZones/join/action", zone.id)
        if zone.name.lower() not in accepted:
            reason = f"found {zone.name!r}, accepted: {' or '.join(accepted)}"
            raise put.refuse(path, reason)


def _endpoint_of(control: ControlPlane, group_id: str) -> Resource:
    endpoint = control.resources.find(group_id.partition("/privateDnsZoneGroups/")[0])
    assert endpoint is not None  # noqa: S101 parents are looked for first
    return endpoint


def _group_answer(put: Put) -> Json:
    names = _names(put.control, _endpoint_of(put.control, put.id))
    records = [{**name, "recordType": "A", "ttl": 10} for name in names]
    first, *others = put.body[_CONFIGS]
    told = [{**first, "recordSets": records}, *({**each, "recordSets": []} for each in others)]
    return {**answered(put, regional=False), _CONFIGS: told}


def _tell_names(control: ControlPlane, endpoint: Resource, names: list[Json]) -> None:
    control.resources.put(replace(endpoint, properties={**endpoint.properties, _NAMES: names}))


def _forget_group(control: ControlPlane, group: Resource) -> None:
    endpoint = _endpoint_of(control, group.id)
    names = [{key: name[key] for key in _OF_A_NAME} for name in _names(control, endpoint)]
    _tell_names(control, endpoint, names)


ZONE_GROUP = network_type(
    "network:PrivateDnsZoneGroup",
    _GROUP,
    "privateEndpointName privateDnsZoneGroupName",
    answer=_group_answer,
    rules=_group_rules,
    check=_check_zones,
    commit=lambda put, _: _tell_names(put.control, _endpoint_of(put.control, put.id), []),
    forget=_forget_group,
    regional=False,
    form=form.of_items(_CONFIGS),
)
