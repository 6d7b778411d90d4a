"""The trigger's callback URL and the contents of runs; the rest of the data plane is declined."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from starlette.responses import JSONResponse
from starlette.responses import Response as Answer
from starlette.routing import Route, Router

from local_azure.logic.callback import API_VERSION
from local_azure.logic.errors import TriggerError
from local_azure.logic.trigger import TriggerRequest
from local_azure.runs.content import encode, header
from local_azure.web import not_emulated

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from local_azure.logic.records import Response
    from local_azure.logic.workflows import Workflow

_METHODS = ["GET", "PUT", "POST", "PATCH", "DELETE", "HEAD"]


class Invoker(Protocol):
    """What the routes need of the service."""

    def authorized(
        self, identifier: str, trigger: str, signature: str, headers: Mapping[str, str]
    ) -> Workflow:
        """The workflow whose trigger a caller may fire."""

    async def invoke(self, workflow: Workflow, request: TriggerRequest) -> tuple[Response, str]:
        """Fire its trigger."""


class Contents(Protocol):
    """What holds the contents of runs."""

    def content(self, identifier: str, content: str, signature: str) -> Any:
        """What a signed URL leads to."""


def router(service: Invoker, contents: Contents) -> Router:
    """What hosts like ``prod-01.westeurope.logic.azure.com`` answer."""

    async def invoke(request: Request) -> Answer:
        query = request.query_params
        if query.get("api-version") != API_VERSION:
            found = query.get("api-version")
            return not_emulated(f"api-version {found!r} is not emulated; accepted: {API_VERSION}.")
        path, headers = request.path_params, _titled(request)
        try:
            # Before the body, of which there may be much.
            workflow = service.authorized(
                path["workflow"], path["trigger"], query.get("sig", ""), headers
            )
            fired = TriggerRequest(request.method, headers, dict(query), await request.body())
            response, run = await service.invoke(workflow, fired)
        except TriggerError as error:
            body = {"error": {"code": error.code, "message": str(error)}}
            return JSONResponse(body, error.status)
        return _answer(response, run)

    async def content(request: Request) -> Answer:
        path = request.path_params
        try:
            found = contents.content(
                path["workflow"], f"/{path['content']}", request.query_params.get("sig", "")
            )
        except TriggerError as error:
            return JSONResponse(
                {"error": {"code": error.code, "message": str(error)}}, error.status
            )
        return JSONResponse(found)

    path = "/workflows/{workflow}/triggers/{trigger}/paths/invoke"
    return Router(
        [
            Route(path, invoke, methods=_METHODS),
            Route("/workflows/{workflow}/{content:path}", content, methods=["GET"]),
            Route("/{rest:path}", _unknown, methods=_METHODS),
        ]
    )


def _answer(response: Response, run: str) -> Answer:
    body, content_type = encode(response.body)
    headers = dict(response.headers)
    if content_type and not header(headers, "content-type"):
        headers["Content-Type"] = content_type
    if run:
        headers["x-ms-workflow-run-id"] = run
    return Answer(body, response.status, headers)


def _titled(request: Request) -> dict[str, str]:
    # HTTP/1.1 libraries here lower the names; the definition's expressions don't mind the case.
    return {name.title(): value for name, value in request.headers.items()}


async def _unknown(request: Request) -> Answer:
    return not_emulated(f"Logic Apps does not answer {request.method} {request.url.path} here.")
