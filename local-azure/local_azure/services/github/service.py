"""What api.github.com answers here.

Source of the limits: docs.github.com, rest/repos/repos, "Create a repository dispatch event".
"""

import json
from collections.abc import Iterable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from local_azure.control_plane import strict_json
from local_azure.control_plane.hosts import Host
from local_azure.control_plane.messages import Messages
from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.service import Service
from local_azure.control_plane.web import router
from local_azure.services.github.errors import (
    InvalidDispatchError,
    NoUserAgentError,
    RequiresAuthenticationError,
)

_LONGEST_TYPE = 100
_MOST_PROPERTIES = 10
_LONGEST_PAYLOAD = 65_535
_SCHEMES = ("bearer", "token")


def _check_caller(request: Request) -> None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() not in _SCHEMES or not token.strip():
        raise RequiresAuthenticationError
    if not request.headers.get("user-agent"):
        raise NoUserAgentError


def _dispatch(body: bytes) -> dict[str, Any]:
    try:
        given = strict_json.read(body)
    except ValueError:
        raise InvalidDispatchError("The body is no JSON.") from None
    if not isinstance(given, dict) or given.keys() - {"event_type", "client_payload"}:
        raise InvalidDispatchError("The body is an object with event_type and client_payload.")
    kind, payload = given.get("event_type"), given.get("client_payload", {})
    if not isinstance(kind, str) or not 0 < len(kind) <= _LONGEST_TYPE:
        raise InvalidDispatchError(f"event_type is text of 1 to {_LONGEST_TYPE} characters.")
    if not isinstance(payload, dict) or len(payload) > _MOST_PROPERTIES:
        message = f"client_payload is an object of at most {_MOST_PROPERTIES} properties."
        raise InvalidDispatchError(message)
    if len(json.dumps(payload, ensure_ascii=False)) > _LONGEST_PAYLOAD:
        raise InvalidDispatchError(f"client_payload has at most {_LONGEST_PAYLOAD} characters.")
    return {"event_type": kind, "client_payload": payload}


HOST = "api.github.com"


class GitHub(Service):
    """The service.

    Args:
        control: the control plane.
    """

    def __init__(self, control: ControlPlane) -> None:
        self._clock = control.clock
        self._dispatches = Messages(control.state)

    def hosts(self) -> Iterable[Host]:
        """The API's own."""
        route = Route("/repos/{owner}/{name}/dispatches", self._answer, methods=["POST"])
        only = "it takes repository dispatches (POST /repos/<owner>/<name>/dispatches)"
        yield Host([HOST], router([route], "GitHub", only))

    def dispatched(self, limit: int) -> list[dict[str, Any]]:
        """The last dispatches, oldest first, each with ``asked``."""
        return self._dispatches.last(HOST, limit, "asked")

    async def _answer(self, request: Request) -> Response:
        _check_caller(request)
        asked = _dispatch(await request.body())
        self._keep({"repository": "{owner}/{name}".format_map(request.path_params), **asked})
        return Response(status_code=204)

    def _keep(self, dispatch: dict[str, Any]) -> None:
        self._dispatches.add(HOST, dispatch, self._clock.timestamp())
