"""Both templates against a batch endpoint that really scores: each end, with its message.

The clock is pushed on once no job is under way, so that nothing waits.
"""

import asyncio
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from local_azure.control_plane.tenant import TENANT_ID
from local_azure.runs import transport
from local_azure.runs.environment import Environment
from local_azure.runs.transport import HttpAnswer, HttpRequest
from local_azure.services.datafactory.factory import Pipeline
from local_azure.services.datafactory.folder import run_pipeline
from local_azure.services.datafactory.parameters import bind
from local_azure.services.datafactory.records import RunResult
from local_azure.services.machinelearning.jobs import ENDS
from local_azure_tests.conftest import Running
from local_azure_tests.machinelearning.world import ARTIFACTS, HOST, INVOKER, World
from local_azure_tests.world import answer
from tests.templates.test_pipeline_types import load

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
    (result,) = scored_at_once(world, name, [uri], **given)
    return result


def scored_at_once(world: World, name: str, uris: list[str], **given: Any) -> list[RunResult]:
    """The end of each run, one for each folder."""
    all_given = [{"endpoint_input_uri": uri, **given} for uri in uris]
    return world.running.run(_pushed(world, [_scored(world, name, each) for each in all_given]))


async def _pushed(world: World, runs: list[Coroutine[Any, Any, RunResult]]) -> list[RunResult]:
    work = asyncio.gather(*runs)
    while not work.done():
        await asyncio.sleep(0.01)
        if all(job["status"] in ENDS for job in world.azure.machinelearning.history(1000)):
            world.azure.clock.advance(timedelta(seconds=60))
    return work.result()


async def _scored(world: World, name: str, given: dict[str, Any]) -> RunResult:
    azure, document = world.azure, load(name)
    send = transport.over(lambda: azure.http)

    async def sent(request: HttpRequest) -> HttpAnswer:
        if request.uri.startswith(VAULT):
            return answer(200, {"value": SECRET})
        return await send(request)

    around = Environment(azure.clock, sent, lambda _, to: azure.tokens.issue(INVOKER, to).value)
    given["endpoint_uri"] = f"https://{HOST}/jobs"
    if "client_id" in (declared := document["properties"]["parameters"]):
        given |= {"tenant_id": TENANT_ID, "client_id": INVOKER.client_id}
        given["client_secret"] = f"{VAULT}/secrets/invoker"
    pipeline = Pipeline(document["name"], document["properties"])
    return await run_pipeline(pipeline, bind(declared, given), around)


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
def test_a_datastore_that_is_not_registered_starts_no_job(world: World, name: str) -> None:
    before = len(world.history())

    result = scored(world, name, "azureml://datastores/nowhere/paths/folder/")

    assert result.status.value == "Failed"
    assert "has no datastore 'nowhere'" in result.message
    assert len(world.history()) == before


def test_many_runs_at_once_have_one_job_each(world: World) -> None:
    for number in range(12):
        world.blob("inputs", "inputs", f"many/{number}/a.txt", str(number).encode())
    folders = [f"azureml://datastores/batch_inputs/paths/many/{n}/" for n in range(12)]
    before = len(world.history())

    results = scored_at_once(world, "Run-BatchEndpoint-MI.json", folders)

    assert [world.content(f"batch/{each.run_id}/predictions.csv") for each in results] == [
        f"a.txt {number}\n" for number in range(12)
    ]
    assert len(world.history()) - before == 12
