"""A private stack whose Logic App is of the Standard plan: what it calls from, what it keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from components.settings import read
from tests.unit.azure import GROUP
from tests.unit.program import run
from tests.unit.sample_ids import NETWORK, STANDARD, SUBNET
from tests.unit.sample_settings import BASE, changed, sections
from tests.unit.test_clouds_apart import PROVIDERS, REGIONS
from tests.unit.test_standard_batch_event_workflow import settings_of

if TYPE_CHECKING:
    from tests.unit.engine import Deployment

WORKFLOWS = f"{NETWORK}/subnets/workflows"
HERE = f"{GROUP}/providers/Microsoft.Network"
OWN = f"{HERE}/virtualNetworks/private-network/subnets/workflows"
DELEGATION = [{"name": "plan", "serviceName": "Microsoft.Web/serverFarms"}]
SIGNS_IN = {"data_factory.enabled": True, "data_factory.authentication": "service_principal"}
RULES = {"defaultAction": "Deny", "bypass": "AzureServices", "ipRules": []}
EVENT_GRID = {
    "name": "allowed-100",
    "action": "Allow",
    "ipAddress": "AzureEventGrid",
    "tag": "ServiceTag",
    "priority": 100,
}


BESIDE = {"data_factory.enabled": True, "network.allowed_addresses": ["203.0.113.7"]}
PUBLIC = {"network.private": False, "workflows.subnet_id": WORKFLOWS}


def private(fields: dict[str, Any] | None = None, cloud: str = "public") -> Deployment:
    """What such a stack makes."""
    place = {"cloud": cloud, "location": REGIONS[cloud]}
    told = {**BASE, **place, **sections(STANDARD | (fields or {}))}
    return run(read(told, environments=PROVIDERS[cloud]))


@pytest.mark.parametrize(
    ("name", "key", "value"),
    [
        ("private-workflows", "addressPrefix", "10.100.0.64/26"),
        ("private-workflows", "delegations", DELEGATION),
        ("on-blob-site", "virtualNetworkSubnetId", OWN),
        ("on-blob-site", "publicNetworkAccess", "Enabled"),
        ("on-blob-connection", "subnetResourceId", OWN),
        ("on-blob-runtime", "publicNetworkAccess", "Disabled"),
        ("on-blob-runtime", "networkRuleSet", RULES),
        ("on-blob-runtime", "allowSharedKeyAccess", True),
        ("on-blob-share", "shareName", "on-blob"),
        ("on-blob-share", "accountName", "stonblob0a1b2c3d4e"),
    ],
)
def test_its_site_calls_from_a_subnet_and_keeps_its_files_to_itself(
    name: str, key: str, value: object
) -> None:
    assert private().named(name).inputs[key] == value


def test_its_share_is_reached_by_the_network() -> None:
    assert settings_of(private())["WEBSITE_CONTENTOVERVNET"] == "1"


@pytest.mark.parametrize(("fields", "tells"), [({}, True), (PUBLIC, None)])
def test_its_runtime_tells_how_many_instances_it_needs(
    fields: dict[str, Any], tells: object
) -> None:
    configured = private(fields).one("web:WebApp").inputs["siteConfig"]

    assert configured.get("functionsRuntimeScaleMonitoringEnabled") is tells


@pytest.mark.parametrize("cloud", REGIONS)
def test_event_grid_alone_is_let_in(cloud: str) -> None:
    configured = private(cloud=cloud).one("web:WebApp").inputs["siteConfig"]

    assert configured["ipSecurityRestrictions"] == [EVENT_GRID]
    assert configured["ipSecurityRestrictionsDefaultAction"] == "Deny"


@pytest.mark.parametrize(
    ("cloud", "suffix"),
    [
        ("public", "core.windows.net"),
        ("china", "core.chinacloudapi.cn"),
        ("usgovernment", "core.usgovcloudapi.net"),
    ],
)
@pytest.mark.parametrize("group", ["blob", "file", "queue", "table"])
def test_its_account_has_four_endpoints_in_the_cloud_s_zones(
    group: str, cloud: str, suffix: str
) -> None:
    made = private(cloud=cloud)

    endpoint = made.named(f"on-blob-runtime-{group}-endpoint").inputs
    (zone,) = made.named(f"on-blob-runtime-{group}-zones").inputs["privateDnsZoneConfigs"]
    (connection,) = endpoint["privateLinkServiceConnections"]
    assert connection["groupIds"] == [group]
    assert connection["privateLinkServiceId"].endswith("/storageAccounts/stonblob0a1b2c3d4e")
    assert zone["privateDnsZoneId"] == f"{HERE}/privateDnsZones/privatelink.{group}.{suffix}"


@pytest.mark.parametrize(
    ("later", "sooner"),
    [
        *(("on-blob-site", f"on-blob-runtime-{each}-zones") for each in ("file", "table")),
        ("on-blob-site", "on-blob-share"),
        ("on-blob-site", "private-zones-privatelink.file.core.windows.net-link"),
        ("private-workflows", "private-endpoints"),
        ("on-blob-connection", "on-blob-site"),
        ("on-blob-deployed", "on-blob-connection"),
        ("blob-created-subscription", "on-blob-deployed"),
        ("on-blob-deployed", "ml-workspace-amlworkspace-zones"),
    ],
)
def test_what_the_site_needs_comes_before_it(later: str, sooner: str) -> None:
    assert sooner in private().everything_before(later)


def test_whoever_drops_files_from_outside_does_not_reach_the_site_s_account() -> None:
    made = private(BESIDE)

    open_to = {each.name: each.inputs["publicNetworkAccess"] for each in made.all("StorageAccount")}
    assert open_to == {
        "inputs-account": "Enabled",
        "inputs-dead-letters-account": "Enabled",
        "ml-storage": "Enabled",
        "on-blob-runtime": "Disabled",
    }


def test_it_needs_no_data_factory() -> None:
    assert {"azure-native:datafactory:Factory", "azure-native:logic:Workflow"} & (
        private().types()
    ) == set()


def test_beside_it_a_data_factory_has_its_pipelines_in_its_own_network() -> None:
    made = private(BESIDE)

    assert made.one("datafactory:IntegrationRuntime").inputs["integrationRuntimeName"]
    assert made.one("web:WebApp").inputs["virtualNetworkSubnetId"] == OWN


@pytest.mark.parametrize(
    "network",
    [{"network.existing_subnet": SUBNET, "workflows.subnet_id": WORKFLOWS}, PUBLIC],
    ids=["private", "public"],
)
def test_in_a_network_that_there_is_it_calls_from_the_subnet_that_is_named(
    network: dict[str, Any],
) -> None:
    made = private(network)

    assert made.one("web:WebApp").inputs["virtualNetworkSubnetId"] == WORKFLOWS
    assert "azure-native:network:Subnet" not in made.types()


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        ({"invoker.kind": "managed_identity", "invoker.changing": True}, True),
        ({"invoker.kind": "managed_identity"}, False),
        ({"invoker.kind": "managed_identity", **SIGNS_IN}, False),
        ({"invoker.kind": "service_principal", "invoker.changing": True}, True),
    ],
)
def test_the_former_invoker_s_secret_stays_while_it_changes(
    fields: dict[str, Any], *, kept: bool
) -> None:
    made = run(changed({"workflows.plan": "standard", **fields}))

    assert ("client_secret" in settings_of(made)) is kept


def test_what_its_plan_costs_is_told() -> None:
    told = "351.30 US dollars a month (container registry 50.00, private endpoints 94.90, the"
    assert told in private().costs
