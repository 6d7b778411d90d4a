"""`up` and `destroy` killed at every tenth resource, and resumed: they end like any other."""

from collections.abc import Iterator

import pytest

from local_azure.control_plane.clouds import PUBLIC
from local_azure.control_plane.resource_manager.resource_group import RESOURCE_GROUP
from local_azure.control_plane.tenant import DEPLOYER
from tests.stack.interrupted.killing import Mortal, mortal
from tests.stack.shell import CONFIRMED, NO_CHANGES

STEP, MOST = 10, 71
IDENTITY = "azure-native:managedidentity:UserAssignedIdentity"


@pytest.fixture
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mortal]:
    with mortal(tmp_path_factory.mktemp("azure")) as made:
        yield made


@pytest.mark.parametrize("done", [True, False], ids=["done", "unbegun"])
@pytest.mark.parametrize("at", range(1, MOST, STEP))
def test_an_up_and_a_destroy_that_are_killed_get_through(
    stack: Mortal, at: int, *, done: bool
) -> None:
    if not stack.killed("up", at, done=done):
        pytest.skip(f"there are fewer than {at} creates")
    tell(f"up killed at {at}")
    tell(stack.resume())
    gets_through(stack)

    if stack.killed("destroy", at, done=done):
        tell(f"destroy killed at {at}")
        tell(stack.resume())
        stack.succeeds("destroy", *CONFIRMED)
    assert stack.everything() == stack.before


def test_an_up_into_an_existing_group_that_is_killed_again_and_again_gets_through(
    stack: Mortal,
) -> None:
    adopt_a_group(stack)
    kills = 0
    while stack.killed("up", STEP, done=kills % 2 == 0):
        kills += 1
        tell(stack.resume())
        assert stack.strangers() == {}
    tell(f"up killed {kills} times")
    gets_through(stack)

    kills = 0
    while stack.killed("destroy", STEP, done=kills % 2 == 0):
        kills += 1
        tell(stack.resume())
        # What goes with its parent (`deleted_with`) has left the state before that is deleted.
        assert set(stack.strangers()) <= {"orphans"}
    tell(f"destroy killed {kills} times")
    assert stack.everything() == stack.before


def test_what_a_killed_up_left_that_nobody_resumed_goes_with_the_next_up(stack: Mortal) -> None:
    assert stack.killed("up", kind=IDENTITY)
    stack.readable()
    stack.succeeds("cancel", "--yes")
    stack.succeeds("up", *CONFIRMED)
    assert len(stack.strangers()["orphans"]) == 1

    assert f"left over    {IDENTITY} compute-identity: the next up deletes it" in stack.resume()

    gets_through(stack)


def adopt_a_group(stack: Mortal) -> None:
    """Have the stack use a resource group that is there before it."""
    inputs = {"resourceGroupName": "given", "location": "westeurope"}
    putting = stack.running.azure.manager.put(RESOURCE_GROUP, inputs, DEPLOYER, PUBLIC, new=True)
    stack.running.run(putting)
    stack.before = stack.everything()
    stack.configure({"resource_group": {"existing": "given"}})


def gets_through(stack: Mortal) -> None:
    """What was interrupted ends well, leaves nothing to do, and nothing that is not its own."""
    stack.succeeds("up", *CONFIRMED)
    stack.succeeds("up", *NO_CHANGES)
    assert stack.strangers() == {}


def tell(what: str) -> None:
    """Into the run's output, where the figures are read."""
    print(what.strip())  # noqa: T201 a long run says how far it is
