"""The prod stack, which is hardened: from a file to its job, a role that is locked, and its end."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from local_azure_tests.conftest import Running
from tests.stack.event_path.deployed import Deployed, on_its_own
from tests.stack.event_path.test_lifecycle import NO_CHANGES, succeeded

pytestmark = pytest.mark.long


def _prod(running: Running) -> Deployed:
    return Deployed(running, "prod")


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    """The prod stack's own file. The tests run in their order."""
    with on_its_own(tmp_path_factory.mktemp("azure"), _prod) as deployed:
        deployed.up()
        yield deployed


def test_a_file_is_scored(stack: Deployed, digit: bytes) -> None:
    (job,) = stack.await_jobs(stack.drop("incoming/seven.pgm", content=digit))
    assert job["status"] == "Completed"


def test_neither_another_up_nor_a_refresh_changes_anything(stack: Deployed) -> None:
    assert succeeded(stack, "up", "--yes", "--skip-preview", NO_CHANGES)
    assert succeeded(stack, "refresh", "--yes", "--skip-preview", NO_CHANGES)


def test_a_preview_tells_what_it_costs(stack: Deployed) -> None:
    told = stack.pulumi("preview").stdout
    assert "this costs 5.00 US dollars a month (container registry 5.00) and 0.025 a GB" in told


def test_a_role_at_what_is_locked_goes_after_an_up_of_its_own_that_unlocks(
    stack: Deployed,
) -> None:
    file = Path(stack.variables["PULUMI_OPTION_CONFIG_FILE"])
    before = file.read_text()
    stack.configure({"callers": []})
    done = stack.pulumi("up", "--yes", "--skip-preview")
    assert done.returncode != 0
    assert "cannot perform delete operation because following scope(s) are locked" in done.stdout

    file.write_text(before)
    stack.configure({"hardening": {"locks": False}, "protect": False})
    stack.up()
    stack.configure({"callers": []})
    stack.up()


def test_without_its_locks_it_is_destroyed(stack: Deployed) -> None:
    done = stack.pulumi("destroy", "--yes", "--skip-preview")
    assert done.returncode == 0, done.stdout + done.stderr
    left = stack.running.call(stack.running.azure.state.rows, "SELECT id FROM resources")
    assert [row["id"] for row in left] == []
