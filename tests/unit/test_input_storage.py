"""The account that files are dropped in."""

from typing import Any

from tests.unit.azure import SUBSCRIPTION
from tests.unit.engine import Deployment, Registered
from tests.unit.program import run
from tests.unit.sample_settings import changed

ACCOUNT = (
    f"{SUBSCRIPTION}/resourceGroups/data-group/providers/Microsoft.Storage/storageAccounts/data"
)


def _made(deployed: Deployment, kind: str) -> list[Registered]:
    """What the component has of a kind."""
    return [each for each in deployed.all(kind) if each.parent == "inputs"]


def test_both_accounts_are_of_today_s_kind() -> None:
    kinds = [each.inputs["kind"] for each in _made(run(), "storage:StorageAccount")]
    assert kinds == ["StorageV2"] * 2


def test_inputs_and_dead_letters_lie_in_private_containers_of_an_account_each() -> None:
    containers = {
        (each.inputs["accountName"], each.inputs["containerName"]): each.inputs["publicAccess"]
        for each in _made(run(), "BlobContainer")
    }
    assert containers == {
        ("stinputs0a1b2c3d4e", "inputs"): "None",
        ("dlinputs0a1b2c3d4e", "dead-letters"): "None",
    }


def _hardened(**said: Any) -> Deployment:
    return run(changed(protect=True, hardening={"enabled": True, "soft_delete_days": 7, **said}))


def _left_out() -> Deployment:
    return _hardened(zone_redundant=False, soft_delete_days=0, versioning=False, locks=False)


def test_hardened_accounts_lie_in_three_zones_and_others_in_one() -> None:
    skus = [
        {each.inputs["sku"]["name"] for each in _made(deployed, "storage:StorageAccount")}
        for deployed in (run(), _hardened(), _left_out())
    ]
    assert skus == [{"Standard_LRS"}, {"Standard_ZRS"}, {"Standard_LRS"}]


def test_what_is_deleted_from_hardened_accounts_stays_for_days_and_inputs_have_versions() -> None:
    kept = {
        each.name: (
            each.inputs["deleteRetentionPolicy"],
            each.inputs["containerDeleteRetentionPolicy"],
            each.inputs["isVersioningEnabled"],
        )
        for each in _made(_hardened(), "BlobServiceProperties")
    }
    days = {"enabled": True, "days": 7}
    assert kept == {
        "inputs-account-blobs": (days, days, True),
        "inputs-dead-letters-account-blobs": (days, days, False),
    }


def test_versions_end_when_what_is_deleted_would() -> None:
    (policy,) = _made(_hardened(), "ManagementPolicy")
    (rule,) = policy.inputs["policy"]["rules"]
    assert rule["definition"] == {
        "actions": {"version": {"delete": {"daysAfterCreationGreaterThan": 7}}},
        "filters": {"blobTypes": ["blockBlob"]},
    }


def test_hardened_accounts_are_locked_and_nothing_around_them() -> None:
    locks = {
        each.inputs["scope"].rpartition("/providers/")[2]: each.inputs["level"]
        for each in _made(_hardened(), "ManagementLockByScope")
    }
    assert locks == {
        "Microsoft.Storage/storageAccounts/stinputs0a1b2c3d4e": "CanNotDelete",
        "Microsoft.Storage/storageAccounts/dlinputs0a1b2c3d4e": "CanNotDelete",
    }


def test_each_part_of_the_hardening_stands_alone() -> None:
    for kind in ("BlobServiceProperties", "ManagementPolicy", "ManagementLockByScope"):
        assert _made(_left_out(), kind) == []


def test_inputs_of_an_age_are_deleted_and_dead_letters_are_not() -> None:
    deployed = run(changed({"storage.delete_inputs_after_days": 30}))
    policy = deployed.one("ManagementPolicy").inputs
    assert policy["policy"]["rules"] == [
        {
            "name": "delete-old-inputs",
            "type": "Lifecycle",
            "definition": {
                "actions": {"baseBlob": {"delete": {"daysAfterModificationGreaterThan": 30}}},
                "filters": {"blobTypes": ["blockBlob"], "prefixMatch": ["inputs/"]},
            },
        }
    ]


LAKE = {
    "storage.hierarchical_namespace": True,
    "hardening.enabled": True,
    "hardening.versioning": False,
    "hardening.locks": False,
}


def test_a_data_lake_has_directories_and_no_versions() -> None:
    deployed = run(changed(LAKE))

    account, lost = _made(deployed, "StorageAccount")
    assert (account.inputs["isHnsEnabled"], lost.inputs["isHnsEnabled"]) == (True, False)
    assert deployed.named("inputs-account-blobs").inputs["isVersioningEnabled"] is False
    assert deployed.all("ManagementPolicy") == []


def test_an_account_that_becomes_a_data_lake_is_another_one_under_another_name() -> None:
    flat, lake = (each.all("RandomString") for each in (run(), run(changed(LAKE))))

    only = {each.name for each in lake} - {each.name for each in flat}
    assert only == {"inputs-account-lake-westeurope-name"}


def test_an_existing_accounts_policy_and_input_container_are_left_alone() -> None:
    deployed = run(changed({"storage.existing": ACCOUNT}))
    made = [*_made(deployed, "ManagementPolicy"), *_made(deployed, "BlobContainer")]
    assert deployed.named("inputs-account").read_id == ACCOUNT
    assert [each.inputs["accountName"] for each in made] == ["dlinputs0a1b2c3d4e"]
    assert deployed.outputs["inputs"]["container_id"] == (
        f"{ACCOUNT}/blobServices/default/containers/inputs"
    )
