"""A batch endpoint that answers as a test has written down, over TLS, through the proxy."""

import json
from dataclasses import dataclass, field
from typing import Any

from azure.core.credentials import AccessToken
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from batch_client.session import Session
from local_azure_tests.conftest import Running

HOST = "scripted.westeurope.inference.ml.azure.com"


@dataclass(frozen=True)
class Answer:
    """What is answered; ``cut`` breaks it off in the middle."""

    status: int
    body: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self.cut:
            await JSONResponse(self.body, self.status, self.headers)(scope, receive, send)
            return
        head = [(b"content-length", b"1000"), (b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": self.status, "headers": head})
        await send({"type": "http.response.body", "body": b"{", "more_body": True})
        # uvicorn closes the connection of an answer that stays incomplete.
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def job(status: str, name: str = "asked") -> Answer:
    """The answer that shows a job."""
    told = {"id": f"/somewhere/jobs/{name}", "properties": {"status": status}}
    return Answer(200, told)


def refusal(status: int, **headers: str) -> Answer:
    """An error in the documented shape."""
    body = {"error": {"code": "Scripted", "message": f"scripted {status}"}}
    return Answer(status, body, headers)


class Scripted:
    """The endpoint.

    Attributes:
        uri: its scoring URI.
        posts: answers to POSTs, in order.
        gets: answers to GETs, in order; the last one stays.
        asked: the bodies of the POSTs.
        headers: their headers.
        looks: the names of the jobs that the GETs ask for.
    """

    uri = f"https://{HOST}/jobs"

    def __init__(self, running: Running) -> None:
        self.posts: list[Answer] = []
        self.gets: list[Answer] = []
        self.asked: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.looks: list[str] = []
        table = Router(
            [
                Route("/jobs", self._post, methods=["POST"]),
                Route("/jobs/{name}", self._get, methods=["GET"]),
            ]
        )
        running.call(serve, running, HOST, table)

    async def _post(self, request: Request) -> Any:
        self.asked.append(json.loads(await request.body())["properties"])
        self.headers.append(dict(request.headers))
        return self.posts.pop(0)

    async def _get(self, request: Request) -> Any:
        self.looks.append(request.path_params["name"])
        return self.gets.pop(0) if len(self.gets) > 1 else self.gets[0]


def serve(running: Running, host: str, application: ASGIApp) -> None:
    """Answer for a host, before anything else does."""
    hosts = running.azure.hosts
    hosts.register([host], application)
    hosts._table.insert(0, hosts._table.pop())


class Signed:
    """Somebody who is signed in; the scripted endpoint does not look."""

    def get_token(self, *_: str, **__: Any) -> AccessToken:
        """A token without end."""
        return AccessToken("a-token", 4_000_000_000)


def session() -> Session:
    """A session with the scripted endpoint."""
    return Session(Signed(), "https://ml.azure.com")
