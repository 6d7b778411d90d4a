"""Networks, endpoints and zones as resources: what Azure checks, and what each tells of others."""

from collections.abc import Iterator

import pytest

from local_azure.commands.console_client import Console
from local_azure.commands.environment import check_network
from local_azure.control_plane.entra.directory import Principal
from local_azure.control_plane.tenant import SUBSCRIPTION
from local_azure.errors import LocalAzureError
from local_azure_tests.conftest import Running
from local_azure_tests.core.rest_client import Client
from local_azure_tests.network.world import (
    ACCOUNT,
    FACTORY,
    GLOBAL,
    HERE,
    MANAGED,
    NETWORK,
    OWN_ACCOUNT,
    REGISTRY,
    SUBNET,
    VAULT,
    Json,
    World,
    account,
    allowing,
    endpoint,
    link,
    managed,
    named_endpoint,
    network,
    registry,
    runtime,
    state,
    subnet,
    vault,
    zone,
    zone_group,
)

OTHER_NETWORK = {**GLOBAL, "properties": {"virtualNetwork": {"id": f"{NETWORK}2"}}}
BLOBS, VAULTS = "privatelink.blob.core.windows.net", "privatelink.vaultcore.azure.net"
INPUTS = named_endpoint("inputs-blob")
GROUPS = f"{INPUTS}/privateDnsZoneGroups"
SITES = f"{NETWORK}/subnets/sites"
FAR = {**endpoint(ACCOUNT, "blob"), "location": "northeurope"}
SIXTEEN = {f"tag{number}": "told" for number in range(16)}
DELEGATED: Json = {
    "delegations": [{"name": "sites", "properties": {"serviceName": "Microsoft.Web/serverFarms"}}]
}
BASIC = f"{REGISTRY}basic"
BARE = f"{FACTORY}-bare"
UNMANAGED = f"{BARE}/managedVirtualNetworks/default"


@pytest.fixture(scope="module")
def world(running: Running) -> World:
    made = World(running)
    made.make()
    made.put(BASIC, registry("Basic"))
    made.put(BARE, HERE)
    for each in (BLOBS, VAULTS):
        made.put(zone(each), GLOBAL)
    made.put(INPUTS, endpoint(ACCOUNT, "blob"))
    made.put(f"{zone(BLOBS)}/virtualNetworkLinks/net", link())
    made.put(f"{GROUPS}/default", zone_group(zone(BLOBS)))
    made.put(SITES, subnet("10.0.0.32/28", **DELEGATED))
    return made


@pytest.mark.parametrize(
    ("path", "body", "told"),
    [
        (zone("new.example"), GLOBAL, "The Zone new.example"),
        (f"{zone(VAULTS)}/virtualNetworkLinks/new", link(), "The Virtual network link new"),
    ],
)
def test_what_az_makes_must_not_be_there_yet(
    world: World, running: Running, path: str, body: Json, told: str
) -> None:
    az = World(running, Client(running, headers={"If-None-Match": "*"}))

    assert az.send("PUT", path, body)[0] < 300
    refused = az.send("PUT", path, body)
    world.delete(path)

    words = f"{told} exists already and hence cannot be created again."
    assert refused == (412, {"error": {"code": "PreconditionFailed", "message": words}})


REFUSED: list[tuple[str, Json, str]] = [
    (f"{NETWORK}2", network(), "addressSpace.addressPrefixes: missing"),
    (f"{NETWORK}2", network("10.0.0.1/24"), "found '10.0.0.1/24', accepted: an IPv4 range"),
    (NETWORK, network("10.1.0.0/24"), "NetcfgInvalidSubnet: Subnet 'endpoints' is not valid"),
    (f"{NETWORK}/subnets/a", subnet("10.0.1.0/28"), "NetcfgInvalidSubnet: Subnet 'a' is not"),
    (f"{NETWORK}/subnets/a", subnet("10.0.0.0/29"), "NetcfgSubnetRangesOverlap: Subnet 'a'"),
    (f"{NETWORK}/subnets/a", subnet("10.0.0.128/30"), "accepted: /29 and larger"),
    (SUBNET, subnet("10.0.0.0/28", **DELEGATED), "the subnet has private endpoints, which"),
    (f"{INPUTS}2", endpoint(ACCOUNT, "vault"), "found ['vault'], accepted: one of blob, dfs"),
    (f"{INPUTS}2", endpoint(f"{ACCOUNT}2", "blob"), "does not exist"),
    (f"{INPUTS}2", endpoint(BASIC, "registry"), "is not Premium, which alone has endpoints"),
    (f"{INPUTS}2", endpoint(NETWORK, "blob"), "accepted: Microsoft.Storage/storageAccounts"),
    (f"{INPUTS}2", endpoint(ACCOUNT, "blob", subnet=SITES), "the subnet is delegated"),
    (f"{INPUTS}2", FAR, "found 'northeurope', accepted: the network's, 'westeurope'"),
    (INPUTS, endpoint(ACCOUNT, "queue"), "Cannot change the private link connection on private"),
    (f"{GROUPS}/another", zone_group(zone(BLOBS)), "has a zone group already, 'default'"),
    (f"{GROUPS}/default", zone_group(zone(VAULTS)), f"found '{VAULTS}', accepted: {BLOBS}"),
    (zone("example.org"), HERE, "found 'westeurope', accepted: 'global'"),
    (zone("example.org"), {**GLOBAL, "tags": SIXTEEN}, "found 16, accepted: 15 at most"),
    (f"{zone(BLOBS)}/virtualNetworkLinks/again", link(), f"the network has a zone '{BLOBS}'"),
    (f"{zone(BLOBS)}/virtualNetworkLinks/net", OTHER_NETWORK, "'virtualNetwork.id' is not allowed"),
    (f"{MANAGED[:-7]}another", {"properties": {}}, "found 'another', accepted: 'default'"),
    (f"{UNMANAGED}/managedPrivateEndpoints/a", managed(ACCOUNT, "blob"), "ParentResourceNotFound"),
    (f"{BARE}/integrationRuntimes/inside", runtime(), "does not exist"),
    (f"{ACCOUNT}/privateEndpointConnections/made-up", state("Approved"), "ResourceNotFound"),
    (ACCOUNT, account(**allowing("10.0.0.4")), "found '10.0.0.4', accepted: a public IPv4 address"),
    (ACCOUNT, account(**allowing("169.254.0.0/16")), "found '169.254.0.0/16', accepted: a public"),
    (ACCOUNT, account(**allowing("203.0.113.10/32")), "a range of them of /30 and larger"),
    (BASIC, registry("Basic", publicNetworkAccess="Disabled"), "the sku 'Premium' alone has"),
    (VAULT, vault(publicNetworkAccess="Sometimes"), "found 'Sometimes'"),
]


@pytest.mark.parametrize(("path", "body", "why"), REFUSED)
def test_what_azure_refuses_is_refused(world: World, path: str, body: Json, why: str) -> None:
    assert why in world.refused(path, body)


@pytest.mark.parametrize(
    ("path", "code"),
    [
        (NETWORK, "InUseVirtualNetworkCannotBeDeleted"),
        (SUBNET, "InUseSubnetCannotBeDeleted"),
        (zone(BLOBS), "CannotDeleteResource"),
    ],
)
def test_what_is_in_use_stays(world: World, path: str, code: str) -> None:
    status, told = world.send("DELETE", path)

    assert (status, told["error"]["code"]) == (409, code)


def test_a_subnet_in_use_keeps_its_addresses(world: World) -> None:
    assert "IpPrefix 10.0.0.0/28 on Subnet endpoints has active allocations" in world.refused(
        SUBNET, subnet("10.0.0.96/28")
    )


def test_a_network_tells_its_subnets_as_they_are_by_now(world: World) -> None:
    world.put(f"{NETWORK}/subnets/passing", subnet("10.0.0.64/28"))
    before = [each["name"] for each in world.get(NETWORK)["properties"]["subnets"]]
    world.delete(f"{NETWORK}/subnets/passing")
    after = [each["name"] for each in world.get(NETWORK)["properties"]["subnets"]]

    assert before == [*after, "passing"]
    assert after[:2] == ["endpoints", "sites"]


def test_each_endpoint_has_the_next_free_address_of_its_subnet(world: World) -> None:
    world.put(f"{NETWORK}/subnets/small", subnet("10.0.0.80/29"))
    for name in ("one", "two", "three"):
        body = endpoint(VAULT, "vault", subnet=f"{NETWORK}/subnets/small")
        told = world.put(named_endpoint(name), body)["properties"]["customDnsConfigs"]

    assert told == [{"fqdn": "private-vault.vaultcore.azure.net", "ipAddresses": ["10.0.0.86"]}]
    assert "SubnetIsFull" in world.refused(named_endpoint("four"), body)


def test_an_endpoint_leaves_its_names_to_its_zone_group_until_that_goes(world: World) -> None:
    named = named_endpoint("named")
    names = world.put(named, endpoint(VAULT, "vault"))["properties"]["customDnsConfigs"]
    group = f"{named}/privateDnsZoneGroups/default"
    (config,) = world.put(group, zone_group(zone(VAULTS)))["properties"]["privateDnsZoneConfigs"]
    beside = world.get(named)["properties"]["customDnsConfigs"]
    world.delete(group)
    after = world.get(named)["properties"]["customDnsConfigs"]
    world.delete(named)

    assert config["properties"]["recordSets"] == [{**names[0], "recordType": "A", "ttl": 10}]
    assert (beside, after) == ([], names)


def test_a_client_is_inside_of_a_network_that_there_is(world: World) -> None:
    running = world.running
    console = Console(running.azure.ports.now["console"], running.home.secret("console"))

    check_network(console, "Private-Net")
    with pytest.raises(LocalAzureError, match=r"found none; .* are: .*private-net.*\.$"):
        check_network(console, "none")


@pytest.fixture
def connected(world: World) -> Iterator[Json]:
    """An endpoint to a file share, and its one connection."""
    share = named_endpoint("share")
    world.put(share, endpoint(OWN_ACCOUNT, "file"))
    yield world.connections(OWN_ACCOUNT)[0]
    world.delete(share)


def _state(world: World, name: str = "share") -> str:
    told = world.get(named_endpoint(name))["properties"]["privateLinkServiceConnections"][0]
    state: str = told["properties"]["privateLinkServiceConnectionState"]["status"]
    return state


def test_an_endpoint_of_whoever_may_approve_it_is_approved_at_once(
    world: World, connected: Json
) -> None:
    told = world.get(OWN_ACCOUNT)["properties"]["privateEndpointConnections"]

    assert (_state(world), world.states(OWN_ACCOUNT)) == ("Approved", ["Approved"])
    connected_to = [each["properties"]["privateEndpoint"]["id"] for each in told]
    assert connected_to == [named_endpoint("share")]
    assert connected["name"].startswith("share.")


def test_both_sides_tell_what_the_owner_of_the_target_says(world: World, connected: Json) -> None:
    world.decide(OWN_ACCOUNT, "Rejected")
    assert (_state(world), world.states(OWN_ACCOUNT)) == ("Rejected", ["Rejected"])

    world.decide(OWN_ACCOUNT, "Approved")
    world.put(named_endpoint("share"), endpoint(OWN_ACCOUNT, "file"))
    assert (_state(world), world.connections(OWN_ACCOUNT)[0]["id"]) == ("Approved", connected["id"])


def test_an_endpoint_outlives_its_connection_disconnected(world: World, connected: Json) -> None:
    world.delete(connected["id"])
    told = world.get(OWN_ACCOUNT)["properties"]["privateEndpointConnections"]

    assert (_state(world), told) == ("Disconnected", [])


def test_an_endpoint_stays_while_its_target_is_locked(world: World, connected: Json) -> None:
    del connected
    lock = f"{OWN_ACCOUNT}/providers/Microsoft.Authorization/locks/keep"
    world.put(lock, {"properties": {"level": "CanNotDelete"}})

    status, told = world.send("DELETE", named_endpoint("share"))
    world.delete(lock)

    assert (status, told["error"]["code"]) == (409, "ScopeLocked")


def test_a_connection_goes_with_its_endpoint(world: World, connected: Json) -> None:
    del connected
    world.delete(named_endpoint("share"))

    assert world.connections(OWN_ACCOUNT) == []
    assert world.get(OWN_ACCOUNT)["properties"]["privateEndpointConnections"] == []


NETWORKER = Principal("11111111-0000-4000-8000-000000000001", "", "User", "networker")


@pytest.fixture
def networker(world: World) -> World:
    """Somebody who may do anything with networks, and nothing with accounts."""
    azure = world.running.azure

    def introduce() -> None:
        azure.directory.add(NETWORKER)
        role = "4d97b98b-1d4f-4787-a291-c67834d212e7"  # Network Contributor
        azure.authorization.assign("networker", NETWORKER.object_id, role, SUBSCRIPTION)

    world.running.call(introduce)
    return World(world.running, Client(world.running, NETWORKER))


def test_who_may_not_approve_asks_the_owner(world: World, networker: World) -> None:
    path = named_endpoint("asking")

    assert networker.refused(path, endpoint(OWN_ACCOUNT, "table")).startswith(
        "LinkedAuthorizationFailed"
    )
    networker.put(path, endpoint(OWN_ACCOUNT, "table", by_hand=True))
    assert world.states(OWN_ACCOUNT) == ["Pending"]
    networker.delete(path)


def test_a_managed_endpoint_waits_for_the_owner_of_its_target(world: World) -> None:
    path = f"{MANAGED}/managedPrivateEndpoints/vault"
    world.put(MANAGED, {"properties": {}})
    world.put(f"{FACTORY}/integrationRuntimes/inside", runtime())
    before = world.put(path, managed(REGISTRY, "registry"))["properties"]["connectionState"]
    (waiting,) = world.connections(REGISTRY)
    world.decide(REGISTRY, "Approved")
    after = world.get(path)["properties"]["connectionState"]

    named = {"fqdns": ["images.azurecr.io"], **managed(REGISTRY, "registry")["properties"]}
    again = [world.refused(other, {"properties": named}) for other in (path, f"{path}-2")]
    world.delete(path)

    endpoint_id = waiting["properties"]["privateEndpoint"]["id"].rpartition("/providers/")[2]
    assert (before["status"], endpoint_id, after["status"], world.connections(REGISTRY)) == (
        "Pending",
        "Microsoft.Network/privateEndpoints/private-factory.vault",
        "Approved",
        [],
    )
    words = "A managed private endpoint to the data source already exist."
    assert [words in each for each in again] == [True, True], again
