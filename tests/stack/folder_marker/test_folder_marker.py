"""A workflow with its own identity, started by marker files: one job for each complete folder."""

from pathlib import Path

from tests.stack.event_path.client import Client
from tests.stack.event_path.deployed import Deployed, brought_up, until
from tests.stack.event_path.test_roles import delivered_again, without
from tests.stack.shell import digits_in, sample

deployed = brought_up(invoker={"kind": "managed_identity"}, blob_events={"marker_name": "_SUCCESS"})
SCORED = [("3.pgm", 3), ("7.pgm", 7)]


def scored(deployed: Deployed, folder: str) -> list[tuple[str, int]]:
    """What the one job on a folder has predicted."""
    (job,) = deployed.await_jobs([f"{deployed.outputs['input_url']}{folder}/"])
    return digits_in(deployed.predictions(job["name"]))


def test_a_marker_starts_one_job_for_all_files_of_its_folder(deployed: Deployed) -> None:
    for digit in (3, 7):
        deployed.drop(f"incoming/monday/{digit}.pgm", content=sample(digit))
    deployed.drop("incoming/monday/_SUCCESS", content=b"")

    assert scored(deployed, "monday") == SCORED
    assert len(deployed.history()["workflow_runs"]) == 2, "the handshake and the marker"


def test_the_client_s_upload_starts_one_job_for_all_files(
    deployed: Deployed, client: Client, tmp_path: Path
) -> None:
    folder = tmp_path / "thursday"
    folder.mkdir()
    for digit in (3, 7):
        (folder / f"{digit}.pgm").write_bytes(sample(digit))

    client("upload", str(folder), "--watched")

    assert scored(deployed, "thursday") == SCORED


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
    assert scored(deployed, "tuesday") == [("1.pgm", 1)]
