"""The prod stack, which is hardened: from a file to its job, a role that is locked, and its end."""

import pytest

from tests.stack.event_path.deployed import Deployed, brought_up
from tests.stack.shell import CONFIRMED

pytestmark = pytest.mark.long

LAKE = {"storage": {"hierarchical_namespace": True}}

stack = brought_up(lambda running: Deployed(running, "prod"))
"""The prod stack's own file. The tests run in their order."""


def test_a_file_is_scored(stack: Deployed, digit: bytes) -> None:
    assert stack.job_of("incoming/seven.pgm", digit)["status"] == "Completed"


def test_neither_another_up_nor_a_refresh_changes_anything(stack: Deployed) -> None:
    stack.changes_nothing("up", "refresh")


def test_a_preview_tells_what_it_costs(stack: Deployed) -> None:
    told = stack.succeeds("preview")
    assert "this costs 5.00 US dollars a month (container registry 5.00) and 0.025 a GB" in told


def test_a_protected_account_does_not_become_a_data_lake(stack: Deployed) -> None:
    before = stack.file.read_text()
    stack.configure({**LAKE, "hardening": {"enabled": True, "versioning": False}})
    told = stack.refused("preview")
    stack.file.write_text(before)

    assert 'StorageAccount::inputs-account" as it is currently marked for protection' in told


def test_a_role_at_what_is_locked_goes_after_an_up_of_its_own_that_unlocks(
    stack: Deployed,
) -> None:
    before = stack.file.read_text()
    stack.configure({"callers": []})
    told = stack.refused("up", *CONFIRMED)
    assert "cannot perform delete operation because following scope(s) are locked" in told

    stack.file.write_text(before)
    stack.configure({"hardening": {"enabled": True, "locks": False}, "protect": False})
    stack.up()
    stack.configure({"callers": []})
    stack.up()


def test_unprotected_it_is_another_account_under_another_name(stack: Deployed) -> None:
    flat = stack.outputs["storage_account_name"]
    stack.configure({**LAKE, "hardening": {"enabled": True, "locks": False, "versioning": False}})
    stack.up()
    stack.changes_nothing("up")

    accounts = stack.resources("Microsoft.Storage/storageAccounts")
    (lake,) = [each.name for each in accounts if each.properties["isHnsEnabled"]]
    assert lake == stack.outputs["storage_account_name"] != flat
    assert flat not in [each.name for each in accounts]


def test_without_its_locks_it_is_destroyed(stack: Deployed) -> None:
    stack.succeeds("destroy", *CONFIRMED)
    assert stack.everything() == []
