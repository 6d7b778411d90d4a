"""From a blob's upload to the job that it starts, against bare exchanges of the same number.

The way: upload through the proxy (which Azurite stores), event to the workflow, Authorize, Invoke.
The floor: the same upload to an Azurite of its own, then four exchanges through the proxy with a
server that only commits a row for each (``bare_server``).
"""

import asyncio
import json
import time
from datetime import datetime
from typing import Any

import aiohttp
import uvloop

from benchmarks import floor
from benchmarks.bare_server import HOST
from benchmarks.figures import Figure
from benchmarks.workspace import PROJECT, STACK, Workspace
from local_azure.commands.console_client import Console
from local_azure.control_plane.clouds import STORAGE_AUDIENCE
from local_azure.control_plane.entra.directory import Principal
from local_azure.home import Home
from local_azure.services.storage.accounts import POOL_SIZE, Pool, pool_name
from local_azure.services.storage.azurite import Azurite
from local_azure.services.storage.backend import Backend

RUNS = 30
_WARM_UPS = 3
_EXCHANGES = 4
_ACCOUNT = pool_name(POOL_SIZE - 1)
_PATIENCE = 60.0
_UNDISTURBED = 0.2
"""Seconds before each look at the history, which would take 5 ms of what is measured."""
_CONTRIBUTOR = "ba92f5b4-2d11-453d-a403-e96b0029c9fe"
_UPLOADER = Principal(
    "be9c0000-0000-4000-8000-000000000001",
    "be9c0000-0000-4000-8000-000000000002",
    "ServicePrincipal",
    "benchmark",
)
_SAMPLE = (PROJECT / "samples" / "digits" / "inputs" / "digit-7.pgm").read_bytes()


def measure(on: Workspace) -> list[Figure]:
    """The figure; the stack must be up."""
    outputs = json.loads(on.pulumi("stack", "output", "--json", "--stack", STACK))
    token = _let_upload(on, outputs)
    values, bare = uvloop.run(_in_turn(on, outputs, token))
    against = f"1 upload to Azurite and {_EXCHANGES} exchanges with a commit each"
    return [Figure("blob written to job created", values, "ms", bare, against, "1.5 or less")]


def _let_upload(on: Workspace, outputs: dict[str, Any]) -> str:
    """Give a principal of the benchmark's own the right to drop files; a token of it."""
    with on.opened() as azure:
        account = azure.resources.named(
            "Microsoft.Storage/storageAccounts", outputs["storage_account_name"]
        )
        if account is None:
            message = f"The stack has no storage account {outputs['storage_account_name']}."
            raise RuntimeError(message)
        azure.directory.add(_UPLOADER)
        azure.authorization.assign("benchmark", _UPLOADER.object_id, _CONTRIBUTOR, account.id)
        return azure.tokens.issue(_UPLOADER, STORAGE_AUDIENCE).value


async def _in_turn(
    on: Workspace, outputs: dict[str, Any], token: str
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Both, in turn, so that whatever else runs here slows down both."""
    values, exchanges = [], []
    bare = Home(on.folder / "bare-azure")
    bare.create()
    pool = Pool(bare.secret("azurite"))
    azurite = Azurite(bare, pool.declaration())
    backend = Backend(azurite, pool)
    (await backend.send(_ACCOUNT, "PUT", "/benchmark?restype=container")).release()
    with floor.served(bare) as ports:
        async with (
            floor.client(on.home, on.told["ports"]["proxy"]) as ours,
            floor.client(bare, ports["proxy"]) as bare_client,
        ):
            for number in range(_WARM_UPS + RUNS):
                url = f"{outputs['input_url']}benchmark-{number}.pgm"
                values.append(await _blob_to_job(on, ours, url, token))
                exchanges.append(await _exchanges(backend, bare_client, number))
    await backend.close()
    await azurite.stop()
    return tuple(values[_WARM_UPS:]), tuple(exchanges[_WARM_UPS:])


async def _blob_to_job(on: Workspace, client: aiohttp.ClientSession, url: str, token: str) -> float:
    """Milliseconds from the upload's beginning to the job's first state."""
    headers = {
        "authorization": f"Bearer {token}",
        "x-ms-version": "2021-12-02",
        "x-ms-blob-type": "BlockBlob",
    }
    began = time.time()
    async with client.put(url, data=_SAMPLE, headers=headers) as answer:
        answer.raise_for_status()
    job = await _ended(Console.at(on.home, on.told), url)
    return (_created(job) - began) * 1000


async def _exchanges(backend: Backend, client: aiohttp.ClientSession, number: int) -> float:
    """Milliseconds for the upload alone and the bare exchanges."""
    began = time.perf_counter()
    headers = {"x-ms-blob-type": "BlockBlob"}
    answer = await backend.send(_ACCOUNT, "PUT", f"/benchmark/{number}", headers, _SAMPLE)
    await answer.read()
    for _ in range(_EXCHANGES):
        async with client.post(f"https://{HOST}/", data=_SAMPLE) as answered:
            await answered.read()
    return (time.perf_counter() - began) * 1000


async def _ended(console: Console, url: str) -> dict[str, Any]:
    """The job of a blob, once it has ended: the next blob then has the machine to itself."""
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        await asyncio.sleep(_UNDISTURBED)
        for job in console.get("/runs?limit=5")["jobs"]:
            if job["input"] == url and job["status"] == "Completed":
                return dict(job)
    message = f"{url} got no completed job within {_PATIENCE:.0f} s."
    raise RuntimeError(message)


def _created(job: dict[str, Any]) -> float:
    first: str = job["states"][0]["time"]
    return datetime.fromisoformat(f"{first[:26]}+00:00").timestamp()
