"""HTTP/1.1 of the listeners: uvicorn's, with limits for clients that are slow or never finish."""

import asyncio
from collections.abc import Callable
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from local_azure.control_plane.faults import DROP

HEAD_PATIENCE = 30.0
"""Seconds from a connection, or a request's first byte, to the end of its head."""
LARGEST_HEAD = 64 * 1024
"""Bytes of a head, beyond those that come in one piece with its end."""
BODY_WINDOW = 30.0
"""Seconds in which ``LEAST_OF_BODY`` have to come."""
LEAST_OF_BODY = 240 * 30
"""Bytes in each window: Kestrel's MinRequestBodyDataRate, 240 bytes a second."""

_TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"Content-Length: 0\r\nConnection: close\r\n\r\n"
)


class Protocol(HttpToolsProtocol):
    """One connection. Its requests know how to close it without an answer."""

    _timer: asyncio.TimerHandle | None = None
    _in_head = True
    _came = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A head has to come in time."""
        super().connection_made(transport)
        self._wait(HEAD_PATIENCE, self._give_up)

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is waited for any more."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, unless a head grows without end."""
        super().data_received(data)
        if self.transport.is_closing():
            return
        if self._in_head:
            self._came += len(data)
            if self._came > LARGEST_HEAD:
                self.transport.write(_TOO_LARGE)
                self.transport.close()
        elif self._timer is None and self.cycle.response_complete:
            # Bytes between two requests ended uvicorn's own time for the next one.
            self._wait(HEAD_PATIENCE, self._give_up)

    def on_message_begin(self) -> None:
        """A head begins."""
        super().on_message_begin()
        cast("dict[str, Any]", self.scope)[DROP] = self.transport.abort
        self._in_head, self._came = True, 0
        self._wait(HEAD_PATIENCE, self._give_up)

    def on_headers_complete(self) -> None:
        """A body may follow, and has to come at a pace."""
        super().on_headers_complete()
        self._in_head, self._came = False, 0
        self._wait(BODY_WINDOW, self._look_at_body)

    def on_body(self, body: bytes) -> None:
        """A piece of it came."""
        self._came += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """All of it came."""
        super().on_message_complete()
        self._stop_waiting()

    def _look_at_body(self) -> None:
        # While nothing is read, because the service is slow, the client can't send.
        if self._came < LEAST_OF_BODY and not self.flow.read_paused:
            self._give_up()
            return
        self._came = 0
        self._wait(BODY_WINDOW, self._look_at_body)

    def _give_up(self) -> None:
        self._timer = None
        self.transport.abort()

    def _wait(self, seconds: float, then: Callable[[], None]) -> None:
        self._stop_waiting()
        self._timer = self.loop.call_later(seconds, then)

    def _stop_waiting(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None
