"""From a blob's upload to the job that it starts, against bare exchanges of the same number.

The way: upload through the proxy (which Azurite stores), event to the workflow, Authorize, Invoke.
The floor: the same upload to Azurite itself, then four exchanges through the proxy with a server
that only commits a row for each (``bare_server``).
"""

from __future__ import annotations

import asyncio
import json
import ssl
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

import aiohttp
import uvloop

from benchmarks.bare_server import HOST
from benchmarks.figures import Figure
from benchmarks.workspace import PROJECT, STACK
from local_azure.azure import Azure
from local_azure.commands import process
from local_azure.commands.console_client import Console
from local_azure.control_plane.clock import Clock
from local_azure.control_plane.clouds import STORAGE_AUDIENCE
from local_azure.control_plane.entra.directory import Principal
from local_azure.home import Home
from local_azure.services.storage.accounts import POOL_SIZE, Pool, pool_name
from local_azure.services.storage.azurite import Azurite
from local_azure.services.storage.backend import Backend

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.workspace import Workspace

RUNS = 30
_WARM_UPS = 3
_EXCHANGES = 4
_ACCOUNT = pool_name(POOL_SIZE - 1)
_PATIENCE = 60.0
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
    values, floor = uvloop.run(_in_turn(on, outputs, token))
    against = f"1 upload to Azurite and {_EXCHANGES} exchanges with a commit each"
    return [Figure("blob written to job created", values, "ms", floor, against, "2 or less")]


def _let_upload(on: Workspace, outputs: dict[str, Any]) -> str:
    """Give a principal of the benchmark's own the right to drop files; a token of it."""
    process.stop(on.home)
    azure = Azure(on.home, Clock())
    account = azure.resources.named(
        "Microsoft.Storage/storageAccounts", outputs["storage_account_name"]
    )
    if account is None:
        message = f"The stack has no storage account {outputs['storage_account_name']}."
        raise RuntimeError(message)
    azure.directory.add(_UPLOADER)
    azure.authorization.assign("benchmark", _UPLOADER.object_id, _CONTRIBUTOR, account.id)
    token = azure.tokens.issue(_UPLOADER, STORAGE_AUDIENCE).value
    azure.state.close()
    on.start()
    return token


async def _in_turn(
    on: Workspace, outputs: dict[str, Any], token: str
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Both, in turn, so that whatever else runs here slows down both."""
    values, floor = [], []
    bare = Home(on.folder / "bare-azure")
    pool = Pool(on.home.secret("azurite"))
    backend = Backend(Azurite(on.home, pool.declaration()), pool)
    (await backend.send(_ACCOUNT, "PUT", "/benchmark?restype=container")).release()
    with _bare_server(bare) as ports:
        async with (
            _client(on.home, on.told["ports"]["proxy"]) as client,
            _client(bare, ports["proxy"]) as bare_client,
        ):
            for number in range(_WARM_UPS + RUNS):
                url = f"{outputs['input_url']}benchmark-{number}.pgm"
                values.append(await _blob_to_job(on, client, url, token))
                floor.append(await _exchanges(backend, bare_client, number))
    await backend.close()
    return tuple(values[_WARM_UPS:]), tuple(floor[_WARM_UPS:])


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
        for job in console.get("/runs?limit=5")["jobs"]:
            if job["input"] == url and job["status"] == "Completed":
                return dict(job)
        await asyncio.sleep(0.02)
    message = f"{url} got no completed job within {_PATIENCE:.0f} s."
    raise RuntimeError(message)


def _created(job: dict[str, Any]) -> float:
    first: str = job["states"][0]["time"]
    return datetime.fromisoformat(f"{first[:26]}+00:00").timestamp()


@contextmanager
def _bare_server(home: Home) -> Iterator[dict[str, int]]:
    command = [sys.executable, "-m", "benchmarks.bare_server", str(home.folder)]
    listing = home.folder / "ports.json"
    with subprocess.Popen(command, cwd=PROJECT, stdin=subprocess.PIPE) as server:
        deadline = time.monotonic() + _PATIENCE
        while not listing.exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        yield json.loads(listing.read_text())
        if server.stdin:
            server.stdin.close()


def _client(home: Home, proxy: int) -> aiohttp.ClientSession:
    """A client that goes through the proxy and keeps its connection, as real ones do."""
    trust = ssl.create_default_context(cafile=str(home.authority_certificate))
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(ssl=trust), proxy=f"http://127.0.0.1:{proxy}"
    )
