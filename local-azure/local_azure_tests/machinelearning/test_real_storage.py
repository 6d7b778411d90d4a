"""The same jobs on the real storage front, with Azurite behind it."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from local_azure_tests.conftest import Running
from local_azure_tests.machinelearning.stored_world import StoredWorld
from local_azure_tests.machinelearning.world import (
    ARTIFACTS,
    COMPUTE,
    INPUTS,
    INVOKER,
    World,
    names,
)

SCRIPT = """
import os
def init():
    global weight
    weight = open(os.path.join(os.environ["AZUREML_MODEL_DIR"], "blue", "weights.txt")).read()
def run(files): return [f"{os.path.basename(path)} {open(path).read()} {weight}" for path in files]
"""


@pytest.fixture(scope="module")
def stored(running: Running) -> World:
    world = StoredWorld(running)
    world.deploy("blue", SCRIPT)
    return world


def test_a_blob_in_storage_becomes_predictions_in_storage(stored: World) -> None:
    job = stored.score()

    assert job["status"] == "Completed", job
    assert stored.predictions(job) == "a.txt one 7\n"


def test_a_folder_in_storage_is_listed(stored: World) -> None:
    for name in ("b.txt", "a & b.txt", "größe.txt"):
        stored.blob("inputs", "inputs", f"folder/{name}", b"x")

    job = stored.score(f"{INPUTS}/folder/", "UriFolder")

    assert job["status"] == "Completed", job
    assert sorted(stored.predictions(job).splitlines()) == [
        "a & b.txt x 7",
        "b.txt x 7",
        "größe.txt x 7",
    ]


def test_an_output_that_exists_stays(stored: World) -> None:
    stored.blob("own", ARTIFACTS, "taken.csv", b"mine")
    output = "azureml://datastores/workspaceblobstore/paths/taken.csv"

    job = stored.score(output=output)

    assert job["status"] == "Failed"
    assert "the path already exists" in job["error"]
    assert stored.content("taken.csv") == "mine"


@pytest.mark.parametrize("grant", ["read", "mount", "write"])
def test_without_a_blob_role_the_job_says_who_lacks_what(stored: World, grant: str) -> None:
    stored.running.call(stored.azure.authorization.unassign, grant)
    try:
        job = stored.score()
    finally:
        stored.running.call(stored.grant_all)

    assert job["status"] == "Failed"
    assert names(job["error"], INVOKER if grant == "read" else COMPUTE)
    assert "Microsoft.Storage/storageAccounts/" in job["error"]


@pytest.mark.parametrize(
    "name", ["it's.txt", 'say "hi".txt', "50%25.txt", "a#b.txt", "a+b c?.txt", "数" * 300]
)
def test_a_hostile_name_comes_through_storage(stored: World, name: str) -> None:
    stored.blob("inputs", "inputs", f"hostile/{name}", b"one")

    job = stored.score(f"{INPUTS}/hostile/{quote(name)}")

    assert job["status"] == "Completed", job
    assert stored.predictions(job) == f"{name} one 7\n"
