"""What stands for the handlers outside: it answers, and keeps what came.

The handshakes are D:event-grid/webhook-event-delivery's, that of CloudEvents its specification's.
"""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from local_azure.control_plane import strict_json
from local_azure.control_plane.messages import Message, Messages
from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.service import Service
from local_azure.services.receivers.model import Receiver, ReceiverError, Receivers


class Handlers(Service):
    """The service.

    Args:
        control: the control plane.
    """

    def __init__(self, control: ControlPlane) -> None:
        self._control = control
        self._receivers = Receivers(control.state)
        self._messages = Messages(control.state)
        self._hosts: set[str] = set()

    async def start(self) -> None:
        """Answer for the hosts of earlier."""
        for receiver in self._receivers.all():
            self._answer_for(receiver.host)

    def put(self, receiver: Receiver) -> None:
        """Have a receiver, from now on.

        Raises:
            ReceiverError: its host is one of Azure's that is emulated.
        """
        self._answer_for(receiver.host)
        self._receivers.put(receiver)

    def all(self) -> list[Receiver]:
        """Every receiver."""
        return self._receivers.all()

    def received(self, named: str, limit: int) -> dict[str, Any] | None:
        """What came to a URL, oldest first; None where it has no receiver."""
        receiver = self._receivers.find(named)
        if receiver is None:
            return None
        return {"id": receiver.url, "messages": self._messages.last(receiver.url, limit)}

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
        receiver = self._receivers.find(url)
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
