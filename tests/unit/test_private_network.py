"""A private stack: what is shut, what leads to it, and in which order."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from pulumi import UNKNOWN

from components.data_factory import managed_network
from components.data_factory.pipelines import connected
from components.machine_learning.managed_network import chosen_once
from components.settings import read
from components.settings.network import Network
from tests.unit import sample_ids
from tests.unit.azure import MANAGER, SUBSCRIPTION
from tests.unit.engine import Deployment, bound
from tests.unit.program import run
from tests.unit.sample_ids import GUID, STANDARD, SUBNET
from tests.unit.sample_ids import HUB_GROUP as HUB
from tests.unit.sample_settings import BASE, sections

ELSEWHERE = f"{HUB}/providers/Microsoft.Storage/storageAccounts/elsewhere"
PRIVATE = sections(sample_ids.PRIVATE)
COPIES = {"copy_after": {"account_id": ELSEWHERE, "container": "results", "folder": "out/"}}
RULES = {"defaultAction": "Deny", "bypass": "AzureServices", "ipRules": []}
ALLOWED = {"iPAddressOrRange": "203.0.113.7", "action": "Allow"}


def private(network: dict[str, Any] | None = None, **keys: Any) -> Deployment:
    """What a private stack makes."""
    told = {**PRIVATE, **keys, "network": {"private": True, **(network or {})}}
    return run(read(BASE | told))


def writing() -> Deployment:
    """One with addresses of its own, whose pipelines write beside the inputs."""
    factory = {"enabled": True, "output_container": "predictions"}
    return private({"address_space": "10.20.0.0/22"}, data_factory=factory)


def inputs(made: Deployment, name: str) -> dict[str, Any]:
    return made.named(name).inputs


@pytest.mark.parametrize(
    ("name", "key", "value"),
    [
        ("inputs-account", "publicNetworkAccess", "Disabled"),
        ("inputs-account", "networkRuleSet", RULES),
        ("inputs-dead-letters-account", "publicNetworkAccess", "Disabled"),
        ("inputs-dead-letters-account", "networkRuleSet", RULES),
        ("ml-storage", "publicNetworkAccess", "Disabled"),
        ("ml-registry", "publicNetworkAccess", "Disabled"),
        ("ml-registry", "networkRuleBypassOptions", "AzureServices"),
        ("ml-registry", "sku", {"name": "Premium"}),
        ("ml-workspace", "publicNetworkAccess", "Disabled"),
        ("ml-workspace", "managedNetwork", {"isolationMode": "AllowInternetOutbound"}),
        ("ml-workspace", "provisionNetworkNow", True),
        ("ml-workspace", "imageBuildCompute", "batch-cluster"),
        ("pipelines-factory", "publicNetworkAccess", "Disabled"),
        ("private-network", "addressSpace", {"addressPrefixes": ["10.100.0.0/24"]}),
        ("private-endpoints", "privateEndpointNetworkPolicies", "Disabled"),
        ("private-zones-privatelink.azurecr.io-link", "registrationEnabled", False),
    ],
)
def test_a_private_stack_shuts(name: str, key: str, value: object) -> None:
    assert inputs(private(), name)[key] == value


def test_whom_defender_lets_through_a_private_stacks_firewalls_is_not_taken_out_again() -> None:
    kept = [set(made.ignore_changes) for made in private().all("storage:StorageAccount")]

    assert kept == [{"networkRuleSet.resourceAccessRules"}] * 3


def test_a_private_stack_shuts_its_vault_but_to_trusted_services() -> None:
    properties = inputs(private(), "ml-vault")["properties"]

    acls = {"defaultAction": "Deny", "bypass": "AzureServices"}
    assert (properties["publicNetworkAccess"], properties["networkAcls"]) == ("Disabled", acls)


def test_only_a_site_of_a_private_stack_has_a_subnet_of_its_own() -> None:
    assert [each.name for each in private().all("network:Subnet")] == ["private-endpoints"]


def test_the_nodes_of_a_private_stack_have_no_public_addresses() -> None:
    cluster = private().one("machinelearningservices:Compute").inputs["properties"]

    assert cluster["properties"]["enableNodePublicIp"] is False


BLOB, VAULT = "privatelink.blob.core.windows.net", "privatelink.vaultcore.azure.net"
ENDPOINTS = {
    "inputs-account-blob": [BLOB],
    "inputs-dead-letters-account-blob": [BLOB],
    "ml-storage-blob": [BLOB],
    "ml-storage-file": ["privatelink.file.core.windows.net"],
    "ml-storage-queue": ["privatelink.queue.core.windows.net"],
    "ml-storage-table": ["privatelink.table.core.windows.net"],
    "ml-vault-vault": [VAULT],
    "ml-registry-registry": ["privatelink.azurecr.io"],
    "ml-workspace-amlworkspace": ["privatelink.api.azureml.ms", "privatelink.notebooks.azure.net"],
    "pipelines-factory-dataFactory": ["privatelink.datafactory.azure.net"],
}


def test_every_part_has_an_endpoint_in_the_zones_of_its_kind() -> None:
    made = private()

    told = {
        endpoint.name.removesuffix("-endpoint"): [
            config["privateDnsZoneId"].rpartition("/")[2]
            for config in inputs(made, f"{endpoint.name.removesuffix('-endpoint')}-zones")[
                "privateDnsZoneConfigs"
            ]
        ]
        for endpoint in made.all("network:PrivateEndpoint")
    }
    assert told == ENDPOINTS


def test_a_zone_is_linked_before_anything_is_put_into_it() -> None:
    before = private().everything_before("ml-vault-vault-zones")

    assert f"private-zones-{VAULT}-link" in before


@pytest.mark.parametrize(
    ("later", "sooner"),
    [
        ("cluster-compute-batch-cluster", "ml-workspace-amlworkspace-zones"),
        ("cluster-compute-batch-cluster", "ml-inputs-blob"),
        ("scoring-endpoint", "ml-workspace-amlworkspace-zones"),
        ("model-digits-code", "ml-storage-blob-zones"),
        ("ml-storage-file-endpoint", "ml-storage-blob-zones"),
        ("ml-inputs-blob", "ml-storage-table-zones"),
        ("ml-inputs-blob", "ml-approves-inputs"),
        ("ml-storage-queue", "ml-inputs-blob"),
        ("pipelines-score", "pipelines-runtime"),
        ("pipelines-score", "pipelines-workspace-approved"),
        ("pipelines-workspace-endpoint", "pipelines-network"),
        ("blob-created-subscription", "pipelines-workspace-approved"),
    ],
)
def test_what_uses_an_endpoint_comes_after_it(later: str, sooner: str) -> None:
    made = private()

    names = [each.name for each in made.resources]
    name = (
        later
        if later in names
        else next(each for each in reversed(names) if each.startswith(later))
    )
    assert sooner in made.everything_before(name)


def test_allowed_addresses_reach_the_data_of_accounts_alone() -> None:
    made = private({"allowed_addresses": ["203.0.113.7"]})

    accounts = [each.inputs for each in made.all("storage:StorageAccount")]
    assert {each["publicNetworkAccess"] for each in accounts} == {"Enabled"}
    assert [each["networkRuleSet"] for each in accounts] == [{**RULES, "ipRules": [ALLOWED]}] * 3


def rules(made: Deployment) -> set[str]:
    told = made.all("machinelearningservices:ManagedNetworkSettingsRule")
    return {each.inputs["ruleName"] for each in told}


OF_JOBS = {"inputs-blob", "storage-queue", "storage-table"}


@pytest.mark.parametrize(
    ("network", "expected"),
    [
        ({}, OF_JOBS),
        ({"allowed_addresses": ["203.0.113.7"]}, {*OF_JOBS, "storage-blob", "storage-file"}),
        (
            {"allowed_addresses": ["203.0.113.7"], "isolation": "allow_only_approved_outbound"},
            OF_JOBS,
        ),
    ],
    ids=[
        "rules of blobs and files come by themselves",
        "of an open account not",
        "but where all do",
    ],
)
def test_jobs_reach_inputs_and_their_own_account(
    network: dict[str, Any], expected: set[str]
) -> None:
    assert rules(private(network)) == expected


def test_jobs_that_write_at_the_inputs_coordinate_there_too() -> None:
    beside = {"extension_filter": ".pgm", "predictions_beside_inputs": True}
    standard = read(BASE | sections(STANDARD) | {"blob_events": beside})

    there = {*OF_JOBS, "inputs-queue", "inputs-table"}
    assert (rules(writing()), rules(run(standard))) == (there, there)


def test_a_rule_names_the_input_account_and_goes_with_the_workspace() -> None:
    made = private().named("ml-inputs-blob")
    assert made.deleted_with == "ml-workspace"
    assert made.inputs["properties"]["destination"] == {
        "serviceResourceId": (
            f"{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Storage"
            "/storageAccounts/stinputs0a1b2c3d4e"
        ),
        "subresourceTarget": "blob",
        "sparkEnabled": False,
    }


def test_endpoints_go_into_a_subnet_and_zones_that_there_are() -> None:
    made = private({"existing_subnet": SUBNET, "existing_zones": HUB})

    assert {"network:VirtualNetwork", "privatedns:PrivateZone"} & made.types() == set()
    assert inputs(made, "ml-vault-vault-endpoint")["subnet"] == {"id": SUBNET}
    (zone,) = inputs(made, "ml-vault-vault-zones")["privateDnsZoneConfigs"]
    assert zone["privateDnsZoneId"] == f"{HUB}/providers/Microsoft.Network/privateDnsZones/{VAULT}"


def test_a_subnet_that_there_is_has_zones_of_the_stack_linked_to_its_network() -> None:
    link = private({"existing_subnet": SUBNET}).named(f"private-zones-{VAULT}-link")

    assert link.inputs["virtualNetwork"] == {"id": SUBNET.removesuffix("/subnets/endpoints")}
    assert ("virtualNetwork" in link.replaced_for, link.deleted_first) == (True, True)


def test_where_policy_makes_the_records_the_stack_makes_no_zone() -> None:
    made = private({"zone_groups": False})

    assert not [each for each in made.resources if "Zone" in each.type]


def test_the_subnet_takes_the_first_addresses_of_the_space() -> None:
    made = writing()

    assert inputs(made, "private-endpoints")["addressPrefix"] == "10.20.0.0/27"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({}, {"managedNetwork": {"isolationMode": "AllowInternetOutbound"}}),
        ({"managedNetwork": {"isolationMode": "AllowInternetOutbound"}}, {}),
    ],
    ids=["made private", "made public"],
)
def test_a_workspace_s_network_is_chosen_once(before: Any, after: Any) -> None:
    refuse = refusing().callback

    with pytest.raises(ValueError, match=r"network\.private and network\.isolation are chosen"):
        refuse(SimpleNamespace(old_inputs=before, new_inputs=after))
    refuse(SimpleNamespace(old_inputs=after, new_inputs={**after, "tags": {}}))


@pytest.mark.parametrize(
    "unknown", [UNKNOWN, {"isolationMode": UNKNOWN}], ids=["network", "isolation"]
)
def test_what_a_preview_does_not_know_yet_is_not_refused(unknown: object) -> None:
    known = {"managedNetwork": {"isolationMode": "AllowInternetOutbound"}}

    refusing().callback(SimpleNamespace(old_inputs=known, new_inputs={"managedNetwork": unknown}))


def test_a_workspace_s_other_network_is_refused_in_the_preview() -> None:
    assert refusing().opts.on_dry_run is True


def refusing() -> Any:
    """The hook of a workspace."""
    (hook,) = bound(lambda: chosen_once("ml")).before_update
    return hook


# The data factory.


def test_every_web_activity_runs_in_the_network() -> None:
    pipeline = inputs(private(), "pipelines-run")

    loop = next(each for each in pipeline["activities"] if each["type"] == "Until")
    calls = [*pipeline["activities"], *loop["activities"]]
    runtime = {"referenceName": "private-network", "type": "IntegrationRuntimeReference"}
    web = [each.get("connectVia") for each in calls if each["type"] == "WebActivity"]
    assert web == [runtime, runtime]


def test_what_is_inside_of_a_case_runs_in_the_network_too() -> None:
    within = {"activities": [{"type": "WebActivity"}, {"type": "Wait"}]}
    switch = {"type": "Switch", "cases": [within], "defaultActivities": [{"type": "WebActivity"}]}

    told = connected(switch, "runtime")

    assert "connectVia" in told["cases"][0]["activities"][0]
    assert "connectVia" not in told["cases"][0]["activities"][1]
    assert "connectVia" in told["defaultActivities"][0]


def test_copies_run_in_the_network_and_reach_both_accounts() -> None:
    made = private(data_factory=COPIES)

    services = made.all("datafactory:LinkedService")
    assert {each.inputs["properties"]["connectVia"]["referenceName"] for each in services} == {
        "private-network"
    }
    endpoints = made.all("datafactory:ManagedPrivateEndpoint")
    assert {each.inputs["managedPrivateEndpointName"] for each in endpoints} == {
        "workspace",
        "inputs",
        "storage",
    }


def test_a_factorys_endpoint_is_made_anew_for_what_it_leads_to_alone() -> None:
    endpoint = private().named("pipelines-workspace-endpoint")

    leads_to = ("properties.privateLinkResourceId", "properties.groupId", "properties.fqdns")
    assert (endpoint.replaced_for, endpoint.deleted_first) == (leads_to, True)


def test_the_network_of_a_factory_is_made_by_a_template() -> None:
    (network,) = inputs(private(), "pipelines-network")["properties"]["template"]["resources"]

    assert network == {
        "type": "Microsoft.DataFactory/factories/managedVirtualNetworks",
        "apiVersion": "2018-06-01",
        "name": "pipelines-factory/default",
        "properties": {},
    }


TARGET = f"{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/inputs"


def connection(endpoint: str, status: str) -> dict[str, Any]:
    theirs = f"/subscriptions/{GUID}/resourceGroups/vnet/providers/Microsoft.Network"
    return {
        "id": f"{TARGET}/privateEndpointConnections/{endpoint}-1",
        "properties": {
            "privateEndpoint": {"id": f"{theirs}/privateEndpoints/{endpoint}"},
            "privateLinkServiceConnectionState": {"status": status, "actionsRequired": "None"},
        },
    }


class Connections:
    """What the Resource Manager tells of a target's connections, and is asked to change."""

    def __init__(self, *told: dict[str, Any]) -> None:
        self.told = told
        self.approved: list[str] = []

    def __call__(self, _: object, method: str, path: str, version: str, *body: Any) -> Any:
        assert version == "2024-01-01"
        if method == "GET":
            return {"value": self.told}
        state = body[0]["properties"]["privateLinkServiceConnectionState"]
        assert (state["status"], state["actionsRequired"]) == ("Approved", "None")
        assert body[0]["properties"]["privateEndpoint"]["id"]
        self.approved.append(path)
        for each in self.told:
            if each["id"] == path:
                each["properties"]["privateLinkServiceConnectionState"]["status"] = "Approved"
        return None


def approve(monkeypatch: pytest.MonkeyPatch, connections: Connections) -> None:
    monkeypatch.setattr(managed_network, "call", connections)
    monkeypatch.setattr(managed_network, "pause", lambda *_: None if _[0] > 2 else 0)
    asyncio.run(managed_network.approve(MANAGER, TARGET, "Fact.inputs"))


def test_the_factory_s_own_connection_is_approved_and_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waiting = Connections(
        connection("stranger.inputs", "Pending"), connection("fact.inputs", "Pending")
    )

    approve(monkeypatch, waiting)

    assert waiting.approved == [f"{TARGET}/privateEndpointConnections/fact.inputs-1"]


def test_a_connection_that_is_approved_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    there = Connections(connection("fact.inputs", "Approved"))

    approve(monkeypatch, there)

    assert there.approved == []


@pytest.mark.parametrize(
    ("told", "error", "says"),
    [
        ([connection("fact.inputs", "Rejected")], PermissionError, "is Rejected"),
        ([connection("stranger.inputs", "Pending")], TimeoutError, "is not connected"),
    ],
)
def test_without_a_connection_nothing_goes_on(
    monkeypatch: pytest.MonkeyPatch, told: list[Any], error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        approve(monkeypatch, Connections(*told))


# Settings.


@pytest.mark.parametrize(
    ("space", "endpoints", "workflows"),
    [
        ("10.100.0.0/24", "10.100.0.0/27", "10.100.0.64/26"),
        ("10.1.2.128/25", "10.1.2.128/27", "10.1.2.192/26"),
        ("10.1.2.0/26", "10.1.2.0/27", None),
        ("10.1.2.32/27", "10.1.2.32/27", None),
    ],
)
def test_of_a_space_the_first_32_addresses_are_the_endpoints_and_the_second_64_the_site_s(
    space: str, endpoints: str, workflows: str | None
) -> None:
    network = Network.model_construct(address_space=space)

    assert (network.endpoints_prefix, network.workflows_prefix) == (endpoints, workflows)


def test_what_its_endpoints_and_zones_cost_is_told() -> None:
    told = "149.40 US dollars a month (container registry 50.00, private endpoints 73.00, the"
    assert told in private().costs
