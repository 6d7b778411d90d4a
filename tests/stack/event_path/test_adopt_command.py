"""A set-up that somebody has, moved to a stack of its own by what `adopt` writes."""

from pathlib import Path

import pytest
import yaml

from batch_client.cli import main
from components.settings.namespaces import NAMESPACE
from local_azure.control_plane.tenant import DEPLOYER
from tests.stack.event_path.deployed import Deployed, brought_up

pytestmark = pytest.mark.long


theirs = brought_up()
"""Account, workspace, endpoint, Logic App, system topic and subscription of somebody's."""


def test_a_file_is_scored_by_the_stack_that_took_over(
    theirs: Deployed, digit: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    group = theirs.outputs["resource_group_name"]
    written = tmp_path / "Pulumi.mine.yaml"
    with theirs.shell():
        told = main(
            [
                *("adopt", "--resource-group", group, "--project", NAMESPACE),
                *("--account", theirs.outputs["storage_account_name"], "--write", str(written)),
            ]
        )
    said = capsys.readouterr().out
    assert told == 0, said

    mine = Deployed(theirs.running, "test")
    file = Path(mine.variables["PULUMI_OPTION_CONFIG_FILE"])
    before = yaml.safe_load(file.read_text())["config"]
    signing_in = {each: before[each] for each in before if not each.startswith(NAMESPACE)}
    config = {**signing_in, **yaml.safe_load(written.read_text())["config"]}
    file.write_text(yaml.safe_dump({"config": config}))
    mine.up()
    replaced = [line.strip("# ") for line in said.splitlines() if line.startswith("#   ")]
    for each in replaced:
        theirs.running.run(theirs.running.azure.manager.delete(each, DEPLOYER))
    (job,) = theirs.await_jobs(theirs.drop("incoming/moved.pgm", content=digit))

    assert [each.split("/")[-2] for each in replaced] == ["eventSubscriptions", "workflows"]
    assert (job["status"], job["endpoint"]) == ("Completed", theirs.outputs["endpoint_name"])
    assert mine.outputs["workflow_id"] not in replaced
