"""A workflow with its own identity, started by marker files: one job for each complete folder."""

import json
from pathlib import Path

from tests.stack.event_path.client import Client
from tests.stack.event_path.deployed import Deployed, brought_up, until
from tests.stack.event_path.test_roles import delivered_again, without
from tests.stack.shell import Entry, sample

deployed = brought_up(invoker={"kind": "managed_identity"}, blob_events={"marker_name": "_SUCCESS"})


def job_of(deployed: Deployed, folder: str) -> Entry:
    """The one job on a folder, which has completed."""
    (job,) = deployed.await_jobs([f"{deployed.outputs['input_url']}{folder}/"])
    assert job["status"] == "Completed", job["error"]
    return job


def test_a_marker_starts_one_job_for_all_files_of_its_folder(deployed: Deployed) -> None:
    for digit in (3, 7):
        deployed.drop(f"incoming/monday/{digit}.pgm", content=sample(digit))
    deployed.drop("incoming/monday/_SUCCESS", content=b"")

    job = job_of(deployed, "monday")

    rows = [json.loads(line) for line in deployed.predictions(job["name"]).splitlines()]
    assert sorted((row["file"], row["digit"]) for row in rows) == [("3.pgm", 3), ("7.pgm", 7)]
    assert len(deployed.history()["workflow_runs"]) == 2, "the handshake and the marker"


def test_the_client_s_upload_starts_one_job_for_all_files(
    deployed: Deployed, client: Client, tmp_path: Path
) -> None:
    folder = tmp_path / "thursday"
    folder.mkdir()
    for digit in (3, 7):
        (folder / f"{digit}.pgm").write_bytes(sample(digit))

    client("upload", str(folder), "--watched")

    job = job_of(deployed, "thursday")
    rows = [json.loads(line) for line in deployed.predictions(job["name"]).splitlines()]
    assert sorted(row["digit"] for row in rows) == [3, 7]


def test_no_application_and_no_secret_is_made(deployed: Deployed) -> None:
    types = {each["type"] for each in deployed.state()}
    assert [each for each in types if each.startswith("azuread:")] == []
    assert "invoker_client_id" not in deployed.outputs


def test_without_its_role_the_workflow_starts_no_job_until_it_has_it_again(
    deployed: Deployed,
) -> None:
    identity, workspace = (deployed.outputs[k] for k in ("invoker_object_id", "workspace_id"))
    with without(deployed, identity, "", workspace):
        deployed.drop("incoming/tuesday/1.pgm", content=sample(1))
        (marker,) = deployed.drop("incoming/tuesday/_SUCCESS", content=b"")
        until(lambda: [r for r in deployed.runs_for(marker) if r["response_status"]], "a reply")
        assert deployed.runs_for(marker)[0]["response_status"] == 503
        assert deployed.jobs_for([f"{deployed.outputs['input_url']}tuesday/"]) == []

    until(lambda: delivered_again(deployed, marker), "the redelivery")
    assert job_of(deployed, "tuesday")


def test_a_folder_whose_job_was_refused_once_gets_exactly_one_job(deployed: Deployed) -> None:
    deployed.drop("incoming/refused/1.pgm", content=sample(1))
    deployed.fail_invoke(status=429)

    (marker,) = deployed.drop("incoming/refused/_SUCCESS", content=b"")

    until(lambda: delivered_again(deployed, marker), "the redelivery")
    assert job_of(deployed, "refused")
    replies = {run["response_status"] for run in deployed.runs_for(marker)}
    assert replies == {503, 200}
