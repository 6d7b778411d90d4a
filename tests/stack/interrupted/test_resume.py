"""The dev stack's `up` killed where Azure has made what nobody wrote down, and `destroy` as well.

One stack lives through the file, so the tests build on each other, in their order.
"""

import json
import os
import socket
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.stack.event_path.test_rotation import secret_in_use, sign_in
from tests.stack.interrupted.killing import Mortal, mortal
from tests.stack.shell import CONFIRMED, NO_CHANGES

pytestmark = pytest.mark.long

FLOW = "azure-native:logic:Workflow"
PASSWORD = "azuread:index/applicationPassword:ApplicationPassword"
GRANT = "azure-native:authorization:RoleAssignment"


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mortal]:
    with mortal(tmp_path_factory.mktemp("azure")) as made:
        yield made


def test_a_client_secret_that_nobody_was_told_is_removed(stack: Mortal) -> None:
    assert stack.killed("up", kind=PASSWORD)

    told = stack.resume()

    assert "removed      client secret 'rotation 1, from " in told
    assert stack.strangers() == {}


def test_a_lock_of_a_process_that_works_is_left_alone(stack: Mortal) -> None:
    lock = locked_by(stack, os.getpid())
    told = stack.resume(exit_code=1)
    assert "`pulumi cancel --stack dev`, then this command again." in told
    assert lock.exists()
    lock.unlink()


def test_checksums_that_a_kill_left_empty_are_removed(stack: Mortal) -> None:
    (file,) = (stack.running.home.folder / "pulumi").rglob("stacks/*/dev.json.attrs")
    file.write_bytes(b"")
    assert "EOF" in stack.pulumi("stack", "export").stderr

    stack.resume()

    assert stack.strangers() == {}


def test_a_state_that_was_cut_off_is_told_with_what_to_do(stack: Mortal) -> None:
    (file,) = (stack.running.home.folder / "pulumi").rglob("stacks/*/dev.json")
    whole = file.read_bytes()
    file.write_bytes(b"")

    told = stack.resume(exit_code=1)

    assert "copy .pulumi/stacks/azureml-batch-events/dev.json.bak over dev.json" in told
    assert file.with_name("dev.json.bak").exists()
    file.write_bytes(whole)


def test_what_azure_has_made_is_taken_over(stack: Mortal) -> None:
    assert stack.killed("up", kind=GRANT)

    told = stack.resume()

    assert f"taken over   {GRANT}" in told
    assert stack.strangers() == {}


def test_the_up_that_was_interrupted_ends_as_any_other(stack: Mortal) -> None:
    stack.up()
    stack.succeeds("up", *NO_CHANGES)
    assert stack.strangers() == {}


@pytest.mark.parametrize(
    ("method", "kind"), [("Create", PASSWORD), ("Update", FLOW), ("Delete", PASSWORD)]
)
def test_a_rotation_that_was_interrupted_leaves_the_workflow_a_secret_that_works(
    stack: Mortal, method: str, kind: str
) -> None:
    day = date.fromisoformat(stack.outputs["invoker_secret_renews"][:10]) + timedelta(days=1)
    stack.configure({"invoker": {"as_of": str(day)}})
    assert stack.killed("up", kind=kind, method=method)
    stack.resume()
    sign_in(stack, secret_in_use(stack))

    stack.up()

    sign_in(stack, secret_in_use(stack))
    assert sum(each["type"] == PASSWORD for each in stack.state()) == 2
    assert stack.strangers() == {}


def test_a_destroy_that_was_interrupted_leaves_nothing_in_the_end(stack: Mortal) -> None:
    assert stack.killed("destroy", kind=GRANT)
    stack.resume()

    stack.succeeds("destroy", *CONFIRMED)

    assert stack.everything() == stack.before


def locked_by(stack: Mortal, pid: int) -> Path:
    """A lock as Pulumi writes it for a process of this machine."""
    folder = (
        stack.running.home.folder / "pulumi/.pulumi/locks/organization/azureml-batch-events/dev"
    )
    folder.mkdir(parents=True, exist_ok=True)
    lock = folder / "00000000-0000-4000-8000-000000000000.json"
    holder = {"pid": pid, "username": "me", "hostname": socket.gethostname()}
    lock.write_text(json.dumps({**holder, "timestamp": "2026-06-01T12:00:00Z"}))
    return lock
