"""The trigger's callback URL and the contents of runs; the rest of the data plane is declined."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.responses import Response as Answer
from starlette.routing import Route, Router

from local_azure.control_plane.web import not_emulated, router
from local_azure.runs.content import encode
from local_azure.services.logic.callback import API_VERSIONS
from local_azure.services.logic.errors import TriggerError
from local_azure.services.logic.records import Response
from local_azure.services.logic.trigger import TriggerRequest
from local_azure.services.logic.workflows import Workflow

METHODS = ["GET", "PUT", "POST", "PATCH", "DELETE", "HEAD"]


@dataclass(frozen=True)
class Callbacks:
    """What hosts like ``prod-01.westeurope.logic.azure.com`` answer.

    Attributes:
        authorized: the workflow whose trigger a caller may fire, by the URL and the headers alone.
        invoke: fires its trigger; the answer, and the id of the run.
        content: what the signed URL of a run's content leads to.
    """

    api_versions: ClassVar[tuple[str, ...]] = API_VERSIONS

    authorized: Callable[[str, str, str, Mapping[str, str]], Workflow]
    invoke: Callable[[Workflow, TriggerRequest], Awaitable[tuple[Response, str]]]
    content: Callable[[str, str, str], Any]

    def router(self) -> Router:
        """The table of routes."""
        path = "/workflows/{workflow}/triggers/{trigger}/paths/invoke"
        content = Route("/workflows/{workflow}/{content:path}", self._content, methods=["GET"])
        return router([Route(path, self._invoke, methods=METHODS), content], "Logic Apps")

    async def _invoke(self, request: Request) -> Answer:
        query = request.query_params
        if query.get("api-version") not in self.api_versions:
            found = query.get("api-version")
            return not_emulated(
                f"api-version {found!r} is not emulated; accepted: {', '.join(self.api_versions)}."
            )
        path, headers = request.path_params, _titled(request)
        try:
            # Before the body, of which there may be much.
            workflow = self.authorized(
                path["workflow"], path["trigger"], query.get("sig", ""), headers
            )
            fired = TriggerRequest(request.method, headers, dict(query), await request.body())
            response, run = await self.invoke(workflow, fired)
        except TriggerError as error:
            return _refusal(error)
        return _answer(response, run)

    async def _content(self, request: Request) -> Answer:
        path, signature = request.path_params, request.query_params.get("sig", "")
        try:
            return JSONResponse(self.content(path["workflow"], f"/{path['content']}", signature))
        except TriggerError as error:
            return _refusal(error)


def _refusal(error: TriggerError) -> Answer:
    body = {"error": {"code": error.code, "message": str(error)}}
    return JSONResponse(body, error.status)


def _answer(response: Response, run: str) -> Answer:
    body, headers = encode(response.body, response.headers)
    if run:
        headers["x-ms-workflow-run-id"] = run
    return Answer(body, response.status, headers)


def _titled(request: Request) -> dict[str, str]:
    # HTTP/1.1 libraries here lower the names; the definition's expressions don't mind the case.
    return {name.title(): value for name, value in request.headers.items()}
