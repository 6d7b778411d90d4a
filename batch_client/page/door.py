"""Who gets to the page: whoever opened its address, at this machine's own name, and only to read.

The address has a token; a cookie takes its place, so that it stands in no later address. A name
that somebody else's DNS leads here is refused.
"""

import hmac
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer, ThreadingMixIn
from threading import Thread
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from batch_client.errors import UsageError

_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_CLOSED = b"Run `batch-events page` and open the address that it prints."
_LOOPBACK = "127.0.0.1"


class Answer(NamedTuple):
    """What is answered."""

    body: bytes
    type: str = "text/html; charset=utf-8"
    status: int = HTTPStatus.OK


Views = Callable[[str, Mapping[str, str]], Answer]
"""What is behind the door: at a path, with a query."""


@contextmanager
def opened(views: Views, port: int) -> Iterator[str]:
    """The page's address, at which it is served until the block ends.

    Args:
        views: what is behind the door.
        port: of this machine; 0 is any.

    Raises:
        UsageError: the port can't be had.
    """
    try:
        server = _Server((_LOOPBACK, port), _Door)
    except OSError as error:
        raise UsageError(f"--port {port}: {error.strerror}.") from None
    server.views = views
    with server:
        serving = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        serving.start()
        try:
            yield f"http://{_LOOPBACK}:{server.server_address[1]}/?token={server.token}"
        finally:
            server.shutdown()
            serving.join()


class _Server(ThreadingMixIn, TCPServer):
    allow_reuse_address = True
    daemon_threads = True
    views: Views

    def __init__(self, *given: object) -> None:
        super().__init__(*given)  # type: ignore[arg-type]
        self.token, self.cookie = secrets.token_urlsafe(32), secrets.token_urlsafe(32)


class _Door(BaseHTTPRequestHandler):
    server: _Server
    server_version, sys_version = "batch-events", ""
    timeout = 60

    def log_message(self, *_: object) -> None:
        """Nothing: the first request has the token."""

    def do_GET(self) -> None:
        answer, headers = self._answer()
        self.send_response(answer.status)
        length = {"Content-Type": answer.type, "Content-Length": str(len(answer.body))}
        for name, value in (_HEADERS | length | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)

    def _answer(self) -> tuple[Answer, dict[str, str]]:
        port = self.server.server_address[1]
        if self.headers.get("Host", "") not in {f"{_LOOPBACK}:{port}", f"localhost:{port}"}:
            return _text(f"The page is at http://{_LOOPBACK}:{port} alone.".encode(), 421), {}
        asked = urlsplit(self.path)
        query = dict(parse_qsl(asked.query))
        kept = f"batch-events-{port}={self.server.cookie}"
        if _same(query.get("token", ""), self.server.token):
            # A redirection would come without the cookie from a link.
            cookie = f"{kept}; HttpOnly; SameSite=Strict; Path=/"
            return _text(b"The page opens."), {"Refresh": "0; url=/", "Set-Cookie": cookie}
        given = self.headers.get("Cookie", "").split(";")
        if not any(_same(each.strip(), kept) for each in given):
            return _text(_CLOSED, HTTPStatus.FORBIDDEN), {}
        return self.server.views(asked.path, query), {}


def _text(body: bytes, status: int = HTTPStatus.OK) -> Answer:
    return Answer(body, "text/plain; charset=utf-8", status)


def _same(given: str, expected: str) -> bool:
    # Of text only ASCII is compared.
    return hmac.compare_digest(given.encode(), expected.encode())
