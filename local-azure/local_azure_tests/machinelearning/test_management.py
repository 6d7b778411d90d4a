"""Jobs and datastores on Resource Manager's host, over plain HTTP."""

from typing import Any

import pytest

from local_azure_tests.core.rest_client import ARM, code, refusal
from local_azure_tests.machinelearning.world import ENDPOINT, ML, WORKSPACE, World

SLEEPS = "import time\ndef init(): pass\ndef run(files): time.sleep(60)"


def _manage(world: World, method: str, job: str, rest: str = "") -> tuple[int, Any]:
    return world.manage(method, f"{WORKSPACE}/jobs/{job}{rest}?api-version=2025-12-01")


def _slow_job(world: World) -> str:
    world.deploy("slow", SLEEPS)
    return str(world.invoke(deployment="slow")[1]["name"])


def test_a_job_is_cancelled_and_its_end_is_read(world: World) -> None:
    world.allow_further(f"{ML}/jobs/read", f"{ML}/jobs/cancel/action")
    name = _slow_job(world)

    assert _manage(world, "POST", name, "/cancel") == (202, None)

    status, told = _manage(world, "GET", name)
    assert (status, told["properties"]["status"]) == (200, "Canceled")


def test_cancelling_needs_its_own_right(world: World) -> None:
    world.allow_further(f"{ML}/jobs/read")
    name = _slow_job(world)

    told = _manage(world, "POST", name, "/cancel")

    assert code(told) == (403, "AuthorizationFailed")
    assert f"{ML}/jobs/cancel/action" in refusal(told, 403)
    world.running.run(world.azure.machinelearning.cancel(name))


def test_a_workspace_s_jobs_are_listed_to_the_last_page(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.allow_further(f"{ML}/jobs/read")
    monkeypatch.setattr("local_azure.services.machinelearning.management._PAGE", 1)
    names = [world.score()["name"] for _ in range(2)]
    url, seen = f"{ARM}{WORKSPACE}/jobs?api-version=2025-12-01", []

    while url:
        _, told = world.manage("GET", url.removeprefix(ARM))
        seen += told["value"]
        url = told.get("nextLink", "")

    assert [each["name"] for each in seen[:2]] == names[::-1]
    assert seen[0]["properties"]["experimentName"] == ENDPOINT.rpartition("/")[2]


def test_datastores_are_listed_newest_first_and_by_default(world: World) -> None:
    properties = {"datastoreType": "AzureBlob", "isDefault": True}
    told = {"name": "workspaceblobstore", "properties": properties}
    world.put(f"{WORKSPACE}/datastores/workspaceblobstore", {}, told)

    def names(query: str) -> list[str]:
        path = f"{WORKSPACE}/datastores?api-version=2024-10-01-preview{query}"
        _, found = world.manage("GET", path)
        return [each["id"].rpartition("/")[2] for each in found["value"]]

    assert names("") == ["workspaceblobstore", "batch_inputs"]
    assert names("&count=1&orderByAsc=true") == ["batch_inputs"]
    assert names("&count=30&isDefault=true&orderByAsc=false") == ["workspaceblobstore"]


@pytest.mark.parametrize("count", ["some", "-1", "0"])
def test_a_count_that_is_none_is_refused(world: World, count: str) -> None:
    path = f"{WORKSPACE}/datastores?api-version=2024-10-01-preview&count={count}"

    assert refusal(world.manage("GET", path), 400).startswith(f"count: found '{count}';")


def _secrets(world: World, datastore: str) -> tuple[int, Any]:
    path = f"{WORKSPACE}/datastores/{datastore}/listSecrets?api-version=2024-10-01-preview"
    return world.manage("POST", path, {"expirableSecret": True, "expireAfterHours": 1})


@pytest.mark.parametrize(
    ("datastore", "status", "said"),
    [("batch_inputs", 400, "No secrets for credentials of type None."), ("none", 404, "")],
    ids=["without credentials", "not there"],
)
def test_there_are_no_secrets_to_tell(world: World, datastore: str, status: int, said: str) -> None:
    told = _secrets(world, datastore)

    assert code(told) == (status, "UserError")
    assert refusal(told, status).startswith(said)


def test_asking_for_secrets_needs_its_own_right(world: World) -> None:
    world.running.call(world.allow_invoker, f"{ML}/datastores/read")

    told = _secrets(world, "batch_inputs")

    assert code(told) == (403, "AuthorizationFailed")
    assert f"{ML}/datastores/listsecrets/action" in refusal(told, 403)
