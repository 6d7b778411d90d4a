"""The front door: every request goes to the application that answers for its host name."""

from abc import abstractmethod
from collections.abc import Callable, Iterable

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route, Router
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from local_azure.control_plane.faults import Faults
from local_azure.control_plane.hosts import Hosts
from local_azure.control_plane.networks.origins import HEADER, Origins
from local_azure.errors import WordedError

_METHODS = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"]


def front_door(hosts: Hosts, faults: Faults, origins: Origins) -> ASGIApp:
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
        _, port = scope.get("client") or ("", 0)
        origins.enter(dict(scope["headers"]), port)
        # No further: whoever sees the header could send it himself.
        scope["headers"] = [each for each in scope["headers"] if each[0] != HEADER.encode()]
        guarded = faults.guard(match.application, host)
        if match.largest is None:
            await guarded(scope, receive, send)
        else:
            await _bounded(guarded, match.largest, scope, receive, send)

    return application


async def _bounded(
    application: ASGIApp, largest: int, scope: Scope, receive: Receive, send: Send
) -> None:
    """Refuse a body that is too large: by its length where that is told, or on the way."""
    refusal = HTTPException(413, f"The body may have {largest} bytes.")
    read, started = int(dict(scope["headers"]).get(b"content-length") or 0), False

    async def counted() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > largest:
            raise refusal
        return message

    async def noted(message: Message) -> None:
        nonlocal started
        started = True
        await send(message)

    try:
        if read > largest:
            raise refusal
        read = 0
        await application(scope, counted, noted)
    except HTTPException as refused:
        if refused is not refusal or started:
            raise
        error = {"code": "RequestEntityTooLarge", "message": refusal.detail}
        await JSONResponse({"error": error}, refusal.status_code)(scope, receive, send)


def unheeded(request: Request, *heeded: str) -> str:
    """The first parameter of a query that nothing heeds, beside the API version; else empty."""
    known = {"api-version", *heeded}
    return next((name for name in request.query_params if name not in known), "")


def not_emulated(message: str) -> JSONResponse:
    """The answer to whatever exists in Azure but not here: 501, and what it was."""
    return JSONResponse({"error": {"code": "NotEmulated", "message": message}}, status_code=501)


class WireError(WordedError):
    """What a service answers other than success, raised anywhere behind its ``router``.

    Attributes:
        status: HTTP status.
    """

    status = 400

    @abstractmethod
    def response(self) -> Response:
        """The answer on the wire, in the service's own form."""


class _Answering(Router):
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        except WireError as error:
            await error.response()(scope, receive, send)


def router(routes: Iterable[Route | Mount], whose: str, only: str = "") -> Router:
    """What a service's host answers; whatever else it is asked is not emulated.

    Args:
        routes: the table.
        whose: whose host it is, such as ``Key Vault``.
        only: what of it there is here, where its own table does not say it all.
    """

    async def unknown(request: Request) -> Response:
        asked = f"{request.method} {request.url.path}"
        return not_emulated(f"{whose} does not answer {asked} here{only and f': {only}'}.")

    return _Answering([*routes, Route("/{rest:path}", unknown, methods=_METHODS)])


async def body(request: Request, most: int, refusal: Callable[[int], Exception]) -> bytes:
    """A body of at most so many bytes; of a larger one no more is read, and it is refused."""
    found = bytearray()
    async for chunk in request.stream():
        found += chunk
        if len(found) > most:
            raise refusal(len(found))
    return bytes(found)


def _host(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"host":
            return str(value.decode("latin-1")).partition(":")[0]
    return ""
