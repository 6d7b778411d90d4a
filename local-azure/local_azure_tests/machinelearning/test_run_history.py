"""The regional host: who may read runs there, and what it tells of them."""

from collections.abc import Iterator
from typing import Any

import pytest

from local_azure.services.machinelearning import regional_routes
from local_azure.services.machinelearning.job_runs import run_id
from local_azure_tests.core.rest_client import ARM, refusal
from local_azure_tests.machinelearning.pipeline_world import run_pipeline
from local_azure_tests.machinelearning.world import ACTIONS, ENDPOINT, ML, WORKSPACE, World

HOST = "westeurope.api.azureml.ms"
HISTORY = f"/history/v1.0{WORKSPACE}"
LIST = f"/mferp/managementfrontend{ENDPOINT}/jobs?api-version=2020-09-01-dataplanepreview"


@pytest.fixture(autouse=True)
def _input(world: World) -> Iterator[None]:
    yield
    world.running.call(world.allow_invoker, *ACTIONS)


def _ask(world: World, path: str, body: Any = None, audience: str = ARM) -> tuple[int, Any]:
    method = "GET" if body is None else "POST"
    return world.request(method, path, body, host=HOST, audience=audience)


def _data(world: World, run: str) -> Any:
    status, told = _ask(world, f"{HISTORY}/rundata", {"runId": run, "selectRunMetadata": True})
    assert status == 200, told
    return told


def test_a_jobs_child_is_the_run_that_scores(world: World) -> None:
    name = world.score()["name"]

    _, told = _ask(world, f"{HISTORY}/runs/{name}/children?api-version=v1.0")

    (run,) = told["value"]
    data: dict[str, Any] = {
        "dataContainerId": f"dcid.{run['runId']}",
        "outputs": None,
        "outputDatasets": [],
    }
    assert run.items() >= {"status": "Completed", **data}.items()
    assert run["startTimeUtc"] < run["endTimeUtc"]
    assert world.content(f"azureml/{run['runId']}/score/predictions.csv") == "a.txt one\n"


def test_the_folder_is_told_by_the_runs_definition_alone(world: World) -> None:
    name = world.score()["name"]
    run = run_id(name)

    told = _data(world, run)

    score = {
        "dataStoreName": "workspaceblobstore",
        "mode": "Mount",
        "pathOnDataStore": f"azureml/{run}/score",
    }
    assert told["runDefinition"] == {"dataReferences": {"score": score}}
    assert told["runMetadata"]["outputs"] is None
    assert _data(world, name)["runMetadata"]["runId"] == name


def test_a_named_output_is_no_folder_of_the_run(world: World) -> None:
    output = "azureml://datastores/workspaceblobstore/paths/elsewhere/rows.csv"
    name = world.score(output=output)["name"]

    assert _data(world, run_id(name))["runDefinition"] == {"dataReferences": {}}


def test_a_pipelines_children_are_its_steps(world: World) -> None:
    world.blob("inputs", "inputs", "data/b.txt", b"two")
    name = run_pipeline(world)["name"]

    def children() -> list[tuple[str, str]]:
        _, told = _ask(world, f"{HISTORY}/runs/{name}/children?api-version=v1.0")
        return [(run["displayName"], run["runId"]) for run in told["value"]]

    steps = [(step, run_id(name, step)) for step in ("prepare", "score")]
    assert children() == steps
    world.running.call(world.azure.resources.delete, f"{ENDPOINT}/deployments/pipeline")
    assert children() == steps


def test_a_pipelines_children_are_told_a_page_at_a_time(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(regional_routes, "_CHILDREN", 1)
    world.blob("inputs", "inputs", "data/b.txt", b"two")
    path = f"{HISTORY}/runs/{run_pipeline(world)['name']}/children?api-version=v1.0"

    _, first = _ask(world, path)
    _, last = _ask(world, f"{path}&$continuationtoken={first['continuationToken']}")

    assert [run["displayName"] for run in first["value"] + last["value"]] == ["prepare", "score"]
    assert "continuationToken" not in last


def test_a_page_that_no_answer_named_is_refused(world: World) -> None:
    path = f"{HISTORY}/runs/{world.score()['name']}/children?api-version=v1.0"

    told = _ask(world, f"{path}&$continuationtoken=other")

    assert refusal(told, 400).startswith("$continuationtoken: found 'other'")


def test_children_are_not_filtered_and_say_so(world: World) -> None:
    path = f"{HISTORY}/runs/{world.score()['name']}/children?api-version=v1.0"

    assert "'$filter'" in refusal(_ask(world, f"{path}&$filter=status eq 'Failed'"), 501)


def test_a_failed_runs_details_say_why(world: World) -> None:
    name = world.score("https://inputs.blob.core.windows.net/inputs/missing.txt")["name"]

    _, told = _ask(world, f"{HISTORY}/runs/{name}/details?api-version=v1.0")

    assert (told["status"], told["logFiles"]) == ("Failed", {})
    assert "does not" in told["error"]["error"]["message"]


def test_resource_manager_tells_of_a_child_only_that_it_is_there(world: World) -> None:
    world.allow_further(f"{ML}/jobs/read")
    run = run_id(world.score()["name"])

    path = f"{WORKSPACE}/jobs/{run}?api-version=2024-01-01-preview"
    status, told = world.manage("GET", path)

    assert (status, told["name"], told["properties"]) == (200, run, None)


def test_an_endpoints_jobs_are_its_own_newest_first(world: World) -> None:
    names = [world.score()["name"] for _ in range(2)]
    other = f"{WORKSPACE}/batchEndpoints/other"
    world.put(other, {"location": "westeurope", "properties": {}})

    _, told = _ask(world, LIST, audience="https://ml.azure.com")
    _, none = _ask(world, LIST.replace("digits", "other"), audience="https://ml.azure.com")

    assert [job["name"] for job in told["value"][:2]] == names[::-1]
    assert none == {"value": []}


READS = {
    "children": (f"{HISTORY}/runs/any/children", f"{ML}/experiments/runs/read", ARM),
    "details": (f"{HISTORY}/runs/any/details", f"{ML}/experiments/runs/read", ARM),
    "jobs": (LIST, f"{ML}/batchEndpoints/jobs/read", "https://ml.azure.com"),
}


@pytest.mark.parametrize(("path", "action", "audience"), READS.values(), ids=READS)
def test_reading_without_the_action_names_it(
    world: World, path: str, action: str, audience: str
) -> None:
    world.running.call(world.allow_invoker, *(each for each in ACTIONS if each != action))

    status, told = _ask(world, path, audience=audience)

    assert status == 403
    assert f"action '{action}'" in told


WRONG = {
    "another audience": (f"{HISTORY}/runs/any/children", "https://storage.azure.com", 401),
    "machine learning's audience": (f"{HISTORY}/rundata", "https://ml.azure.com", 401),
    "Resource Manager's audience for the list": (LIST, ARM, 401),
    "a run that is not there": (f"{HISTORY}/runs/{run_id('none')}/children", ARM, 404),
    "another workspace": (f"{HISTORY}2/runs/any/children", ARM, 404),
    "another service": ("/pipelines/v1.0", ARM, 501),
}


@pytest.mark.parametrize(("path", "audience", "status"), WRONG.values(), ids=WRONG)
def test_a_request_that_is_not_right_is_refused(
    world: World, path: str, audience: str, status: int
) -> None:
    body = {"runId": "any"} if path.endswith("rundata") else None

    assert _ask(world, path, body, audience)[0] == status
