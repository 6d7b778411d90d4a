"""A client that sends whatever it is told, byte for byte, over one connection for all hosts."""

import contextlib
import http.client
import json
import re
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

_ANY = "management.azure.com"


@dataclass(frozen=True)
class Answer:
    """What came back; status 0 where the connection was closed without an answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body, read."""
        return json.loads(self.body)


class Wire:
    """Sends requests to the listener of all hosts, or to the console.

    Args:
        ports: of a running embedded Azure.
    """

    def __init__(self, ports: Mapping[str, int]) -> None:
        self._ports = ports
        self._open: dict[str, http.client.HTTPConnection] = {}

    def ask(
        self,
        method: str,
        url: str,
        body: bytes | None = None,
        headers: Mapping[str, str | bytes] | None = None,
    ) -> Answer:
        """One exchange; a plain ``http`` URL goes to the console."""
        parts = urlsplit(url)
        target = url.partition(parts.netloc)[2] or "/"
        connection = self._connection(parts.scheme)
        # Anything that is not ASCII goes out as it is: this is what is tried.
        connection._encode_request = str.encode  # type: ignore[attr-defined]
        connection._validate_path = lambda _: None  # type: ignore[attr-defined]
        connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
        connection.putheader("Host", parts.netloc)
        if body is not None:
            connection.putheader("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            raw = value if isinstance(value, bytes) else value.encode()
            connection.putheader(name, re.sub(rb"[\r\n\x00]", b"?", raw))
        try:
            connection.endheaders(body)
            answer = connection.getresponse()
            found = Answer(answer.status, dict(answer.getheaders()), answer.read())
        except (http.client.HTTPException, OSError):
            found = Answer(0, {}, b"")
        if not found.status or connection.sock is None:
            self.close()
        return found

    def close(self) -> None:
        """Hang up; the next request connects again."""
        for connection in self._open.values():
            with contextlib.suppress(OSError):
                connection.close()
        self._open.clear()

    def _connection(self, scheme: str) -> http.client.HTTPConnection:
        if scheme not in self._open:
            port = self._ports["tls" if scheme == "https" else "console"]
            connected = socket.create_connection(("127.0.0.1", port), timeout=20)
            connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            made = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
            made.sock = (
                trusting().wrap_socket(connected, server_hostname=_ANY)
                if (scheme == "https")
                else connected
            )
            self._open[scheme] = made
        return self._open[scheme]


def trusting() -> ssl.SSLContext:
    """Who answers is known: it is this test's own server."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
