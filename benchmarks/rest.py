"""GET and PUT of a resource over Resource Manager's REST, against bare exchanges.

All go through a proxy, over a connection that is kept; a bare exchange commits one row.
"""

import time

import aiohttp
import uvloop

from benchmarks import floor
from benchmarks.bare_server import HOST
from benchmarks.figures import Figure
from benchmarks.workspace import Workspace
from local_azure.control_plane.clouds import PUBLIC
from local_azure.control_plane.tenant import DEPLOYER, SUBSCRIPTION
from local_azure.home import Home

RUNS = 100
_WARM_UPS = 5
_BODY = {"location": "westeurope", "tags": {"measured": "yes"}}
_GROUP = f"https://{PUBLIC.arm_host}{SUBSCRIPTION}/resourceGroups/benchmark?api-version=2024-11-01"
_IDENTITY = _GROUP.replace(
    "?api-version=2024-11-01",
    "/providers/Microsoft.ManagedIdentity/userAssignedIdentities/benchmark?api-version=2023-01-31",
)


def measure(on: Workspace) -> list[Figure]:
    """Both figures."""
    with on.opened() as azure:
        token = azure.tokens.issue(DEPLOYER, PUBLIC.arm_audience).value
    found = uvloop.run(_in_turn(on, {"authorization": f"Bearer {token}"}))
    against = "a bare exchange with a commit"
    return [
        Figure(f"{method} of a resource over REST", found[method], "ms", found["POST"], against)
        for method in ("GET", "PUT")
    ]


async def _in_turn(on: Workspace, headers: dict[str, str]) -> dict[str, tuple[float, ...]]:
    """All three, in turn, so that whatever else runs here slows down all."""
    found: dict[str, list[float]] = {"GET": [], "PUT": [], "POST": []}
    bare = Home(on.folder / "bare-rest")
    with floor.served(bare) as ports:
        async with (
            floor.client(on.home, on.told["ports"]["proxy"]) as ours,
            floor.client(bare, ports["proxy"]) as other,
        ):
            await _milliseconds(ours, "PUT", _GROUP, headers)
            for _ in range(_WARM_UPS + RUNS):
                found["PUT"].append(await _milliseconds(ours, "PUT", _IDENTITY, headers))
                found["GET"].append(await _milliseconds(ours, "GET", _IDENTITY, headers))
                found["POST"].append(await _milliseconds(other, "POST", f"https://{HOST}/", {}))
    return {method: tuple(values[_WARM_UPS:]) for method, values in found.items()}


async def _milliseconds(
    client: aiohttp.ClientSession, method: str, url: str, headers: dict[str, str]
) -> float:
    began = time.perf_counter()
    body = None if method == "GET" else _BODY
    async with client.request(method, url, json=body, headers=headers) as answer:
        answer.raise_for_status()
        await answer.read()
    return (time.perf_counter() - began) * 1000
