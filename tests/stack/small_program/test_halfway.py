"""The real engine and a create that fails after Azure accepted it (pulumi/pulumi#24683)."""

import json
from pathlib import Path

import pytest

from local_azure_tests.conftest import Running
from local_azure_tests.storage import world
from tests.stack.small_program.project import Project

ENDPOINT = world.hook_url("halfway")


@pytest.fixture(scope="module")
def hook(running: Running) -> world.Hook:
    """A webhook that fails the validation handshake as often as it is told."""
    made: world.Hook = running.call(world.Hook, running.azure)
    made.body = "echo"
    return made


@pytest.fixture
def project(running: Running, tmp_path: Path) -> Project:
    return Project(tmp_path, running, "halfway")


def test_a_create_that_failed_halfway_is_tried_again_until_it_ends_well(
    project: Project, hook: world.Hook
) -> None:
    hook.answers = [500, 500]

    told = project.up(ENDPOINT=ENDPOINT, PATIENCE="2")

    assert "retrying create due to on-error hook request (2/100)" in told
    assert project.output("state") == "Succeeded"
    project.up("--expect-no-changes", ENDPOINT=ENDPOINT, PATIENCE="0")


def test_another_up_goes_on_where_a_create_failed_halfway(
    project: Project, hook: world.Hook
) -> None:
    hook.answers = [500]
    told = project.up(ENDPOINT=ENDPOINT, PATIENCE="0", exit_code=1)
    assert "Url validation" in told
    kept = json.loads(project.pulumi("stack", "export"))["deployment"]["resources"]
    assert any(each.get("initErrors") for each in kept)

    project.up(ENDPOINT=ENDPOINT, PATIENCE="0")

    assert project.output("state") == "Succeeded"
