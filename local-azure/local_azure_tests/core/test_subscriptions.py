"""What stands above resource groups, as Resource Manager tells it to whoever signs in."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from local_azure.control_plane.authorization.roles import BY_NAME
from local_azure.control_plane.entra.directory import Principal
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.control_plane.tenant import DEPLOYER, SUBSCRIPTION, SUBSCRIPTION_ID, TENANT_ID
from local_azure_tests.logic.conftest import Cloud, cloud

__all__ = ["cloud"]

ONE_BLOB = f"{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/a"
NARROW = Principal(str(uuid4()), str(uuid4()), "ServicePrincipal", "narrow")
STRANGER = Principal(str(uuid4()), str(uuid4()), "ServicePrincipal", "stranger")


@pytest.fixture(scope="module")
def azure(cloud: Cloud) -> Cloud:
    """Somebody with a role on one account alone, and somebody without any."""
    for who in (NARROW, STRANGER):
        cloud.call(cloud.azure.directory.add, who)
    reader = BY_NAME["Reader"]
    cloud.call(cloud.azure.authorization.assign, "narrow", NARROW.object_id, reader, ONE_BLOB)
    return cloud


def asked(
    cloud: Cloud, path: str, who: Principal | None = DEPLOYER, body: Any = None
) -> tuple[int, Any]:
    headers = {}
    if who is not None:
        token = cloud.call(cloud.azure.tokens.issue, who, "https://management.azure.com").value
        headers["authorization"] = f"Bearer {token}"

    async def exchange() -> tuple[int, Any]:
        url = f"https://management.azure.com{path}"
        method = "POST" if body else "GET"
        async with cloud.azure.http.request(method, url, json=body, headers=headers) as answer:
            return answer.status, await answer.json()

    return cloud.run(exchange())


@pytest.mark.parametrize("who", [DEPLOYER, NARROW])
def test_whoever_has_a_role_anywhere_sees_the_subscription(azure: Cloud, who: Principal) -> None:
    _, told = asked(azure, "/subscriptions?api-version=2022-12-01", who)

    assert [(one["subscriptionId"], one["tenantId"], one["state"]) for one in told["value"]] == [
        (SUBSCRIPTION_ID, TENANT_ID, "Enabled")
    ]


def test_whoever_has_no_role_sees_no_subscription(azure: Cloud) -> None:
    _, told = asked(azure, "/subscriptions?api-version=2022-12-01", STRANGER)

    assert told == {"value": [], "count": {"type": "Total", "value": 0}}


def test_the_tenant_is_told_to_all_of_it(azure: Cloud) -> None:
    _, told = asked(azure, "/tenants?api-version=2022-12-01", STRANGER)

    assert [one["tenantId"] for one in told["value"]] == [TENANT_ID]


@pytest.mark.parametrize("rest", ["", "/locations", "/providers"])
def test_what_is_in_the_subscription_is_told_with_a_right_to_it(azure: Cloud, rest: str) -> None:
    version = "?api-version=2022-09-01"
    allowed, _ = asked(azure, f"{SUBSCRIPTION}{rest}{version}")
    refused, told = asked(azure, f"{SUBSCRIPTION}{rest}{version}", NARROW)

    assert (allowed, refused, told["error"]["code"]) == (200, 403, "AuthorizationFailed")


def test_another_subscription_is_not_found(azure: Cloud) -> None:
    status, told = asked(azure, f"/subscriptions/{uuid4()}/locations?api-version=2022-12-01")

    assert (status, told["error"]["code"]) == (404, "SubscriptionNotFound")


def test_a_region_has_the_name_that_resources_answer(azure: Cloud) -> None:
    _, told = asked(azure, f"{SUBSCRIPTION}/locations?api-version=2022-12-01")

    names = {one["displayName"]: one["name"] for one in told["value"]}
    assert (names["West Europe"], names["Australia Central"]) == ("westeurope", "australiacentral")


def test_a_provider_tells_the_versions_that_its_types_take(azure: Cloud) -> None:
    _, told = asked(azure, f"{SUBSCRIPTION}/providers/microsoft.logic?api-version=2021-04-01")

    [workflows] = [one for one in told["resourceTypes"] if one["resourceType"] == "workflows"]
    assert (told["registrationState"], workflows["apiVersions"]) == ("Registered", ["2019-05-01"])


def test_slashes_between_parts_of_a_path_count_as_one(azure: Cloud) -> None:
    _, told = asked(azure, f"/{SUBSCRIPTION}//providers//Microsoft.Logic?api-version=2021-04-01")

    assert told["namespace"] == "Microsoft.Logic"


def test_a_provider_that_does_not_exist_is_refused(azure: Cloud) -> None:
    status, told = asked(azure, f"{SUBSCRIPTION}/providers/Contoso.Hotels?api-version=2021-04-01")

    assert (status, told["error"]["code"]) == (404, "InvalidResourceNamespace")


def test_whether_an_account_can_have_a_name_is_told_before_it_is_made(azure: Cloud) -> None:
    taken = Resource(ONE_BLOB, "Microsoft.Storage/storageAccounts", "aaa", {}, {})
    azure.call(azure.azure.resources.put, taken)
    path = f"{SUBSCRIPTION}/providers/Microsoft.Storage/checkNameAvailability"
    kind = "Microsoft.Storage/storageAccounts"
    names = [{"name": name, "type": kind} for name in ("aaa", "bbb")]

    told = [asked(azure, f"{path}?api-version=2025-08-01", body=name)[1] for name in names]

    assert told == [
        {
            "nameAvailable": False,
            "reason": "AlreadyExists",
            "message": "The storage account named aaa is already taken.",
        },
        {"nameAvailable": True},
    ]


def test_the_clouds_are_told_before_anybody_signs_in(azure: Cloud) -> None:
    _, told = asked(azure, "/metadata/endpoints?api-version=2022-09-01", None)

    assert {one["name"]: one["resourceManager"] for one in told} == {
        "AzureCloud": "https://management.azure.com/",
        "AzureChinaCloud": "https://management.chinacloudapi.cn/",
        "AzureUSGovernment": "https://management.usgovcloudapi.net/",
    }
