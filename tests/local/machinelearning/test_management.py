"""Jobs on Resource Manager's host, over plain HTTP and by the machine learning SDK itself."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

from local_azure.tenant import SUBSCRIPTION_ID
from tests.local.machinelearning.world import ENDPOINT, HOST, ML, WORKSPACE
from tools import azure_ai_ml

if TYPE_CHECKING:
    from tests.local.machinelearning.world import World

ARM = "https://management.azure.com"
SLEEPS = "import time\ndef init(): pass\ndef run(files): time.sleep(60)"
URL = "https://inputs.blob.core.windows.net/inputs/data/a.txt"
CLIENT = Path(__file__).with_name("azure_ai_ml_client.py")


def _manage(world: World, method: str, job: str, rest: str = "") -> tuple[int, dict[str, Any]]:
    path = f"{WORKSPACE}/jobs/{job}{rest}?api-version=2025-12-01"
    token = world.token(audience=ARM)

    async def exchange() -> tuple[int, dict[str, Any]]:
        headers = {"authorization": f"Bearer {token}"}
        async with world.azure.http.request(method, ARM + path, headers=headers) as answer:
            text = await answer.text()
            return answer.status, json.loads(text) if text else {}

    return world.running.run(exchange())


def _slow_job(world: World) -> str:
    world.blob("inputs", "inputs", "data/a.txt", b"one")
    world.deploy("slow", SLEEPS)
    body = {"properties": {"InputData": {"in": {"JobInputType": "UriFile", "Uri": URL}}}}
    header = {"azureml-model-deployment": "slow"}
    return str(world.request("POST", "/jobs", body, headers=header)[1]["name"])


def test_a_job_is_cancelled_and_its_end_is_read(world: World) -> None:
    world.allow_further(f"{ML}/jobs/read", f"{ML}/jobs/cancel/action")
    name = _slow_job(world)

    assert _manage(world, "POST", name, "/cancel") == (200, {})

    status, told = _manage(world, "GET", name)
    assert (status, told["properties"]["status"]) == (200, "Canceled")


def test_cancelling_needs_its_own_right(world: World) -> None:
    world.allow_further(f"{ML}/jobs/read")
    name = _slow_job(world)

    status, told = _manage(world, "POST", name, "/cancel")

    assert (status, told["error"]["code"]) == (403, "AuthorizationFailed")
    assert f"{ML}/jobs/cancel/action" in told["error"]["message"]
    world.running.run(world.azure.machinelearning.cancel(name))


def test_a_job_that_does_not_exist_is_not_found(world: World) -> None:
    world.allow_further(f"{ML}/jobs/read")

    assert _manage(world, "GET", "gone")[0] == 404


def test_the_machine_learning_sdk_invokes_follows_and_cancels(world: World) -> None:
    world.allow_further(f"{ML}/*")
    _slow_job(world)
    scoring = {"scoringUri": f"https://{HOST}/jobs", "authMode": "AADToken"}
    body = {
        "location": "westeurope",
        "properties": {"authMode": "AADToken", "defaults": {"deploymentName": "blue"}},
    }
    told = {"name": "digits", "location": "westeurope", "properties": scoring}
    world.put(ENDPOINT, f"{ML}/batchEndpoints", body, told)
    for name in ("blue", "slow"):
        place = f"{ENDPOINT}/deployments/{name}"
        kept = world.running.call(world.azure.resources.find, place)
        assert kept is not None
        shown = {"name": name, "location": "westeurope", "properties": kept.body["properties"]}
        world.put(place, f"{ML}/batchEndpoints/deployments", kept.body, shown)
    environment = {
        **os.environ,
        **world.running.client_environment(),
        "SUBSCRIPTION": SUBSCRIPTION_ID,
        "TOKEN_FOR_MANAGEMENT": world.token(audience=ARM),
        "TOKEN_FOR_LEARNING": world.token(),
    }

    run = subprocess.run(
        [azure_ai_ml.python(), CLIENT],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stderr[-2000:]
    assert json.loads(run.stdout) == ["Preparing", "Completed", "pipeline", "Canceled"]
