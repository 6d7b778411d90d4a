"""The proxy that real clients go through: what it refuses, every client tells."""

import asyncio
import socket

import aiohttp
import pytest
import requests
from azure.core.exceptions import ServiceRequestError
from azure.storage.blob import BlobClient

from local_azure_tests.conftest import Running

pytestmark = pytest.mark.usefixtures("client_environment")
REASON = (
    "The embedded Azure does not answer for example.com:443, "
    "and nothing leaves this machine through it."
)


def _said(running: Running, request: bytes) -> tuple[str, str]:
    """Status line and body of what a raw request is answered."""
    with socket.create_connection(("127.0.0.1", running.azure.ports.now["proxy"])) as connection:
        connection.sendall(request)
        answer = b"".join(iter(lambda: connection.recv(4096), b""))
    head, _, body = answer.decode().partition("\r\n\r\n")
    return head.partition("\r\n")[0], body


def test_a_host_that_is_not_emulated_is_refused_in_the_status_line(running: Running) -> None:
    request = b"CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n"

    assert _said(running, request) == (f"HTTP/1.1 403 {REASON}", REASON)


@pytest.mark.parametrize(
    ("request_line", "told"),
    [
        (b"CONNECT ev\x1b[2Jil\xff:443 HTTP/1.1", "does not answer for ev?[2Jil?:443, "),
        (b"CONNECT " + b"a" * 900 + b":443 HTTP/1.1", f"does not answer for {'a' * 253}:443, "),
        (b"CONNECT management.azure.com:80 HTTP/1.1", "for management.azure.com:80, "),
        (b"GET http://example.com/ HTTP/1.1", "takes CONNECT for HTTPS only; use an https://"),
    ],
)
def test_the_status_line_stays_one_line_of_plain_text(
    running: Running, request_line: bytes, told: str
) -> None:
    status, _ = _said(running, request_line + b"\r\n\r\n")

    assert told in status
    assert status.isascii()
    assert status.isprintable()


def test_requests_tells_it() -> None:
    with pytest.raises(requests.exceptions.ProxyError, match=REASON):
        requests.get("https://example.com/", timeout=5)


def test_aiohttp_tells_it() -> None:
    async def get() -> None:
        async with (
            aiohttp.ClientSession(trust_env=True) as session,
            session.get("https://example.com/"),
        ):
            pass

    with pytest.raises(aiohttp.ClientHttpProxyError, match=REASON):
        asyncio.run(get())


def test_an_azure_sdk_tells_it() -> None:
    with (
        BlobClient("https://example.com", "inputs", "a.csv", retry_total=0) as client,
        pytest.raises(ServiceRequestError, match=REASON),
    ):
        client.download_blob()
