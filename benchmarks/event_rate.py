"""Events a second that reach 1, 10 and 100 subscriptions, against the same exchanges bare.

Publisher, Event Grid, client and receiver share one process, as in the embedded Azure; the floor is
the same client posting the same event to the same receiver, as many at once as Event Grid does.
"""

import asyncio
import json
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import uvloop
from starlette.types import Receive, Scope, Send

from benchmarks.figures import Figure
from local_azure.azure import Azure
from local_azure.control_plane.clock import iso
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.control_plane.tenant import SUBSCRIPTION
from local_azure.gateway.server import Server
from local_azure.home import Home

RUNS = 3
_SUBSCRIPTIONS = (1, 10, 100)
_DELIVERIES = 2000
_AT_ONCE = 64
_PROVIDERS = f"{SUBSCRIPTION}/resourceGroups/benchmark/providers"
_SOURCE = f"{_PROVIDERS}/Microsoft.Storage/storageAccounts/benchmark"
_TOPIC = f"{_PROVIDERS}/Microsoft.EventGrid/systemTopics/benchmark"
_HOST = "benchmark-receiver.azurewebsites.net"
_URL = f"https://{_HOST}/events"
_HEADERS = {"content-type": "application/json"}


def measure() -> list[Figure]:
    """The figures, one for each number of subscriptions."""
    return uvloop.run(_measure())


async def _measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Home(Path(folder)))
        server.azure.hosts.register([_HOST], _receive)
        await server.start()
        try:
            floor = tuple([await _bare(server.azure) for _ in range(RUNS)])
            return [await _figure(server.azure, count, floor) for count in _SUBSCRIPTIONS]
        finally:
            await server.stop()


async def _figure(azure: Azure, count: int, floor: tuple[float, ...]) -> Figure:
    _subscribe(azure, count)
    values = tuple([await _rate(azure, count) for _ in range(RUNS)])
    shared = tuple(rate / count for rate in floor)
    word = "subscription" if count == 1 else "subscriptions"
    against = "bare exchanges, divided by the number of subscriptions"
    return Figure(f"events with {count} {word}", values, "1/s", shared, against)


def _subscribe(azure: Azure, count: int) -> None:
    kind = "Microsoft.EventGrid/systemTopics"
    body: dict[str, Any] = {"source": _SOURCE, "topicType": "Microsoft.Storage.StorageAccounts"}
    azure.resources.put(Resource(_TOPIC, kind, "benchmark", body, {}))
    for number in range(count):
        name = f"subscription-{number}"
        wanted = {
            "destination": {"endpointType": "WebHook", "endpointUrl": _URL},
            "filter": {
                "includedEventTypes": ["Microsoft.Storage.BlobCreated"],
                "subjectBeginsWith": "/blobServices/default/containers/inputs/blobs/incoming/",
            },
        }
        made = f"{_TOPIC}/eventSubscriptions/{name}"
        azure.resources.put(Resource(made, f"{kind}/eventSubscriptions", name, wanted, {}))


async def _rate(azure: Azure, count: int) -> float:
    """Events a second, each committed on its own, from the first to the last delivery."""
    events = max(20, _DELIVERIES // count)
    began = time.perf_counter()
    for number in range(events):
        azure.eventgrid.publish(_SOURCE, [_event(number)])
        await asyncio.sleep(0)
    await azure.eventgrid.settled()
    return events / (time.perf_counter() - began)


async def _bare(azure: Azure) -> float:
    body = json.dumps([_event(0)]).encode()
    at_once = asyncio.Semaphore(_AT_ONCE)

    async def exchange() -> None:
        async with at_once, azure.http.post(_URL, data=body, headers=_HEADERS) as answer:
            await answer.read()

    began = time.perf_counter()
    await asyncio.gather(*(exchange() for _ in range(_DELIVERIES)))
    return _DELIVERIES / (time.perf_counter() - began)


def _event(number: int) -> dict[str, Any]:
    return {
        "id": f"event-{number}",
        "subject": f"/blobServices/default/containers/inputs/blobs/incoming/{number}.pgm",
        "eventType": "Microsoft.Storage.BlobCreated",
        "eventTime": iso(datetime.now(UTC)),
        "data": {"api": "PutBlob", "contentLength": 800, "url": "https://x" + "x" * 400},
        "dataVersion": "",
        "metadataVersion": "1",
    }


async def _receive(_: Scope, receive: Receive, send: Send) -> None:
    while (await receive()).get("more_body", False):
        pass
    headers = [(b"content-length", b"0")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
