"""A set-up that somebody has, moved to a stack of its own by what `adopt` writes."""

from pathlib import Path

import pytest

from batch_client.cli import main
from components.settings.namespaces import NAMESPACE
from local_azure.control_plane.tenant import DEPLOYER
from tests.stack.event_path.deployed import Deployed, brought_up

pytestmark = pytest.mark.long


theirs = brought_up()
"""Account, workspace, endpoint, Logic App, system topic and subscription of somebody's."""


def adopted(theirs: Deployed, into: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Write the file; the ids of what it says that the stack replaces."""
    named = ("--resource-group", theirs.outputs["resource_group_name"], "--project", NAMESPACE)
    account = ("--account", theirs.outputs["storage_account_name"])
    with theirs.shell():
        code = main(["adopt", *named, *account, "--write", str(into)])
    said = capsys.readouterr().out
    assert code == 0, said
    return [line.strip("# ") for line in said.splitlines() if line.startswith("#   ")]


def test_a_file_is_scored_by_the_stack_that_took_over(
    theirs: Deployed, digit: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    replaced = adopted(theirs, tmp_path / "mine.yaml", capsys)
    mine = Deployed(theirs.running, "test")
    mine.say(tmp_path / "mine.yaml")

    mine.up()
    for each in replaced:
        theirs.running.run(theirs.running.azure.manager.delete(each, DEPLOYER))
    job = theirs.job_of("incoming/moved.pgm", digit)

    assert [each.split("/")[-2] for each in replaced] == ["eventSubscriptions", "workflows"]
    assert (job["status"], job["endpoint"]) == ("Completed", theirs.outputs["endpoint_name"])
    assert mine.outputs["workflow_id"] not in replaced
