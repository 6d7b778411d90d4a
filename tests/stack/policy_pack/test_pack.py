"""The engine asks the pack before it makes anything: a sound stack passes, a broken one stops."""

from collections.abc import Iterator

import pytest

from tests import PROJECT
from tests.stack.event_path.deployed import Deployed, on_its_own
from tests.stack.event_path.test_lifecycle import setting

PACK = ("--policy-pack", "policy")

pytestmark = pytest.mark.skipif(
    not (PROJECT / "policy" / "venv").exists(),
    reason="`make policies` makes the pack's environment",
)


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    with on_its_own(tmp_path_factory.mktemp("azure")) as deployed:
        yield deployed


def test_a_stack_as_it_is_shipped_passes(stack: Deployed) -> None:
    told = stack.succeeds("preview", *PACK)

    assert "azureml-batch-events@v" in told
    assert "[mandatory]" not in told


def test_a_stack_that_breaks_a_rule_stops_before_anything_is_made(stack: Deployed) -> None:
    told = stack.refused("up", "--yes", *PACK, *setting("workspace.storage_keys", "true"))

    assert "[mandatory]  keys  (azure-native:storage:StorageAccount: ml-storage)" in told
    assert stack.resources("Microsoft.Storage/storageAccounts") == []
