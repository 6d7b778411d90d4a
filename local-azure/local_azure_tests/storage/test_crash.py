"""What a crash, of the server or of Azurite, leaves behind and what becomes of it."""

import asyncio
import socket
import subprocess
import sys
from pathlib import Path
from threading import Event
from typing import Any

import psutil
import pytest
import requests
from azure.core.credentials import AzureNamedKeyCredential
from azure.core.exceptions import HttpResponseError
from azure.storage.blob import BlobClient

from local_azure.home import Home
from local_azure.services.storage import azurite
from local_azure.services.storage.azurite import Azurite
from local_azure.services.storage.events import Call
from local_azure.services.storage.news import Intent
from local_azure_tests.conftest import Running
from local_azure_tests.storage import world
from local_azure_tests.storage.alone import is_served, running

__all__ = ["running"]
pytestmark = pytest.mark.usefixtures("client_environment")


@pytest.fixture(scope="module")
def server(running: Running) -> Running:
    world.build(running)
    running.call(world.topic, running.azure)
    # Azurite writes down what there is every few seconds, and when it ends: a kill loses the rest.
    running.run(running.azure.storage.stop())
    running.run(running.azure.storage.start())
    return running


def _intend(server: Running, api: str, name: str, age: float = 0) -> Intent:
    """Leave what the server leaves when it ends between Azurite's answer and the event."""
    intents = server.azure.storage._news.intents
    call = Call(api, world.HOST, f"/input/{name}", "", "a request")
    intent = server.call(intents.add, call, None)
    server.call(server.azure.state.execute, "UPDATE storage_intents SET begun = begun - ?", age)
    return intent


def _told(server: Running, name: str) -> list[dict[str, Any]]:
    """The events of a blob."""
    subject = f"/blobServices/default/containers/input/blobs/{name}"
    history = server.call(server.azure.eventgrid.history, 99)
    return [told["event"] for told in history if told["event"]["subject"] == subject]


def _write(server: Running, name: str) -> None:
    headers = {"x-ms-blob-type": "BlockBlob", "content-type": "text/csv"}

    async def write() -> int:
        backend = server.azure.storage._backend
        answer = await backend.send("pool000", "PUT", f"/input/{name}", headers, b"12345")
        answer.release()
        return answer.status

    assert server.run(write()) == 201


def test_without_queues_no_azurite_is_started_for_them(server: Running) -> None:
    assert not server.home.queues.exists()


def test_a_blob_whose_event_was_held_back_by_a_crash_gets_it_at_the_next_start(
    server: Running,
) -> None:
    _intend(server, "PutBlob", "new%20one")
    _write(server, "new%20one")
    server.run(server.azure.storage.start())
    [event] = _told(server, "new one")
    assert event["data"]["contentLength"] == 5
    assert event["data"]["contentType"] == "text/csv"
    server.run(server.azure.storage.start())
    assert len(_told(server, "new one")) == 1


def test_a_blob_that_was_never_written_gets_no_event(server: Running) -> None:
    _intend(server, "PutBlob", "nothing")
    server.run(server.azure.storage.start())
    assert _told(server, "nothing") == []


def test_a_blob_that_was_there_before_gets_no_second_event(server: Running) -> None:
    _write(server, "old")
    _intend(server, "PutBlob", "old", age=-5)
    server.run(server.azure.storage.start())
    assert _told(server, "old") == []


def test_an_upload_that_breaks_off_leaves_no_blob_and_no_event(
    server: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    front, ended = server.azure.storage._front, Event()
    pass_on = front._pass_on

    async def passed_on(*given: Any) -> None:
        try:
            await pass_on(*given)
        finally:
            ended.set()

    def breaks() -> None:
        raise ConnectionAbortedError

    monkeypatch.setattr(front, "_pass_on", passed_on)
    with pytest.raises(requests.ConnectionError):
        world.ask(server, "PUT", "/input/half", world.Slow(breaks), x_ms_blob_type="BlockBlob")
    assert ended.wait(10)
    assert not world.blobs().get_blob_client("input", "half").exists()
    assert _told(server, "half") == []


def _azurite(server: Running) -> psutil.Process:
    child = server.azure.storage._azurite._child
    assert child is not None
    return psutil.Process(child.pid)


def test_keys_are_on_no_command_line_and_in_no_log(server: Running) -> None:
    key = server.azure.storage._azurite._accounts.split(":")[1].split(";")[0]
    signature = server.azure.storage._backend._pool.signature("pool000").rpartition("=")[2]
    assert key not in " ".join(_azurite(server).cmdline())
    for path in server.home.folder.rglob("*"):
        kept = b"" if path.is_dir() else path.read_bytes()
        assert (key.encode() in kept, signature.encode() in kept) == (False, False)


def test_an_azurite_that_dies_is_started_again(server: Running) -> None:
    before = _azurite(server)
    before.kill()
    before.wait()
    client = world.blobs().get_container_client("input")
    with pytest.raises(HttpResponseError, match="ServerBusy"):
        client.list_blob_names().next()
    client.exists()
    assert _azurite(server) != before


def test_a_port_that_somebody_else_takes_is_left_to_them(
    server: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    _azurite(server).kill()
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        free = azurite._free_port()
        ports = iter([taken, free])
        monkeypatch.setattr(azurite, "_free_port", lambda: next(ports))

        client = world.blobs().get_container_client("input")
        with pytest.raises(HttpResponseError, match="ServerBusy"):
            client.exists()

        assert client.exists()
        assert {each.laddr.port for each in _azurite(server).net_connections("tcp4")} >= {free}


SERVER = """
import asyncio, pathlib, sys
from local_azure.home import Home
from local_azure.services.storage.azurite import Azurite
print(asyncio.run(Azurite(Home(pathlib.Path(sys.argv[1])), sys.argv[2]).port()), flush=True)
input()
"""


def test_a_server_that_is_killed_loses_no_blob_and_leaves_no_azurite(tmp_path: Path) -> None:
    key = "YQ=="
    home, accounts = Home(tmp_path), f"account:{key}"

    def kept(port: int) -> BlobClient:
        url = f"http://127.0.0.1:{port}/account/input/kept"
        return BlobClient.from_blob_url(url, AzureNamedKeyCredential("account", key))

    command = [sys.executable, "-c", SERVER, str(tmp_path), accounts]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as server:
        assert server.stdout
        blob = kept(int(server.stdout.readline()))
        blob._get_container_client().create_container()
        blob.upload_blob(b"1")
        locked = is_served(home.blobs)
        server.kill()
    later = Azurite(home, accounts)

    assert kept(asyncio.run(later.port())).download_blob().readall() == b"1"
    asyncio.run(later.stop())
    assert (locked, is_served(home.blobs)) == (True, False)
