"""Both templates against a batch endpoint that really scores: each end, with its message.

The pipeline's clock is its own and is pushed on once no job is under way, so that nothing waits.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from local_azure.clock import Clock
from local_azure.datafactory.factory import Pipeline
from local_azure.datafactory.parameters import bind
from local_azure.datafactory.run import run_pipeline
from local_azure.logic import transport
from local_azure.logic.environment import Environment
from local_azure.machinelearning.jobs import ENDS
from local_azure.tenant import TENANT_ID
from tests.local.machinelearning.world import ARTIFACTS, HOST, INVOKER, World
from tests.templates.test_pipeline_types import load
from tests.templates.world import answer

if TYPE_CHECKING:
    from local_azure.datafactory.records import RunResult
    from local_azure.logic.transport import HttpAnswer, HttpRequest
    from tests.local.conftest import Running

BOTH = pytest.mark.parametrize("name", ["Run-BatchEndpoint-MI.json", "Run-BatchEndpoint-SP.json"])
SECRET = "p&ss=wörd+%"
VAULT = "https://v.vault.azure.net"


@pytest.fixture(scope="module")
def world(running: Running) -> World:
    found = World(running)
    until = datetime(2999, 1, 1, tzinfo=UTC)
    client = str(INVOKER.client_id)
    running.call(running.azure.directory.add_secret, client, "invoker", SECRET, until)
    return found


def scored(world: World, name: str, uri: str, **given: Any) -> RunResult:
    """The end of a template's run as the invoker, for a folder."""
    return world.running.run(_scored(world, name, {"endpoint_input_uri": uri, **given}))


async def _scored(world: World, name: str, given: dict[str, Any]) -> RunResult:
    azure, document = world.azure, load(name)
    send = transport.over(lambda: azure.http)

    async def sent(request: HttpRequest) -> HttpAnswer:
        if request.uri.startswith(VAULT):
            return answer(200, {"value": SECRET})
        return await send(request)

    clock = Clock(datetime(2026, 6, 1, tzinfo=UTC))
    around = Environment(clock, sent, lambda _, to: azure.tokens.issue(INVOKER, to).value)
    given["endpoint_uri"] = f"https://{HOST}/jobs"
    if "client_id" in (declared := document["properties"]["parameters"]):
        given |= {"tenant_id": TENANT_ID, "client_id": INVOKER.client_id}
        given["client_secret"] = f"{VAULT}/secrets/invoker"
    pipeline = Pipeline(document["name"], document["properties"])
    work = asyncio.create_task(run_pipeline(pipeline, bind(declared, given), around))
    while not work.done():
        await asyncio.sleep(0.01)
        if all(job["status"] in ENDS for job in azure.machinelearning.history(1000)):
            clock.advance(timedelta(seconds=60))
    return work.result()


@BOTH
def test_a_folder_becomes_predictions_at_a_path_of_the_runs_own(world: World, name: str) -> None:
    world.blob("inputs", "inputs", "folder/a.txt", b"one")
    world.blob("inputs", "inputs", "folder/b.txt", b"two")

    result = scored(world, name, "azureml://datastores/batch_inputs/paths/folder/")

    assert (result.status.value, result.message) == ("Succeeded", "")
    predictions = world.content(f"batch/{result.run_id}/predictions.csv")
    assert sorted(predictions.splitlines()) == ["a.txt one", "b.txt two"]


@BOTH
def test_an_output_path_that_exists_fails_the_run(world: World, name: str) -> None:
    world.blob("inputs", "inputs", "folder/a.txt", b"one")
    world.blob("own", ARTIFACTS, "taken.csv", b"mine")

    result = scored(
        world,
        name,
        "azureml://datastores/batch_inputs/paths/folder/",
        endpoint_output_uri="azureml://datastores/workspaceblobstore/paths/taken.csv",
    )

    job = world.history()[0]["name"]
    assert f"The batch job {job} ended with status Failed." in result.message
    assert world.content("taken.csv") == "mine"


@BOTH
def test_a_folder_in_the_folder_fails_the_run(world: World, name: str) -> None:
    world.blob("inputs", "inputs", "nested/a.txt", b"one")
    world.blob("inputs", "inputs", "nested/deeper/b.txt", b"two")

    result = scored(world, name, "https://inputs.blob.core.windows.net/inputs/nested")

    job = world.history()[0]["name"]
    assert f"The batch job {job} ended with status Failed." in result.message


@BOTH
def test_a_datastore_that_is_not_registered_starts_no_job(world: World, name: str) -> None:
    before = len(world.history())

    result = scored(world, name, "azureml://datastores/nowhere/paths/folder/")

    assert result.status.value == "Failed"
    assert "has no datastore 'nowhere'" in result.message
    assert len(world.history()) == before
