"""New content on the real engine: made first, switched to, the old version left to what waits.

The tests run in their order, on one stack, whose one deployment scores digits at first.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

import pytest

from local_azure.control_plane.resource_manager.errors import ConflictError
from tests import PROJECT
from tests.stack.deployments.test_deployments import DIAMONDS as OF_DIAMONDS
from tests.stack.event_path.deployed import Deployed
from tests.stack.shell import CONFIRMED, sample

pytestmark = pytest.mark.long

DIGITS = {"deployments": [{"name": "digits"}]}
DIAMONDS = {"deployments": [{**OF_DIAMONDS, "name": "digits"}]}
STONES = (PROJECT / "samples" / "diamonds" / "inputs" / "diamonds-1.csv").read_bytes()
KINDS = ("codes", "environments", "models")
ASSETS = "Microsoft.MachineLearningServices/workspaces"


def test_an_up_whose_new_code_can_not_be_uploaded_leaves_what_runs(stack: Deployed) -> None:
    stack.configure(DIAMONDS)
    stack.disturb("*.blob.core.windows.net", "PUT", "*/code/*", status=400, times=100)

    stack.refused("up", *CONFIRMED)

    stack.calm()
    assert _scores_digits(stack, "no-upload")


def test_an_up_whose_deployment_is_refused_leaves_what_runs(stack: Deployed) -> None:
    with _refusing_deployments():
        stack.refused("up", *CONFIRMED)

    assert len(_versions(stack, "codes")) == 2
    assert _scores_digits(stack, "refused")


def test_going_back_after_a_failed_up_takes_the_versions_that_are_still_there(
    stack: Deployed,
) -> None:
    stack.configure(DIGITS)

    assert " created" not in stack.up()
    assert _scores_digits(stack, "back")


def test_new_content_is_switched_to_and_the_old_stays_for_jobs_that_wait(stack: Deployed) -> None:
    before = {kind: _versions(stack, kind) for kind in KINDS}
    stack.configure(DIAMONDS)

    stack.up()

    assert [kind for kind in KINDS if not set(before[kind]) <= set(_versions(stack, kind))] == []
    assert _scores_diamonds(stack, "switched")


def test_content_that_comes_back_is_another_version_beside_its_former_one(stack: Deployed) -> None:
    before = _versions(stack, "codes")
    stack.configure(DIGITS)

    stack.up()

    [again] = {*_versions(stack, "codes")} - {*before}
    assert again.partition("-")[0] in {each.partition("-")[0] for each in before}
    assert _scores_digits(stack, "again")


def test_a_state_of_before_is_brought_over_once_the_new_versions_are_there(stack: Deployed) -> None:
    _rename_as_before(stack)
    with _refusing_deployments():
        stack.refused("up", *CONFIRMED)
    assert _scores_digits(stack, "before")

    stack.up()

    stack.changes_nothing("up")
    assert _scores_digits(stack, "after")


def test_an_endpoint_and_a_cluster_of_other_names_come_before_the_former_go(
    stack: Deployed,
) -> None:
    stack.configure(
        {"endpoint": {"name": "renamed-digits"}, "cluster": {"name": "renamed-cluster"}}
    )
    region = "local_azure.services.machinelearning.resources.batch_endpoint.check_region"
    with mock.patch(region, side_effect=ConflictError("the name is taken")):
        stack.refused("up", *CONFIRMED)
    assert _scores_digits(stack, "old-endpoint")

    stack.up()

    named = _names(stack, "batchEndpoints"), _names(stack, "computes")
    assert named == (["renamed-digits"], ["renamed-cluster"])
    assert _scores_digits(stack, "new-endpoint")


@contextmanager
def _refusing_deployments() -> Iterator[None]:
    check = "local_azure.services.machinelearning.resources.model_deployment.check"
    with mock.patch(check, side_effect=ConflictError("refused for this test")):
        yield


def _versions(stack: Deployed, family: str) -> list[str]:
    return _names(stack, f"{family}/versions")


def _names(stack: Deployed, kind: str) -> list[str]:
    return [each.name for each in stack.resources(f"{ASSETS}/{kind}")]


def _rename_as_before(stack: Deployed) -> None:
    """Give the versions in the state the names that they had when all of an asset were one."""
    told = json.loads(stack.succeeds("stack", "export"))
    kept = [
        each
        | {
            "dependencies": _without_ends(each.get("dependencies")),
            "propertyDependencies": {
                key: _without_ends(of) for key, of in each.get("propertyDependencies", {}).items()
            },
        }
        for each in told["deployment"]["resources"]
        if _without_ends([each["urn"]])
    ]
    told["deployment"]["resources"] = kept
    text = re.sub(r"(-(?:code|model|environment))-[0-9a-f]{16}\b(?!-)", r"\1", json.dumps(told))
    file = stack.running.home.folder / "state-of-before.json"
    file.write_text(text)
    stack.succeeds("stack", "import", "--file", str(file))


def _without_ends(urns: list[str] | None) -> list[str]:
    return [each for each in urns or [] if not each.endswith("-version")]


def _scores_digits(stack: Deployed, name: str) -> bool:
    return _completes(stack, f"incoming/{name}.pgm", sample(7))


def _scores_diamonds(stack: Deployed, name: str) -> bool:
    return _completes(stack, f"incoming/{name}.csv", STONES)


def _completes(stack: Deployed, name: str, content: bytes) -> bool:
    job = stack.job_of(name, content)
    assert (job["status"], job["error"]) == ("Completed", "")
    return True
