"""What stands above resource groups, as Resource Manager tells it to whoever signs in."""

from uuid import uuid4

import pytest

from local_azure.control_plane.authorization.roles import by_name
from local_azure.control_plane.entra.directory import Principal
from local_azure.control_plane.tenant import DEPLOYER, SUBSCRIPTION, SUBSCRIPTION_ID, TENANT_ID
from local_azure_tests.conftest import Running
from local_azure_tests.core.rest_client import Client, code

ONE_BLOB = f"{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/a"
NARROW = Principal(str(uuid4()), str(uuid4()), "ServicePrincipal", "narrow")
UNKNOWN = "00000000-0000-4000-8000-000000000000"
STRANGER = Principal(str(uuid4()), str(uuid4()), "ServicePrincipal", "stranger")


@pytest.fixture(scope="module")
def azure(running: Running) -> Running:
    """Somebody with a role on one account alone, and somebody without any."""
    for who in (NARROW, STRANGER):
        running.call(running.azure.directory.add, who)
    reader = by_name()["Reader"]
    running.call(running.azure.authorization.assign, "narrow", NARROW.object_id, reader, ONE_BLOB)
    return running


@pytest.mark.parametrize("who", [DEPLOYER, NARROW])
def test_whoever_has_a_role_anywhere_sees_the_subscription(azure: Running, who: Principal) -> None:
    _, told = Client(azure, who).ask("/subscriptions", "2022-12-01")

    assert [(one["subscriptionId"], one["tenantId"], one["state"]) for one in told["value"]] == [
        (SUBSCRIPTION_ID, TENANT_ID, "Enabled")
    ]


def test_whoever_has_no_role_sees_no_subscription(azure: Running) -> None:
    _, told = Client(azure, STRANGER).ask("/subscriptions", "2022-12-01")

    assert told == {"value": [], "count": {"type": "Total", "value": 0}}


def test_the_tenant_is_told_to_all_of_it(azure: Running) -> None:
    _, told = Client(azure, STRANGER).ask("/tenants", "2022-12-01")

    assert [one["tenantId"] for one in told["value"]] == [TENANT_ID]


@pytest.mark.parametrize("rest", ["", "/locations", "/providers"])
def test_what_is_in_the_subscription_is_told_with_a_right_to_it(azure: Running, rest: str) -> None:
    allowed, _ = Client(azure).ask(f"{SUBSCRIPTION}{rest}", "2022-09-01")
    refused = Client(azure, NARROW).ask(f"{SUBSCRIPTION}{rest}", "2022-09-01")

    assert (allowed, code(refused)) == (200, (403, "AuthorizationFailed"))


def test_a_region_has_the_name_that_resources_answer(azure: Running) -> None:
    _, told = Client(azure).ask(f"{SUBSCRIPTION}/locations", "2022-12-01")

    names = {one["displayName"]: one["name"] for one in told["value"]}
    assert (names["West Europe"], names["Australia Central"]) == ("westeurope", "australiacentral")


def test_a_provider_tells_the_versions_that_its_types_take(azure: Running) -> None:
    _, told = Client(azure).ask(f"{SUBSCRIPTION}/providers/microsoft.logic", "2021-04-01")

    [workflows] = [one for one in told["resourceTypes"] if one["resourceType"] == "workflows"]
    assert (told["registrationState"], workflows["apiVersions"]) == ("Registered", ["2019-05-01"])


def test_slashes_between_parts_of_a_path_count_as_one(azure: Running) -> None:
    _, told = Client(azure).ask(f"/{SUBSCRIPTION}//providers//Microsoft.Logic", "2021-04-01")

    assert told["namespace"] == "Microsoft.Logic"


@pytest.mark.parametrize(
    ("path", "version", "expected"),
    [
        (f"/subscriptions/{UNKNOWN}/locations", "2022-12-01", "SubscriptionNotFound"),
        (f"{SUBSCRIPTION}/providers/Contoso.Hotels", "2021-04-01", "InvalidResourceNamespace"),
    ],
)
def test_what_does_not_exist_is_told_by_its_code(
    azure: Running, path: str, version: str, expected: str
) -> None:
    assert code(Client(azure).ask(path, version)) == (404, expected)


def test_the_clouds_are_told_before_anybody_signs_in(azure: Running) -> None:
    _, told = Client(azure, audience="").ask("/metadata/endpoints", "2022-09-01")

    assert {one["name"]: one["resourceManager"] for one in told} == {
        "AzureCloud": "https://management.azure.com/",
        "AzureChinaCloud": "https://management.chinacloudapi.cn/",
        "AzureUSGovernment": "https://management.usgovcloudapi.net/",
    }
