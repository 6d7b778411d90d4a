"""What stands for the handlers outside: it answers, and keeps what came.

The handshakes are D:event-grid/webhook-event-delivery's, that of CloudEvents its specification's.
"""

from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from local_azure.control_plane import strict_json
from local_azure.control_plane.clouds import CLOUDS
from local_azure.control_plane.messages import Message, Messages
from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.service import Service
from local_azure.errors import LocalAzureError

SCHEMA = """
CREATE TABLE IF NOT EXISTS receivers (url TEXT PRIMARY KEY, receiver BLOB NOT NULL);
"""
FUNCTION_HOSTS = tuple(f".{cloud.sites}" for cloud in CLOUDS)


class ReceiverError(LocalAzureError):
    """A receiver that can't be."""


@dataclass(frozen=True)
class Receiver:
    """One handler.

    Attributes:
        url: https, without port and query.
        key: what a caller has to bring, as `code` or `x-functions-key`; empty for any.
        status: what events are answered.
        handshake: whether the question for consent is answered; else it is accepted in silence.
    """

    url: str
    key: str = ""
    status: int = 200
    handshake: bool = True

    @property
    def host(self) -> str:
        """The host of the URL."""
        return urlsplit(self.url).netloc

    def lets_in(self, given: str) -> bool:
        """Whether a caller with this key may call; a function takes none without one.

        Source: D:azure-functions/functions-bindings-http-webhook-trigger, authorization level
        `function`, the default.
        """
        if self.key:
            return given == self.key
        return bool(given) or not self.host.endswith(FUNCTION_HOSTS)


def read(asked: dict[str, Any]) -> Receiver:
    """A receiver as a command asks for it.

    Raises:
        ReceiverError: its URL is no plain https address, its status none of HTTP's.
    """
    receiver = Receiver(**asked)
    url = urlsplit(receiver.url)
    plain = url.hostname and url.netloc == url.hostname and len(url.path) > 1 and not url.query
    if url.scheme != "https" or not plain or url.fragment:
        raise ReceiverError(f"{receiver.url}: accepted: https://<host in small letters>/<path>")
    least, most = 200, 599
    if not least <= receiver.status <= most:
        raise ReceiverError(f"status {receiver.status}: accepted: {least} to {most}")
    return receiver


class Handlers(Service):
    """The service.

    Args:
        control: the control plane.
    """

    def __init__(self, control: ControlPlane) -> None:
        self._control = control
        self._state = control.state
        self._state.define(SCHEMA)
        self._messages = Messages(control.state)
        self._hosts: set[str] = set()

    async def start(self) -> None:
        """Answer for the hosts of earlier."""
        for receiver in self.all():
            self._answer_for(receiver.host)

    def put(self, receiver: Receiver) -> None:
        """Have a receiver from now on, in the place of an earlier one of its URL.

        Raises:
            ReceiverError: its host is one of Azure's that is emulated.
        """
        self._answer_for(receiver.host)
        sealed = self._state.seal(asdict(receiver))
        self._state.execute("REPLACE INTO receivers VALUES (?, ?)", receiver.url, sealed)

    def all(self) -> list[Receiver]:
        """Every receiver, by URL."""
        rows = self._state.rows("SELECT receiver FROM receivers ORDER BY url")
        return [Receiver(**self._state.open(row["receiver"])) for row in rows]

    def received(self, named: str, limit: int) -> dict[str, Any] | None:
        """What came to a URL, oldest first; None where it has no receiver."""
        receiver = self._find(named)
        if receiver is None:
            return None
        return {"id": receiver.url, "messages": self._messages.last(receiver.url, limit)}

    def _find(self, url: str) -> Receiver | None:
        row = self._state.row("SELECT receiver FROM receivers WHERE url = ?", url)
        return Receiver(**self._state.open(row["receiver"])) if row else None

    def _answer_for(self, host: str) -> None:
        if host in self._hosts:
            return
        if self._control.hosts.find(host):
            message = f"{host}: accepted: a host that the embedded Azure does not emulate itself"
            raise ReceiverError(message)
        self._control.hosts.register([host], self._application)
        self._hosts.add(host)

    async def _application(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = await self._answer(Request(scope, receive))
        await answer(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        url = f"https://{request.headers['host']}{request.url.path}"
        receiver = self._find(url)
        if receiver is None:
            return PlainTextResponse(
                f"Nothing is received here: local-azure act receive {url}", 404
            )
        given = request.query_params.get("code") or request.headers.get("x-functions-key", "")
        if not receiver.lets_in(given):
            return PlainTextResponse("The function's key is missing or wrong.", 401)
        body = (await request.body()).decode("utf-8", "replace")
        answer = _answer(receiver, request, body)
        self._keep(receiver, request, body, answer.status_code)
        return answer

    def _keep(self, receiver: Receiver, request: Request, body: str, status: int) -> None:
        told = {
            name: value
            for name, value in request.headers.items()
            if name.startswith(("aeg-", "ce-", "webhook-")) and value
        }
        message = Message(
            body,
            request.headers.get("content-type", ""),
            user_properties={**told, "answered": status},
        )
        self._messages.add(receiver.url, message, self._control.clock.timestamp())


def _answer(receiver: Receiver, request: Request, body: str) -> Response:
    if request.method == "OPTIONS":
        origin = request.headers.get("webhook-request-origin", "*")
        return Response(headers={"WebHook-Allowed-Origin": origin} if receiver.handshake else {})
    code = _validation_code(body)
    if code is None:
        return Response(status_code=receiver.status)
    return JSONResponse({"validationResponse": code} if receiver.handshake else {})


def _validation_code(body: str) -> str | None:
    """The code that Event Grid wants back; None where it does not ask."""
    try:
        events = strict_json.read(body.encode())
        code = events[0]["data"]["validationCode"]
    except (ValueError, LookupError, TypeError):
        return None
    return str(code)
