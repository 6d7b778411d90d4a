"""A job from its invocation to its predictions."""

from __future__ import annotations

import contextlib
import re
import time
from typing import TYPE_CHECKING

import pytest

from local_azure.services.machinelearning.job_runs import run_id
from local_azure_tests.machinelearning.world import ARTIFACTS

if TYPE_CHECKING:
    from pathlib import Path

    from local_azure_tests.machinelearning.world import World

URL = "https://inputs.blob.core.windows.net/inputs"


def test_a_blob_url_becomes_predictions(world: World) -> None:
    world.blob("inputs", "inputs", "data/a.txt", b"one")

    job = world.score(f"{URL}/data/a.txt")

    assert job["status"] == "Completed", job
    assert world.predictions(job) == "a.txt one\n"


def test_a_job_passes_through_the_documented_states(world: World) -> None:
    world.blob("inputs", "inputs", "data/a.txt", b"one")

    job = world.score(f"{URL}/data/a.txt")

    assert [each["status"] for each in job["states"]] == [
        "Preparing",
        "Queued",
        "Preparing",
        "Running",
        "Finalizing",
        "Completed",
    ]


def test_a_job_can_be_followed_to_its_end(world: World) -> None:
    world.blob("inputs", "inputs", "data/a.txt", b"one")
    name = world.score(f"{URL}/data/a.txt")["name"]

    status, told = world.request("GET", f"/jobs/{name}")

    assert status == 200
    assert told["name"] == name
    assert told["properties"]["status"] == "Completed"


def test_camel_case_keys_are_taken_too(world: World) -> None:
    world.blob("inputs", "inputs", "data/a.txt", b"one")
    body = {
        "properties": {"inputData": {"x": {"jobInputType": "UriFile", "uri": f"{URL}/data/a.txt"}}}
    }

    status, told = world.request("POST", "/jobs", body)

    assert status == 201
    assert world.end(told["name"])["status"] == "Completed"


def test_of_two_jobs_at_once_for_one_path_one_finds_it_taken(world: World) -> None:
    world.blob("inputs", "inputs", "data/a.txt", b"one")
    uri = "azureml://datastores/workspaceblobstore/paths/digits/event-1/predictions.csv"

    names = [world.invoke(f"{URL}/data/a.txt", output=uri)[1]["name"] for _ in range(2)]

    jobs = [world.end(name) for name in names]
    assert sorted(job["status"] for job in jobs) == ["Completed", "Failed"]
    assert "the path already exists" in "".join(job["error"] for job in jobs)
    assert world.content("digits/event-1/predictions.csv") == "a.txt one\n"


@pytest.mark.parametrize(
    "uri",
    [
        "azureml://datastores/batch_inputs/paths/data/a.txt",
        (
            "azureml://subscriptions/50b50000-0000-4000-8000-0000000050b5/resourcegroups/rg/workspaces/"
            "ws/datastores/batch_inputs/paths/data/a.txt"
        ),
    ],
)
def test_datastore_uris_are_resolved(world: World, uri: str) -> None:
    world.blob("inputs", "inputs", "data/a.txt", b"one")

    assert world.predictions(world.score(uri)) == "a.txt one\n"


def test_a_folder_is_scored_in_mini_batches(world: World) -> None:
    for number in range(5):
        world.blob("inputs", "inputs", f"five/{number}.txt", str(number).encode())
    world.deploy(
        "batches",
        "def init(): pass\ndef run(files): return [f'{len(files)}'] * len(files)",
        miniBatchSize=2,
    )

    job = world.score_on("batches", f"{URL}/five/", "UriFolder")

    assert world.predictions(job) == "2\n2\n2\n2\n1\n"


def test_the_compute_mounts_and_the_invoker_reads(world: World) -> None:
    world.blob("inputs", "inputs", "data/who.txt", b"one")
    world.host.calls.clear()

    world.score(f"{URL}/data/who.txt")

    assert [call for call in world.host.calls if call[2] == "data/who.txt"] == [
        ("compute", "HEAD", "data/who.txt"),
        ("invoker", "GET", "data/who.txt"),
    ]


def test_an_output_that_is_asked_for_is_written(world: World) -> None:
    world.blob("inputs", "inputs", "data/a.txt", b"one")
    output = "azureml://datastores/workspaceblobstore/paths/mine/rows.csv"

    job = world.score(f"{URL}/data/a.txt", output=output)

    assert job["status"] == "Completed"
    assert world.content("mine/rows.csv") == "a.txt one\n"


def test_an_output_that_exists_fails_the_job_and_stays(world: World) -> None:
    world.blob("inputs", "inputs", "data/a.txt", b"one")
    world.blob("own", ARTIFACTS, "taken.csv", b"mine")
    output = "azureml://datastores/workspaceblobstore/paths/taken.csv"

    job = world.score(f"{URL}/data/a.txt", output=output)

    assert job["status"] == "Failed"
    assert "the path already exists" in job["error"]
    assert world.content("taken.csv") == "mine"


def test_a_nested_folder_fails_the_job(world: World) -> None:
    world.blob("inputs", "inputs", "nested/a.txt", b"one")
    world.blob("inputs", "inputs", "nested/deeper/b.txt", b"two")

    job = world.score(f"{URL}/nested", "UriFolder")

    assert job["status"] == "Failed"
    assert "don't explore nested folders" in job["error"]


@pytest.mark.parametrize(("uri", "kind"), [("missing.txt", "UriFile"), ("missing/", "UriFolder")])
def test_an_input_that_is_not_there_fails_the_job(world: World, uri: str, kind: str) -> None:
    job = world.score(f"{URL}/{uri}", kind)

    assert job["status"] == "Failed"
    assert "does not" in job["error"]


def test_logs_tell_how_far_a_job_is_while_it_runs(world: World, tmp_path: Path) -> None:
    for name in ("a", "b"):
        world.blob("inputs", "inputs", f"two/{name}.txt", b"one")
    gate = tmp_path / "open"
    script = f"""
import pathlib, time
def init(): print("begun", flush=True)
def run(files):
    while files[0].endswith("b.txt") and not pathlib.Path({str(gate)!r}).exists():
        time.sleep(0.01)
    return files
"""
    world.deploy("slow", script, miniBatchSize=1, maxConcurrencyPerInstance=1)
    _, job = world.invoke(f"{URL}/two/", "UriFolder", deployment="slow")
    run = run_id(job["name"])

    until_told(world, run, "logs/job_progress_overview.txt", "Processed 1 of 2 mini batches in")
    meanwhile = world.log(run, "logs/job_progress_overview.txt")
    gate.touch()
    world.end(job["name"])

    assert meanwhile.count("\n") == 1
    assert world.log(run, "logs/job_progress_overview.txt").startswith(meanwhile)
    assert "Processed 2 of 2 mini batches" in world.log(run, "logs/job_progress_overview.txt")
    assert world.log(run, "logs/user/stdout/process000.stdout.txt") == "begun\n"


def until_told(world: World, run: str, log: str, text: str) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with contextlib.suppress(KeyError):
            if text in world.log(run, log):
                return
        time.sleep(0.05)
    message = f"{log} does not tell {text!r}"
    raise AssertionError(message)


def test_logs_are_artifacts_of_the_run_that_scores(world: World) -> None:
    world.blob("inputs", "inputs", "data/a.txt", b"one")
    world.deploy("talks", "def init(): print('hello')\ndef run(files): return [1]")

    job = world.score_on("talks", f"{URL}/data/a.txt")

    run = run_id(job["name"])
    processed, _, end = world.log(run, "logs/job_progress_overview.txt").partition("\n")
    assert re.fullmatch(
        r"20\S+\.\d{6} Processed 1 of 1 mini batches in 0:00:\d\d\. "
        r"Estimated remaining time 0:00:00\.",
        processed,
    )
    assert end.startswith("Completed\nfiles: 1")
    assert world.log(run, "logs/user/stdout/process000.stdout.txt") == "hello\n"


def test_a_script_can_write_files_of_its_own(world: World) -> None:
    world.blob("inputs", "inputs", "data/a.txt", b"one")
    script = """
import os
def init(): pass
def run(files):
    with open(os.path.join(os.environ["AZUREML_BI_OUTPUT_PATH"], "mine.txt"), "w") as file:
        file.write("own")
    return files
"""
    world.deploy("writes", script, outputAction="SummaryOnly")

    job = world.score_on("writes", f"{URL}/data/a.txt")

    assert job["status"] == "Completed"
    folder = f"azureml/{run_id(job['name'])}/score"
    assert world.content(f"{folder}/mine.txt") == "own"
    assert ("own", ARTIFACTS, f"{folder}/predictions.csv") not in (world.host.blobs)


def test_the_model_lies_below_its_own_folder(world: World) -> None:
    world.blob("inputs", "inputs", "data/a.txt", b"one")
    script = """
import os
def init():
    global weight
    weight = open(os.path.join(os.environ["AZUREML_MODEL_DIR"], "loads", "weights.txt")).read()
def run(files): return [weight for _ in files]
"""
    world.deploy("loads", script)

    assert world.predictions(world.score_on("loads", f"{URL}/data/a.txt")) == "7\n"
