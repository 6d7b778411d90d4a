"""Failures on request: make a host answer late, with an error or not at all, a number of times.

What arrives late is overtaken; a request that was handled and whose answer is lost is sent again.
So deliveries are put out of order, and doubled. A fault is a line of the running server's memory;
a restart forgets it.
"""

from dataclasses import asdict, dataclass, replace
from fnmatch import fnmatchcase
from typing import Any

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from local_azure.control_plane.clock import Clock

DROP = "drop_connection"
"""Where the server puts into a request's scope what closes its connection."""
_DROPS = ("", "request", "answer")


@dataclass(frozen=True)
class Fault:
    """What goes wrong.

    Attributes:
        host: host name pattern with ``*``, such as ``*.inference.ml.azure.com``.
        method: HTTP method, or ``*``.
        path: path pattern with ``*``.
        delay: seconds (of the clock) before the request is handled.
        status: HTTP status to answer instead of handling it; 0 handles it.
        times: how many requests it still hits.
        drop: ``request`` closes the connection instead of handling the request, ``answer`` closes
            it instead of answering what was handled.

    Raises:
        ValueError: another word in ``drop``, no HTTP status, or nothing that goes wrong.
    """

    host: str
    method: str = "*"
    path: str = "*"
    delay: float = 0
    status: int = 0
    times: int = 1
    drop: str = ""

    def __post_init__(self) -> None:
        if self.drop not in _DROPS:
            message = f"drop: found {self.drop!r}, accepted: {', '.join(map(repr, _DROPS))}."
            raise ValueError(message)
        if self.status and self.status not in range(200, 600):
            raise ValueError(f"status: found {self.status}, accepted: 200 to 599.")
        if not (self.delay or self.status or self.drop):
            raise ValueError("Nothing goes wrong: give a delay, a status or what is dropped.")

    def hits(self, scope: Scope, host: str) -> bool:
        """Whether a request is one of those meant."""
        return (
            fnmatchcase(host, self.host.lower())
            and fnmatchcase(scope["method"], self.method.upper())
            and fnmatchcase(scope["path"], self.path)
        )


class Faults:
    """The faults that are still to happen, in the order in which they were asked for."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._pending: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Let a fault happen from now on."""
        self._pending.append(fault)

    @property
    def pending(self) -> int:
        """How many requests are still to be hit."""
        return sum(fault.times for fault in self._pending)

    def told(self) -> list[dict[str, Any]]:
        """The faults, by the names of their attributes."""
        return [asdict(fault) for fault in self._pending]

    def clear(self) -> None:
        """Let no fault happen any more."""
        self._pending.clear()

    def guard(self, application: ASGIApp, host: str) -> ASGIApp:
        """The application, with the first fault that hits the request in front of it."""
        if not self._pending:
            return application

        async def faulty(scope: Scope, receive: Receive, send: Send) -> None:
            fault = self._take(scope, host)
            if fault and fault.delay:
                await self._clock.sleep(fault.delay)
            if fault and fault.drop:
                if fault.drop == "answer":
                    await application(scope, receive, _nowhere)
                await _hang_up(scope, receive)
                return
            if fault and fault.status:
                error = {"code": "InjectedFault", "message": "This failure was asked for."}
                await JSONResponse({"error": error}, fault.status)(scope, receive, send)
                return
            await application(scope, receive, send)

        return faulty

    def _take(self, scope: Scope, host: str) -> Fault | None:
        for position, fault in enumerate(self._pending):
            if fault.hits(scope, host):
                left = replace(fault, times=fault.times - 1)
                self._pending[position : position + 1] = [left] if left.times else []
                return fault
        return None


async def _nowhere(_: Message) -> None:
    """An answer that nobody gets."""


async def _hang_up(scope: Scope, receive: Receive) -> None:
    scope[DROP]()
    while (await receive())["type"] != "http.disconnect":
        pass
