"""Standard Logic Apps in a subnet: whose storage is private, what they need then, and leaving."""

from typing import Any

import pytest

from local_azure_tests.core.rest_client import refusal
from local_azure_tests.logic.conftest import Cloud
from local_azure_tests.logic.test_standard import GROUP, VERSION, WEB, Site, files
from local_azure_tests.network.world import (
    GLOBAL,
    HERE,
    NETWORK,
    SUBNET,
    World,
    endpoint,
    link,
    named_endpoint,
    network,
    subnet,
    zone,
    zone_group,
)

ACCOUNT = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/ofthesite"
SHARE = f"{ACCOUNT}/fileServices/default/shares/files"
WORKFLOWS = f"{NETWORK}/subnets/workflows"
GROUPS = ("blob", "file", "queue", "table")
OVER_NETWORK = {"WEBSITE_CONTENTOVERVNET": "1"}
IN_SUBNET = {"virtualNetworkSubnetId": WORKFLOWS}
DELEGATED = [{"name": "plan", "properties": {"serviceName": "Microsoft.Web/serverFarms"}}]
CLOSED = {
    **HERE,
    "kind": "StorageV2",
    "sku": {"name": "Standard_LRS"},
    "properties": {
        "allowSharedKeyAccess": True,
        "publicNetworkAccess": "Disabled",
        "networkAcls": {"defaultAction": "Deny", "bypass": "AzureServices"},
    },
}
NO_SHARE = "Creation of storage file share failed with: 'The remote server returned an error:"


def _zone(group: str) -> str:
    return zone(f"privatelink.{group}.core.windows.net")


class Private(Site):
    """A site in a subnet, whose account is reached from the subnet's network alone."""

    def __init__(self, cloud: Cloud, name: str) -> None:
        self.world = World(cloud)
        super().__init__(cloud, name)
        self.world.put(NETWORK.partition("/providers/")[0], HERE)
        self.world.put(NETWORK, network("10.0.0.0/24"))
        self.world.put(SUBNET, subnet("10.0.0.0/28"))
        self.world.put(WORKFLOWS, subnet("10.0.0.64/26", delegations=DELEGATED))
        for group in GROUPS:
            self._endpoint(group)
        self.world.put(SHARE, {})
        self.settings |= OVER_NETWORK
        self.put(self.settings, IN_SUBNET)
        self.world.put(ACCOUNT, CLOSED)

    def _endpoint(self, group: str) -> None:
        self.world.put(named_endpoint(group), endpoint(ACCOUNT, group))
        self.world.put(_zone(group), GLOBAL)
        self.world.put(f"{_zone(group)}/virtualNetworkLinks/net", link())
        zones = f"{named_endpoint(group)}/privateDnsZoneGroups/default"
        self.world.put(zones, zone_group(_zone(group)))


@pytest.fixture
def site(cloud: Cloud) -> Private:
    made = Private(cloud, "private-site")
    assert made.write(files()) == (200, None)
    return made


def test_a_site_with_all_of_it_runs(site: Private) -> None:
    assert (site.deliver().status, site.put(site.settings, IN_SUBNET)[0]) == (200, 200)


@pytest.mark.parametrize(
    ("without", "says"),
    [
        (SHARE, "Could not find a part of the path 'C:\\home\\site\\wwwroot'"),
        (named_endpoint("file"), "The network path was not found: 'C:\\home\\data"),
        *((named_endpoint(each), f"no way to {each}") for each in ("blob", "queue", "table")),
        (f"{_zone('table')}/virtualNetworkLinks/net", "no way to table"),
    ],
)
def test_without_one_part_its_host_does_not_run(site: Private, without: str, says: str) -> None:
    url = site.url()
    site.world.delete(without)

    assert says in refusal(site.write(files()), 503)
    assert site.deliver(url).status == 503


@pytest.mark.parametrize(
    ("settings", "of_site"),
    [({}, {}), (OVER_NETWORK, {}), ({}, IN_SUBNET)],
    ids=["neither", "no subnet", "the share not by it"],
)
def test_a_site_whose_share_is_asked_for_from_outside_is_refused(
    site: Private, settings: dict[str, str], of_site: dict[str, Any]
) -> None:
    told = site.put({**site.settings, "WEBSITE_CONTENTOVERVNET": None, **settings}, of_site)

    assert refusal(told, 400).startswith(NO_SHARE)


def test_what_goes_into_the_subnet_is_changed_by_the_site_and_not_by_its_configuration(
    site: Private,
) -> None:
    def put(routed: Any = None, **configured: Any) -> tuple[int, Any]:
        said = {} if routed is None else {"outboundVnetRouting": routed}
        return site.put(site.settings, {**IN_SUBNET, **said}, **configured)

    refused = put(vnetRouteAllEnabled=True)
    _, told = put({"applicationTraffic": True})
    later = [put(vnetRouteAllEnabled=True)[0], put({"contentShareTraffic": True})[0]]

    assert "SiteConfig.VnetRouteAllEnabled cannot be modified." in refusal(refused, 400)
    routing = told["properties"]["outboundVnetRouting"]
    assert {key for key, is_on in routing.items() if is_on} == {"applicationTraffic"}
    assert later == [200, 400]


def test_a_subnet_is_one_plan_s(site: Private) -> None:
    plan = f"{WEB}/serverfarms/another"
    sku = {"sku": {"name": "WS1", "tier": "WorkflowStandard"}, "kind": "elastic"}
    site.ask("PUT", plan, VERSION, HERE | sku)

    told = site.put(site.settings, {**IN_SUBNET, "serverFarmId": plan})

    assert f"is already occupied by service {WEB}/serverfarms/plan." in refusal(told, 400)


def test_a_subnet_is_large_enough(site: Private) -> None:
    small = f"{NETWORK}/subnets/small"
    site.world.put(small, subnet("10.0.0.32/29", delegations=DELEGATED))

    told = site.put(site.settings, {"virtualNetworkSubnetId": small})

    assert "a subnet of /28 or larger" in refusal(told, 400)


def test_a_subnet_stays_whose_site_was_deleted_while_it_was_in_it(site: Private) -> None:
    site.ask("DELETE", site.id)

    status, told = site.world.send("DELETE", WORKFLOWS)

    assert (status, told["error"]["code"]) == (409, "InUseSubnetCannotBeDeleted")
    assert "serviceAssociationLinks/AppServiceLink" in told["error"]["message"]


def test_a_subnet_goes_once_its_site_is_disconnected(site: Private) -> None:
    site.ask("DELETE", f"{site.id}/networkConfig/virtualNetwork")
    site.ask("DELETE", site.id)

    site.world.delete(WORKFLOWS)


def test_a_connection_moves_its_site_into_a_subnet_that_a_plan_may_have(site: Private) -> None:
    other, endpoints = f"{NETWORK}/subnets/other", f"{NETWORK}/subnets/endpoints"
    connection = f"{site.id}/networkConfig/virtualNetwork"
    site.world.put(other, subnet("10.0.0.128/28", delegations=DELEGATED))
    site.ask("PUT", connection, body={"properties": {"subnetResourceId": other}})

    status, _ = site.client.ask(
        connection, VERSION, "PUT", {"properties": {"subnetResourceId": endpoints}}
    )

    told = [site.ask("GET", each)["properties"] for each in (site.id, connection)]
    assert (status, told[0]["virtualNetworkSubnetId"]) == (400, other)
    assert told[1] == {"subnetResourceId": other, "swiftSupported": True}
    site.world.delete(WORKFLOWS)


def test_a_subnet_goes_once_its_site_is_in_another_one(site: Private) -> None:
    other = f"{NETWORK}/subnets/other"
    site.world.put(other, subnet("10.0.0.128/28", delegations=DELEGATED))
    site.put(site.settings, {"virtualNetworkSubnetId": other})

    site.world.delete(WORKFLOWS)

    assert site.deliver().status == 200
