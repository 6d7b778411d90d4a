"""A job from its invocation to its predictions."""

import contextlib
import json
import re
import time
from pathlib import Path
from typing import Any

import pytest

from local_azure.services.machinelearning.job_runs import run_id
from local_azure.services.machinelearning.uris import Location
from local_azure_tests.machinelearning.world import ARTIFACTS, COMPUTE, INPUTS, World

OVERVIEW = "logs/job_progress_overview.txt"


def test_a_job_goes_through_the_documented_states_to_its_predictions(world: World) -> None:
    job = world.score()

    assert [each["status"] for each in job["states"]] == [
        "Preparing",
        "Queued",
        "Preparing",
        "Running",
        "Finalizing",
        "Completed",
    ]
    assert world.predictions(job) == "a.txt one\n"
    _, told = world.request("GET", f"/jobs/{job['name']}")
    assert told["properties"]["status"] == "Completed"


def test_what_a_job_is_to_do_is_told_as_its_parameters(world: World) -> None:
    uri = "azureml://datastores/workspaceblobstore/paths/mine/rows.csv"

    _, told = world.invoke(output=uri, miniBatchSize=7)

    world.end(told["name"])
    assert "output" not in told["properties"], "it has a named one"
    assert json.loads(told["properties"]["properties"]["azureml.parameters"]) == {
        "run_max_try": "3",
        "run_invocation_timeout": "30",
        "mini_batch_size": "7",
        "error_threshold": "-1",
        "logging_level": "INFO",
        "process_count_per_node": "1",
        "legacy_model_job": "False",
        "NodeCount": "1",
        "append_row_file_name": "predictions.csv",
    }


def test_of_two_jobs_at_once_for_one_path_one_finds_it_taken(world: World) -> None:
    uri = "azureml://datastores/workspaceblobstore/paths/digits/event-1/predictions.csv"

    names = [world.invoke(output=uri)[1]["name"] for _ in range(2)]

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
    assert world.predictions(world.score(uri)) == "a.txt one\n"


LAKE = [
    "https://inputs.dfs.core.windows.net/inputs/of%20a%20lake/a.txt",
    "abfss://inputs@inputs.dfs.core.windows.net/of%20a%20lake/a.txt",
]


def test_the_directories_of_a_data_lake_are_no_files(world: World) -> None:
    world.storage("inputs", isHnsEnabled=True)
    world.blob("inputs", "inputs", "nested/deep/er/a.txt", b"one")
    world.storage("inputs")

    blobs = world.running.call(world.azure.machinelearning._storage, COMPUTE)
    folder = Location("inputs.blob.core.windows.net", "inputs", "nested")
    names, _ = world.running.run(blobs.names(folder, delimiter=""))
    assert names == ["nested/deep/er/a.txt"]
    assert "nested/deep does not exist" in world.score(f"{INPUTS}/nested/deep")["error"]


@pytest.mark.parametrize("uri", LAKE)
def test_a_file_of_a_data_lake_is_read_where_its_account_is_one(world: World, uri: str) -> None:
    world.blob("inputs", "inputs", "of a lake/a.txt", b"one")

    refused = world.score(uri)
    world.storage("inputs", isHnsEnabled=True)
    job = world.score(uri)
    folder = world.score(uri.removesuffix("/a.txt"), "UriFolder")
    world.storage("inputs")

    assert "has no hierarchical namespace" in refused["error"]
    assert world.predictions(job) == world.predictions(folder) == "a.txt one\n"


def test_a_folder_is_scored_in_mini_batches(world: World) -> None:
    for number in range(5):
        world.blob("inputs", "inputs", f"five/{number}.txt", str(number).encode())
    script = "def init(): pass\ndef run(files): return [f'{len(files)}'] * len(files)"

    job = world.run_script(script, f"{INPUTS}/five/", "UriFolder", miniBatchSize=2)
    other = world.score(f"{INPUTS}/five/", "UriFolder", deployment="script", miniBatchSize=5)

    assert world.predictions(job) == "2\n2\n2\n2\n1\n"
    assert world.predictions(other) == "5\n5\n5\n5\n5\n", "a run overrides its deployment"


def test_a_folder_in_storage_is_listed(world: World) -> None:
    for name in ("b.txt", "a & b.txt", "größe.txt"):
        world.blob("inputs", "inputs", f"folder/{name}", b"x")

    job = world.score(f"{INPUTS}/folder/", "UriFolder")

    rows = sorted(world.predictions(job).splitlines())
    assert rows == ["a & b.txt x", "b.txt x", "größe.txt x"]


def test_an_output_that_exists_fails_the_job_and_stays(world: World) -> None:
    world.blob("own", ARTIFACTS, "taken.csv", b"mine")

    job = world.score(output="azureml://datastores/workspaceblobstore/paths/taken.csv")

    assert "the path already exists" in job["error"]
    assert world.content("taken.csv") == "mine"


UNREADABLE = {
    "a nested folder": ("holds", "UriFolder", "don't explore nested folders"),
    "no such file": ("missing.txt", "UriFile", "does not exist"),
    "no such folder": ("missing/", "UriFolder", "does not contain any data"),
}


@pytest.mark.parametrize(("path", "kind", "said"), UNREADABLE.values(), ids=UNREADABLE)
def test_an_input_that_can_not_be_read_fails_the_job(
    world: World, path: str, kind: str, said: str
) -> None:
    world.blob("inputs", "inputs", "holds/a.txt", b"one")
    world.blob("inputs", "inputs", "holds/deeper/b.txt", b"two")

    assert said in world.score(f"{INPUTS}/{path}", kind)["error"]


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
    _, job = world.invoke(f"{INPUTS}/two/", "UriFolder", deployment="slow")

    meanwhile = overview_with(world, job, "Processed 1 of 2 mini batches in")
    gate.touch()
    world.end(job["name"])

    assert re.fullmatch(
        r"20\S+\.\d{6} Processed 1 of 2 mini batches in 0:00:\d\d\. "
        r"Estimated remaining time 0:00:\d\d\.\n",
        meanwhile,
    )
    later = world.log(job, OVERVIEW).removeprefix(meanwhile)
    assert re.match(r"20.+ Processed 2 of 2 mini batches .+\nCompleted\nfiles: 2", later)
    assert world.log(job, "logs/user/stdout/process000.stdout.txt") == "begun\n"


def overview_with(world: World, job: dict[str, Any], text: str) -> str:
    """The job's overview once it has a text."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with contextlib.suppress(KeyError):
            if text in (told := world.log(job, OVERVIEW)):
                return told
        time.sleep(0.05)
    message = f"The overview does not tell {text!r}"
    raise AssertionError(message)


def test_a_script_can_write_files_of_its_own(world: World) -> None:
    script = """
import os
def init(): pass
def run(files):
    with open(os.path.join(os.environ["AZUREML_BI_OUTPUT_PATH"], "mine.txt"), "w") as file:
        file.write("own")
    return files
"""
    job = world.run_script(script, outputAction="SummaryOnly")

    assert world.content(f"azureml/{run_id(job['name'])}/score/mine.txt") == "own"
    with pytest.raises(KeyError):
        world.predictions(job)


def test_the_model_lies_below_its_own_folder(world: World) -> None:
    script = """
import os
def init():
    global weight
    weight = open(os.path.join(os.environ["AZUREML_MODEL_DIR"], "script", "weights.txt")).read()
def run(files): return [weight for _ in files]
"""
    assert world.predictions(world.run_script(script)) == "7\n"
