"""A workflow with its own identity, started by marker files: one job for each complete folder."""

import json
from collections.abc import Iterator

import pytest

from tests import PROJECT
from tests.stack.event_path.deployed import ENDS, Deployed, Entry, on_its_own, until
from tests.stack.event_path.test_roles import delivered_again, without

SETTINGS = {"invoker.kind": "managed_identity", "blob_events.marker_name": "_SUCCESS"}


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    """The dev stack's own file with two values more, brought up by the real engine."""
    with on_its_own(tmp_path_factory.mktemp("azure")) as stack:
        for key, value in SETTINGS.items():
            done = stack.pulumi("config", "set", "--path", key, value)
            assert done.returncode == 0, done.stderr
        stack.up()
        yield stack


def jobs_of(deployed: Deployed, folder: str) -> list[Entry]:
    """The jobs on a folder, once one has ended."""
    url = f"{deployed.outputs['input_url']}{folder}/"

    def ended() -> list[Entry] | None:
        jobs = deployed.jobs_for([url])
        return jobs if jobs and all(job["status"] in ENDS for job in jobs) else None

    found: list[Entry] = until(ended, f"a job for {url}")
    return found


def test_a_marker_starts_one_job_for_all_files_of_its_folder(deployed: Deployed) -> None:
    samples = PROJECT / "samples" / "digits" / "inputs"
    for digit in ("3", "7"):
        content = (samples / f"digit-{digit}.pgm").read_bytes()
        deployed.drop(f"incoming/monday/{digit}.pgm", content=content)
    deployed.drop("incoming/monday/_SUCCESS", content=b"")

    (job,) = jobs_of(deployed, "monday")

    assert job["status"] == "Completed", job["error"]
    rows = [json.loads(line) for line in deployed.predictions(job["name"]).splitlines()]
    assert sorted((row["file"], row["digit"]) for row in rows) == [("3.pgm", 3), ("7.pgm", 7)]
    assert len(deployed.history()["workflow_runs"]) == 2, "the handshake and the marker"


def test_no_application_and_no_secret_is_made(deployed: Deployed) -> None:
    state = json.loads(deployed.pulumi("stack", "export").stdout)
    types = {resource["type"] for resource in state["deployment"]["resources"]}
    assert [each for each in types if each.startswith("azuread:")] == []
    assert "invoker_client_id" not in deployed.outputs


def test_without_its_role_the_workflow_starts_no_job_until_it_has_it_again(
    deployed: Deployed,
) -> None:
    identity, workspace = (deployed.outputs[k] for k in ("invoker_object_id", "workspace_id"))
    samples = PROJECT / "samples" / "digits" / "inputs"
    with without(deployed, identity, "", workspace):
        deployed.drop("incoming/tuesday/1.pgm", content=(samples / "digit-1.pgm").read_bytes())
        (marker,) = deployed.drop("incoming/tuesday/_SUCCESS", content=b"")
        until(lambda: [r for r in deployed.runs_for(marker) if r["response_status"]], "a reply")
        assert deployed.runs_for(marker)[0]["response_status"] == 503
        assert deployed.jobs_for([f"{deployed.outputs['input_url']}tuesday/"]) == []

    until(lambda: delivered_again(deployed, marker), "the redelivery")
    (job,) = jobs_of(deployed, "tuesday")
    assert job["status"] == "Completed", job["error"]


@pytest.mark.parametrize("status", [401, 403, 404, 408, 429, 500, 503])
def test_a_folder_whose_job_was_refused_once_gets_exactly_one_job(
    deployed: Deployed, status: int
) -> None:
    folder = f"refused-{status}"
    sample = PROJECT / "samples" / "digits" / "inputs" / "digit-1.pgm"
    deployed.drop(f"incoming/{folder}/1.pgm", content=sample.read_bytes())
    deployed.fail_invoke(status=status)

    (marker,) = deployed.drop(f"incoming/{folder}/_SUCCESS", content=b"")

    until(lambda: delivered_again(deployed, marker), "the redelivery")
    (job,) = jobs_of(deployed, folder)
    assert job["status"] == "Completed", job["error"]
    replies = {run["response_status"] for run in deployed.runs_for(marker)}
    assert replies == {503, 200}
