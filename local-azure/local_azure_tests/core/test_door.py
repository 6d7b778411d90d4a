"""Resource Manager's own requests over HTTP: one resource, and lists of them."""

from urllib.parse import parse_qs, urlsplit

import pytest

from local_azure.control_plane.tenant import SUBSCRIPTION
from local_azure_tests.conftest import Running
from local_azure_tests.core.bodies import ACCOUNT, GROUP, HERE, READER
from local_azure_tests.core.bodies import STORAGE as INPUTS
from local_azure_tests.core.rest_client import Client, code, refusal

OTHER = f"{SUBSCRIPTION}/resourceGroups/other"
CONTAINERS = f"{ACCOUNT}/blobServices/default/containers"
ACCOUNTS = f"{SUBSCRIPTION}/providers/Microsoft.Storage/storageAccounts"
VAULTS = "providers/Microsoft.KeyVault/vaults"
ROLES = f"{GROUP}/providers/Microsoft.Authorization/roleDefinitions"
STORAGE, GROUPS = "2024-01-01", "2024-03-01"


@pytest.fixture(scope="module")
def client(running: Running) -> Client:
    """The deployer, with two groups that hold something."""
    client = Client(running)
    client.send("PUT", GROUP, {**HERE, "tags": {"team": "a"}})
    client.send("PUT", OTHER, HERE)
    for group, name in ((GROUP, "inputs"), (GROUP, "second"), (OTHER, "third")):
        account = f"{group}/providers/Microsoft.Storage/storageAccounts/{name}"
        client.send("PUT", account, {**INPUTS, "tags": {"team": name}})
    for name in ("one", "two"):
        client.send("PUT", f"{CONTAINERS}/{name}", {"properties": {}})
    return client


@pytest.mark.parametrize(
    ("path", "status"), [(ACCOUNT, 204), (f"{ACCOUNT}x", 404), (GROUP, 204), (f"{GROUP}x", 404)]
)
def test_head_tells_whether_it_exists(client: Client, path: str, status: int) -> None:
    version = GROUPS if path.startswith(GROUP) and "providers" not in path else STORAGE

    assert client.ask(path, version, "HEAD") == (status, None)


@pytest.mark.parametrize(
    ("path", "version", "names"),
    [
        (f"{SUBSCRIPTION}/resourcegroups", GROUPS, ["rg", "other"]),
        (f"{GROUP}/providers/Microsoft.Storage/storageAccounts", STORAGE, ["inputs", "second"]),
        (ACCOUNTS, STORAGE, ["inputs", "second", "third"]),
        (CONTAINERS, STORAGE, ["one", "two"]),
        (f"{GROUP}/{VAULTS}", "2024-11-01", []),
    ],
)
def test_a_list_has_what_lies_right_in_its_place(
    client: Client, path: str, version: str, names: list[str]
) -> None:
    assert client.names(path, version) == names


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (f"{GROUP}x/{VAULTS}", "ResourceGroupNotFound"),
        (f"{GROUP}/{VAULTS}/none/secrets", "ResourceNotFound"),
    ],
)
def test_what_lies_nowhere_is_not_found(client: Client, path: str, expected: str) -> None:
    assert code(client.ask(path, "2024-11-01")) == (404, expected)


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ("resourceType eq 'Microsoft.Storage/storageAccounts'", ["inputs", "second", "third"]),
        ("resourceType eq 'microsoft.storage/storageaccounts' and name eq 'third'", ["third"]),
        ("tagName eq 'team' and tagValue eq 'second'", ["second"]),
        ("resourceGroup eq 'other'", ["third"]),
        ("location eq 'eastus'", []),
    ],
)
def test_resources_of_all_types_are_filtered(client: Client, wanted: str, names: list[str]) -> None:
    assert client.names(f"{SUBSCRIPTION}/resources", GROUPS, filter=wanted) == names


def test_the_resources_of_a_group_are_told_in_brief(client: Client) -> None:
    _, told = client.ask(f"{OTHER}/resources", GROUPS)

    assert told["value"] == [
        {
            "id": f"{OTHER}/providers/Microsoft.Storage/storageAccounts/third",
            "name": "third",
            "type": "Microsoft.Storage/storageAccounts",
            "location": "westeurope",
            "tags": {"team": "third"},
            "kind": "StorageV2",
            "sku": {"name": "Standard_LRS", "tier": "Standard"},
        }
    ]


def test_a_filter_that_is_not_known_is_refused_by_name(client: Client) -> None:
    told = client.ask(f"{SUBSCRIPTION}/resources", GROUPS, filter="plan/name eq 'x'")

    assert "plan/name eq 'x'" in refusal(told, 501)


def test_a_list_across_types_is_expanded_by_what_azure_cli_asks(client: Client) -> None:
    wanted = "createdTime,changedTime,provisioningState"
    _, plain = client.ask(f"{OTHER}/resources", GROUPS)
    _, told = client.ask(f"{OTHER}/resources", GROUPS, expand=wanted)
    stored = client.running.stored(plain["value"][0]["id"])

    assert told["value"][0] == {
        **plain["value"][0],
        "createdTime": stored.created,
        "changedTime": stored.changed,
        "provisioningState": "Succeeded",
    }
    assert client.ask(f"{OTHER}/resources", GROUPS, expand="colour")[0] == 501


def test_a_list_goes_on_behind_its_link(client: Client) -> None:
    _, first = client.ask(ACCOUNTS, STORAGE, top="2")

    assert [each["name"] for each in first["value"]] == ["inputs", "second"]
    assert parse_qs(urlsplit(first["nextLink"]).query)["$skiptoken"] == ["2"]


@pytest.mark.parametrize(
    "query", [{"top": "2", "skiptoken": "2"}, {"$Top": "2", "$SkipToken": "2"}], ids=["own", "case"]
)
def test_a_list_goes_on_where_the_last_page_ended(client: Client, query: dict[str, str]) -> None:
    assert client.names(ACCOUNTS, STORAGE, **query) == ["third"]


def test_a_role_taken_away_ends_reading(client: Client) -> None:
    stranger, azure = Client.somebody(client.running, READER, GROUP), client.running.azure
    assert stranger.ask(ACCOUNT, STORAGE)[0] == 200
    client.running.call(azure.authorization.unassign, stranger.who.object_id)

    asked = {ACCOUNT: STORAGE, CONTAINERS: STORAGE, f"{GROUP}/{VAULTS}": "2024-11-01"}
    told = [code(stranger.ask(*each)) for each in [*asked.items(), (f"{GROUP}/resources", GROUPS)]]
    assert told == [(403, "AuthorizationFailed")] * 4


def test_a_list_of_the_subscription_has_what_its_reader_may_read(client: Client) -> None:
    stranger = Client.somebody(client.running, READER, OTHER)

    assert stranger.names(f"{SUBSCRIPTION}/resourceGroups", GROUPS) == ["other"]
    assert stranger.names(f"{SUBSCRIPTION}/resources", GROUPS) == ["third"]


@pytest.mark.parametrize(
    ("path", "version", "said"),
    [
        (
            ACCOUNT,
            "2010-01-01",
            (
                "No registered resource provider found for location 'westeurope' and API version "
                "'2010-01-01' for type 'storageaccounts'. The supported api-versions are "
                "'2026-09-01, 2025-08-01, 2024-01-01'."
            ),
        ),
        (GROUP, "2010-01-01", "The api-version '2010-01-01' is invalid."),
        (GROUP, None, "The api-version query parameter (?api-version=) is required"),
    ],
)
def test_another_version_is_refused_with_those_that_are_spoken(
    client: Client, path: str, version: str | None, said: str
) -> None:
    assert refusal(client.ask(path, version), 400).startswith(said)


@pytest.mark.parametrize("version", ["2022-05-01-preview", "2022-04-01"])
def test_a_role_is_found_by_its_name_and_by_its_id(client: Client, version: str) -> None:
    _, told = client.ask(ROLES, version, filter="roleName eq 'Reader'")
    (reader,) = told["value"]

    assert reader["name"] == READER
    assert client.ask(reader["id"], version) == (200, reader)


def test_a_role_tells_what_it_does_not_permit(client: Client) -> None:
    _, told = client.ask(ROLES, "2022-04-01", filter="roleName eq 'Contributor'")
    (permitted,) = told["value"][0]["properties"]["permissions"]

    assert "Microsoft.Authorization/*/Write" in permitted.pop("notActions")
    assert permitted == {"actions": ["*"], "dataActions": [], "notDataActions": []}


@pytest.mark.parametrize(
    ("path", "query"),
    [
        (f"{GROUP}/providers/Microsoft.Nothing/things/x", {}),
        ("/nowhere", {}),
        (ACCOUNT, {"expand": "geoReplicationStats"}),
    ],
)
def test_what_is_not_emulated_says_so(client: Client, path: str, query: dict[str, str]) -> None:
    assert client.ask(path, STORAGE, **query)[0] == 501


def test_an_operation_refuses_by_name_what_it_does_not_heed(client: Client) -> None:
    told = client.ask(f"{SUBSCRIPTION}/locations", "2022-12-01", top="1")

    assert "the parameter '$top'" in refusal(told, 501)
