"""Locks against deletion."""

from typing import Any

import pytest

from local_azure.control_plane.tenant import SUBSCRIPTION
from local_azure_tests.conftest import Running
from local_azure_tests.core.bodies import STORAGE
from local_azure_tests.core.rest_client import Client, code, refusal

GROUP = f"{SUBSCRIPTION}/resourceGroups/locked"
ACCOUNT = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/lockedinputs"
CONTAINER = f"{ACCOUNT}/blobServices/default/containers/data"
LOCK = f"{ACCOUNT}/providers/Microsoft.Authorization/locks/keep"
KEPT: dict[str, Any] = {"properties": {"level": "CanNotDelete"}}
LAKE = ACCOUNT.replace("lockedinputs", "lakeinputs")
CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c"


@pytest.fixture(scope="module")
def client(running: Running) -> Client:
    """The deployer, with an account that is locked."""
    client = Client(running)
    client.send("PUT", GROUP, {"location": "westeurope"})
    client.send("PUT", ACCOUNT, STORAGE)
    client.send("PUT", CONTAINER, {"properties": {}})
    assert client.send("PUT", LOCK, KEPT)[0] == 201
    return client


@pytest.mark.parametrize("path", [ACCOUNT, CONTAINER, GROUP])
def test_what_is_locked_is_not_deleted_nor_what_is_in_it_nor_what_it_is_in(
    client: Client, path: str
) -> None:
    status, told = client.send("DELETE", path)

    said = (
        f"The scope '{path}' cannot perform delete operation because following scope(s) are"
        f" locked: '{ACCOUNT}'. Please remove the lock and try again."
    )
    assert (status, told) == (409, {"error": {"code": "ScopeLocked", "message": said}})
    assert client.send("GET", path)[0] == 200


def test_what_is_locked_is_changed(client: Client) -> None:
    assert client.send("PUT", ACCOUNT, {**STORAGE, "tags": {"team": "b"}})[0] in {200, 202}


def test_a_contributor_may_not_lock(client: Client) -> None:
    contributor = Client.somebody(client.running, CONTRIBUTOR, GROUP)

    assert code(contributor.send("PUT", LOCK, KEPT)) == (403, "AuthorizationFailed")


@pytest.mark.parametrize(
    ("path", "properties", "says"),
    [
        (LOCK, {"level": "ReadOnly"}, "found 'ReadOnly', emulated: 'CanNotDelete'"),
        (LOCK, {"level": "CanNotDelete", "owners": [{"applicationId": "mine"}]}, "owners"),
        (LOCK.replace("lockedinputs", "nobodys"), {"level": "CanNotDelete"}, "nobodys"),
    ],
)
def test_a_lock_of_another_kind_or_on_nothing_is_refused(
    client: Client, path: str, properties: dict[str, Any], says: str
) -> None:
    status, told = client.send("PUT", path, {"properties": properties})

    assert (status >= 400, says in str(told)) == (True, True), told


def test_what_holds_for_an_accounts_blobs_is_changed_and_never_deleted(client: Client) -> None:
    blobs = f"{ACCOUNT}/blobServices/default"
    kept = {"properties": {"deleteRetentionPolicy": {"enabled": True, "days": 7}}}

    assert client.send("PUT", blobs, kept)[0] == 200
    assert client.send("DELETE", blobs)[0] == 405
    assert client.send("GET", CONTAINER)[0] == 200


def test_without_its_lock_it_is_deleted(client: Client) -> None:
    assert client.send("DELETE", LOCK)[0] == 200
    assert client.send("DELETE", ACCOUNT)[0] == 200


def test_an_account_is_not_moved_to_zones_by_its_sku(client: Client) -> None:
    other = ACCOUNT.replace("lockedinputs", "onezone")
    client.send("PUT", other, STORAGE)

    told = client.send("PUT", other, {**STORAGE, "sku": {"name": "Standard_ZRS"}})

    assert "by `az storage account migration start`" in refusal(told, 400)


def test_a_data_lake_has_no_versions(client: Client) -> None:
    client.send("PUT", LAKE, _with_hns(lake=True))
    versions = {"properties": {"isVersioningEnabled": True}}

    told = client.send("PUT", f"{LAKE}/blobServices/default", versions)

    assert "a hierarchical namespace keeps no versions" in refusal(told, 400)


def test_a_data_lake_stays_one(client: Client) -> None:
    client.send("PUT", LAKE, _with_hns(lake=True))

    assert "'isHnsEnabled'" in refusal(client.send("PUT", LAKE, _with_hns(lake=False)), 409)
    client.send("PUT", LAKE, STORAGE)
    assert client.send("GET", LAKE)[1]["properties"]["isHnsEnabled"] is True


def test_an_account_made_without_a_word_on_directories_is_not_told_that_it_has_none(
    client: Client,
) -> None:
    plain, flat = (ACCOUNT.replace("lockedinputs", name) for name in ("plainone", "flatone"))
    client.send("PUT", plain, STORAGE)
    client.send("PUT", flat, _with_hns(lake=False))

    refused = client.send("PUT", plain, _with_hns(lake=False))

    assert code(refused) == (400, "AccountPropertyCannotBeUpdated")
    assert client.send("PUT", flat, _with_hns(lake=False))[0] < 300


def _with_hns(*, lake: bool) -> dict[str, object]:
    return {**STORAGE, "properties": {**STORAGE["properties"], "isHnsEnabled": lake}}
