"""The machine learning SDK, unmodified: it invokes, follows, lists, and finds what jobs leave."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local_azure.control_plane.clouds import STORAGE_AUDIENCE
from local_azure.control_plane.tenant import SUBSCRIPTION_ID
from local_azure_tests.conftest import Running
from local_azure_tests.machinelearning.world import (
    ACTIONS,
    ARTIFACTS,
    BLOB_READER,
    ENDPOINT,
    GROUP,
    HOST,
    INVOKER,
    ML,
    STORAGE,
    WORKSPACE,
    World,
)
from tests.commands import printed
from tools import azure_ai_ml

ARM = "https://management.azure.com"
CLIENT = Path(__file__).with_name("azure_ai_ml_client.py")
LETTERS = (
    f"azureml://subscriptions/{SUBSCRIPTION_ID}/resourcegroups/rg/workspaces/ws/datastores"
    "/batch_inputs/paths/data/"
)
SLEEPS = "import time\ndef init(): pass\ndef run(files): time.sleep(60)"


@pytest.fixture
def stored(running: Running) -> Iterator[World]:
    world = World(running)
    world.deploy("slow", SLEEPS)
    world.put(GROUP, {"location": "westeurope"})
    world.allow_further(f"{ML}/*")
    assign = world.azure.authorization.assign
    world.running.call(assign, "artifacts", INVOKER.object_id, BLOB_READER, f"{STORAGE}/own")
    _show_resources(world)
    yield world
    world.running.call(world.azure.authorization.unassign, "artifacts")
    world.running.call(world.allow_invoker, *ACTIONS)


def _show_resources(world: World) -> None:
    """What the SDK reads of resources beside what jobs need."""
    scoring = {"scoringUri": f"https://{HOST}/jobs", "authMode": "AADToken"}
    endpoint = {
        "location": "westeurope",
        "properties": {"authMode": "AADToken", "defaults": {"deploymentName": "blue"}},
    }
    _show(world, ENDPOINT, endpoint, scoring)
    for name in ("blue", "slow"):
        place = f"{ENDPOINT}/deployments/{name}"
        body = world.running.stored(place).body
        _show(world, place, body, body["properties"])
    store = {
        "datastoreType": "AzureBlob",
        "accountName": "own",
        "containerName": ARTIFACTS,
        "credentials": {"credentialsType": "None"},
        "endpoint": "core.windows.net",
        "protocol": "https",
    }
    for name, container in (
        ("workspaceblobstore", ARTIFACTS),
        ("workspaceartifactstore", "azureml"),
    ):
        body = {"properties": {**store, "containerName": container}}
        shown = {**body["properties"], "isDefault": name == "workspaceblobstore"}
        _show(world, f"{WORKSPACE}/datastores/{name}", body, shown)


def _show(world: World, place: str, body: dict[str, Any], properties: dict[str, Any]) -> None:
    name = place.rpartition("/")[2]
    world.put(place, body, {"name": name, "location": "westeurope", "properties": properties})


def test_the_machine_learning_sdk_finds_what_a_job_leaves(stored: World, tmp_path: Path) -> None:
    environment = {
        **stored.running.client_environment(),
        "SUBSCRIPTION": SUBSCRIPTION_ID,
        "FOLDER": str(tmp_path),
        "AZUREML_RUN_POLLING_INTERVAL_MIN": "0",
        "TOKEN_FOR_MANAGEMENT": stored.token(audience=ARM),
        "TOKEN_FOR_LEARNING": stored.token(),
        "TOKEN_FOR_STORAGE": stored.token(audience=STORAGE_AUDIENCE),
    }

    streamed, _, last = printed([azure_ai_ml.python(), CLIENT], environment).rpartition("\n")

    seen = json.loads(last)
    done, cancelled, named = seen.pop("jobs")
    display_name = seen["child"].pop(0)
    assert f"RunId: {done}" in streamed
    assert re.fullmatch(r"[a-z]+_[a-z]+_[a-z0-9]{8}", display_name)
    assert {**seen, "logs": [*seen["logs"]]} == {
        "first": "Preparing",
        "end": ["Completed", "pipeline"],
        "cancelled": "Canceled",
        "listed": {done: "Completed", cancelled: "Canceled", named: "Completed"},
        "registered": [LETTERS, "1"],
        "of registered": {"predictions.csv": "a.txt one\n"},
        "child": ["Completed", "batchscoring"],
        "read": "Completed",
        "predictions": {"predictions.csv": "a.txt one\n"},
        "of child": {"named-outputs/score/predictions.csv": "a.txt one\n"},
        "logs": ["artifacts/logs/job_progress_overview.txt"],
    }
