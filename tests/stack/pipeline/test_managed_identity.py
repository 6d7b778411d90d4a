"""A marker file starts the pipeline, which invokes as the factory's identity and waits."""

import json
from pathlib import Path
from typing import Any

import pytest

from batch_client.errors import Exit
from tests.stack.event_path.client import Client, digits, page_of
from tests.stack.event_path.deployed import brought_up, until
from tests.stack.event_path.test_client import registered
from tests.stack.event_path.test_roles import delivered_again, without
from tests.stack.pipeline.piped import Piped
from tests.stack.shell import SAMPLES, SEVEN, sample

piped = brought_up(
    Piped, data_factory={"poll_interval_seconds": 1}, blob_events={"marker_name": "_SUCCESS"}
)


def folder(piped: Piped, name: str, *digits: int) -> str:
    """The URL of a folder with some samples."""
    for digit in digits:
        piped.drop(f"incoming/{name}/{digit}.pgm", content=sample(digit))
    return f"{piped.outputs['input_url']}{name}/"


def test_a_marker_starts_the_pipeline_and_predictions_lie_where_the_run_says(piped: Piped) -> None:
    folder(piped, "monday", 3, 7)
    piped.drop("incoming/monday/_SUCCESS", content=b"")

    outer = piped.ended_of("Score-Folder")

    assert (outer.status, outer.message) == ("Succeeded", "")
    predictions = piped.workspace_blob(f"batch/{outer.run_id}/predictions.csv")
    assert piped.rows(predictions) == [("3.pgm", 3), ("7.pgm", 7)]


def test_no_vault_of_its_own_is_made(piped: Piped) -> None:
    names = [each["urn"].rpartition("::")[2] for each in piped.state()]

    assert "pipelines-vault" not in names


@pytest.mark.long
def test_a_second_up_changes_nothing(piped: Piped) -> None:
    piped.changes_nothing("up")


def test_a_run_without_parameters_reads_the_folder_that_files_are_dropped_in(piped: Piped) -> None:
    run = piped.ended(piped.run())

    (job,) = piped.jobs_for(["azureml://datastores/batch_inputs/paths/incoming/"])
    assert run.status == "Failed", "there are folders in it by now"
    assert job["name"] in run.message


def test_a_cancelled_run_cancels_the_run_that_it_waits_for(piped: Piped) -> None:
    uri = folder(piped, "stopped", 6)

    run = piped.run(endpoint_input_uri=uri)
    until(lambda: piped.jobs_for([uri]), "the job")
    piped.cancel(run)

    assert piped.ended(run).status == "Cancelled"
    (inner,) = [each for each in piped.runs() if each.invoked_by.pipeline_run_id == run]
    assert piped.ended(inner.run_id).status == "Cancelled"


def test_without_its_role_the_factory_invokes_nothing_and_says_what_it_lacks(piped: Piped) -> None:
    uri, who = folder(piped, "forbidden", 6), piped.outputs["factory_principal_id"]
    with without(piped, who, "", piped.outputs["workspace_id"]):
        run = piped.ended(piped.run(endpoint_input_uri=uri))

    assert run.status == "Failed"
    assert "batchEndpoints/read" in run.message
    assert piped.jobs_for([uri]) == []


def _give_up(piped: Piped, event: dict[str, Any], name: str) -> None:
    with piped.container("dead_letter_account", "dead_letter_container") as letters:
        letters.upload_blob(f"TO-WORKFLOW/2026/6/1/12/{name}.json", json.dumps([event]))


def _workflows_identity(piped: Piped) -> str:
    workflow = piped.resource(piped.outputs["workflow_id"])
    return str(workflow.properties["identity"]["principalId"])


def test_without_its_role_the_workflow_starts_no_run_until_it_has_it_again(piped: Piped) -> None:
    uri = folder(piped, "tuesday", 8)
    with without(piped, _workflows_identity(piped), "", piped.outputs["factory_id"]):
        (marker,) = piped.drop("incoming/tuesday/_SUCCESS", content=b"")
        until(lambda: [r for r in piped.runs_for(marker) if r["response_status"]], "a reply")
        assert piped.runs_for(marker)[0]["response_status"] == 503
        assert piped.jobs_for([uri]) == []

    until(lambda: delivered_again(piped, marker), "the redelivery")
    (job,) = piped.await_jobs([uri])
    assert job["status"] == "Completed", job["error"]


def test_a_hostile_folder_is_scored_as_it_is_named(piped: Piped) -> None:
    name = 'it\'s "100%" #1 größe 数'
    piped.drop(f"incoming/{name}/5.pgm", content=sample(5))

    uri = f"azureml://datastores/batch_inputs/paths/incoming/{name}/"
    run = piped.ended(piped.run(endpoint_input_uri=uri))

    assert (run.status, run.message) == ("Succeeded", "")


def test_the_client_runs_the_pipeline_for_a_local_folder(client: Client, tmp_path: Path) -> None:
    told = client("run-pipeline", str(SAMPLES), "--parameter", "poll_interval=1")
    fetched = client("download", told["job"]["name"], "--into", str(tmp_path))

    assert (told["run"]["status"], told["exit"]) == ("Succeeded", Exit.DONE)
    assert [digit for _, digit in digits(fetched)] == list(range(10))


def test_the_client_runs_the_pipeline_for_registered_data(piped: Piped, client: Client) -> None:
    registered(piped, "digits", client.uploaded(SAMPLES))

    told = client("run-pipeline", "azureml:digits@latest", "--parameter", "poll_interval=1")

    assert told["run"]["status"] == "Succeeded"


def test_the_stack_file_names_the_data_that_a_run_reads(piped: Piped, client: Client) -> None:
    registered(piped, "told", client.uploaded(SAMPLES))
    piped.up_with(data_factory={"poll_interval_seconds": 1, "input_uri": "azureml:told:1"})

    run = piped.ended(piped.run())

    assert run.status == "Succeeded", run.message
    asset = f"{piped.outputs['workspace_id']}/data/told/versions/1"
    assert len(piped.jobs_for([asset])) == 1


def test_the_client_tells_why_a_pipeline_failed(piped: Piped, client: Client) -> None:
    told = client("run-pipeline", f"{piped.outputs['input_url']}nothing-there/")

    assert told["exit"] == Exit.FAILED
    assert "ended with status Failed" in told["run"]["message"]


@pytest.fixture(scope="module")
def scored(piped: Piped) -> Any:
    """A run for a folder, ended well."""
    return piped.ended(piped.run(endpoint_input_uri=folder(piped, "followed", 7)))


def test_a_file_is_followed_through_the_pipeline_that_scored_its_folder(
    piped: Piped, client: Client, scored: Any
) -> None:
    (job,) = piped.jobs_for([f"{piped.outputs['input_url']}followed/"])

    why = client.operator("why", "incoming/followed/7.pgm")

    (run,) = [each for each in why["spans"] if each["kind"] == "pipeline run"]
    assert (run["id"], run["state"]) == (scored.run_id, "Succeeded")
    assert why["why"] == f"The job {job['name']} is Completed."
    assert "Run Batch-Endpoint" in [each["name"] for each in why["spans"]]


def test_the_client_s_page_draws_each_pipeline_that_a_run_called(piped: Piped, scored: Any) -> None:
    page = page_of(piped, "/pipeline-run", name=scored.run_id)

    assert "<h2>Pipeline Run-BatchEndpoint</h2>" in page
    assert "<title>Run Batch-Endpoint (WebActivity): Succeeded</title>" in page
    assert "<title>Fail (Fail): not reached</title>" in page


def test_a_caller_runs_the_pipeline(piped: Piped, client: Client, tmp_path: Path) -> None:
    with piped.one_of("callers"):
        told = client("run-pipeline", str(SEVEN), "--type", "UriFile")
        fetched = client("download", told["job"]["name"], "--into", str(tmp_path))

    assert told["run"]["status"] == "Succeeded"
    assert digits(fetched) == [("digit-7.pgm", 7)]


def test_who_may_not_run_the_pipeline_is_told_what_that_takes(piped: Piped, client: Client) -> None:
    with piped.one_of("callers", lacking="run"):
        refused = client("run-pipeline", f"{piped.outputs['input_url']}nothing-there/")

    assert "You may not run the pipeline" in refused["error"]
    assert "pipeline runner …' of this program, or Data Factory Contributor on" in refused["error"]
    assert "`callers` in the stack file gives it" in refused["error"]


def test_a_marker_that_was_given_up_runs_the_pipeline_once(piped: Piped, client: Client) -> None:
    uri = folder(piped, "wednesday", 2)
    with without(piped, _workflows_identity(piped), "", piped.outputs["factory_id"]):
        (marker,) = piped.drop("incoming/wednesday/_SUCCESS", content=b"")
        until(lambda: [r for r in piped.runs_for(marker) if r["response_status"]], "a reply")
    (event,) = piped.events_for(marker)
    _give_up(piped, event, "one")
    (first,) = client.operator("dead-letters replay", event["id"])["letters"]
    (job,) = piped.await_jobs([uri])
    _give_up(piped, event, "two")
    (second,) = client.operator("dead-letters replay", event["id"])["letters"]

    assert first["started"] in {run.run_id for run in piped.runs()}
    assert [first["state"], second["state"], second["started"]] == [
        "replayed",
        "had its job",
        job["name"],
    ]
    assert len(piped.jobs_for([uri])) == 1


def test_verify_follows_a_marker_through_the_pipeline(client: Client) -> None:
    found = client.verify()

    assert found["a marked file lands"].endswith("/_SUCCESS")
    assert found["the run starts a job"].startswith("run ")
    assert '"digit": 7' in found["the predictions"]


def test_verify_runs_the_pipeline_by_itself_where_no_event_does(
    piped: Piped, client: Client
) -> None:
    client.know(**{**piped.outputs, "workflow_id": ""})

    found = client.verify()

    assert "a file, and a run of its pipeline" in found
    assert found["cleaning up"] == "nothing is left"
