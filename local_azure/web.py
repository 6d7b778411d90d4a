"""The front door: every request goes to the application that answers for its host name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from local_azure.faults import Faults
    from local_azure.hosts import Hosts


def front_door(hosts: Hosts, faults: Faults) -> ASGIApp:
    """An ASGI application that routes by ``Host`` and puts the pattern's parts into the scope.

    The parts are found under ``scope["host_parts"]``.
    """

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        host = _host(scope)
        match = hosts.find(host)
        if match is None:
            answer = not_emulated(f"The embedded Azure does not answer for the host {host!r}.")
            await answer(scope, receive, send)
            return
        scope["host_parts"] = match.parts
        await faults.guard(match.application, host)(scope, receive, send)

    return application


def not_emulated(message: str) -> JSONResponse:
    """The answer to whatever exists in Azure but not here: 501, and what it was."""
    return JSONResponse({"error": {"code": "NotEmulated", "message": message}}, status_code=501)


def _host(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"host":
            return str(value.decode("latin-1")).partition(":")[0]
    return ""
