"""Clients that say nothing, little or too much are dropped, and the others answered meanwhile."""

import contextlib
import socket
import time
from collections.abc import Iterator

import pytest
import requests

from local_azure.control_plane.tenant import TENANT_ID
from local_azure.gateway import protocol, proxy
from local_azure_tests.conftest import Running
from local_azure_tests.hostile.wire import trusting

pytestmark = pytest.mark.usefixtures("client_environment")

MANY = 300
KNOWN = f"https://login.microsoftonline.com/{TENANT_ID}/v2.0/.well-known/openid-configuration"
PATIENCE = 2.0
"""Seconds; on a busy machine an honest client needs some, too."""
HEAD = b"POST /x HTTP/1.1\r\nHost: management.azure.com\r\n"


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two seconds in place of half a minute."""
    monkeypatch.setattr(protocol, "HEAD_PATIENCE", PATIENCE)
    monkeypatch.setattr(protocol, "BODY_WINDOW", PATIENCE)
    monkeypatch.setattr(proxy, "HEAD_PATIENCE", PATIENCE)


def connected(running: Running, port: str) -> socket.socket:
    """A connection to a port of the server's, through TLS where it has it."""
    plain = socket.create_connection(("127.0.0.1", running.azure.ports.now[port]), timeout=30)
    if port != "tls":
        return plain
    return trusting().wrap_socket(plain, server_hostname="management.azure.com")


@contextlib.contextmanager
def many(running: Running, port: str, count: int) -> Iterator[list[socket.socket]]:
    """Connections at the same time."""
    with contextlib.ExitStack() as held:
        yield [held.enter_context(connected(running, port)) for _ in range(count)]


def is_dropped(connection: socket.socket) -> bool:
    """Whether the server hung up without an answer, once it has."""
    try:
        return connection.recv(1) == b""
    except ConnectionError:
        return True


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(("port", "count"), [("tls", 20), ("console", MANY), ("proxy", MANY)])
@pytest.mark.parametrize("begun", [b"", b"GET / HT"], ids=["nothing", "a piece of a head"])
def test_who_does_not_finish_a_head_is_dropped(
    running: Running, port: str, count: int, begun: bytes
) -> None:
    with many(running, port, count) as connections:
        for each in connections:
            with contextlib.suppress(ConnectionError):  # the first of many may be dropped by now
                each.sendall(begun)
        assert requests.get(KNOWN, timeout=20).ok
        assert all(map(is_dropped, connections))


@pytest.mark.usefixtures("impatient")
def test_who_sends_a_head_byte_by_byte_is_dropped(running: Running) -> None:
    with connected(running, "console") as slow:
        began = time.monotonic()
        with contextlib.suppress(OSError):
            while time.monotonic() - began < 25:
                slow.sendall(b"G")
                time.sleep(0.05)
        assert time.monotonic() - began < 20


@pytest.mark.usefixtures("impatient")
def test_who_sends_a_body_byte_by_byte_is_dropped(running: Running) -> None:
    with connected(running, "console") as slow:
        slow.sendall(b"POST /faults HTTP/1.1\r\nHost: x\r\n")
        slow.sendall(f"x-console-key: {running.home.secret('console')}\r\n".encode())
        slow.sendall(b"Content-Length: 1000\r\n\r\n{")
        assert is_dropped(slow)


@pytest.mark.usefixtures("impatient")
def test_who_pauses_between_two_requests_is_kept(running: Running) -> None:
    with connected(running, "console") as patient:
        for _ in range(2):
            patient.sendall(b"GET /runs HTTP/1.1\r\nHost: x\r\n\r\n")
            told = b""
            while not told.endswith(b"}}"):
                told += patient.recv(1000)
            assert told.startswith(b"HTTP/1.1 403")
            patient.settimeout(PATIENCE + 0.5)
            with pytest.raises(TimeoutError):
                patient.recv(1)


@pytest.mark.parametrize("port", ["tls", "console"])
def test_a_head_without_end_is_refused_before_it_fills_the_memory(
    running: Running, port: str
) -> None:
    sent = 0
    with connected(running, port) as endless:
        endless.sendall(HEAD)
        with contextlib.suppress(OSError):
            while sent < 100 * 1024 * 1024:
                endless.sendall(b"x-a: " + b"a" * 65_000 + b"\r\n")
                sent += 65_000

    assert sent < 20 * 1024 * 1024
    assert requests.get(KNOWN, timeout=20).ok


def test_the_body_of_an_unsigned_call_of_a_trigger_is_not_waited_for(running: Running) -> None:
    with connected(running, "tls") as unsigned:
        path = b"/workflows/w/triggers/manual/paths/invoke?api-version=2016-10-01&sig=wrong"
        host = b"Host: prod-01.westeurope.logic.azure.com\r\nContent-Length: 100000000\r\n\r\n"
        unsigned.sendall(b"POST " + path + b" HTTP/1.1\r\n" + host)
        assert unsigned.recv(1000).startswith((b"HTTP/1.1 401", b"HTTP/1.1 404"))
