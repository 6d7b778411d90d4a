"""What stands before the hosts of machine learning: who calls, and how a refusal is told."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, PlainTextResponse

from local_azure.control_plane.authorization.errors import AuthorizationFailedError
from local_azure.control_plane.entra.errors import InvalidTokenError
from local_azure.control_plane.networks import firewall
from local_azure.services.machinelearning.errors import (
    MachineLearningError,
    NetworkDeniedError,
    UnauthorizedError,
    forbidden,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from local_azure.control_plane.entra.directory import Principal
    from local_azure.control_plane.plane import ControlPlane
    from local_azure.control_plane.resource_manager.store import Resource


class FrontDoor:
    """Verifies tokens and renders refusals.

    Args:
        control: the control plane.
    """

    def __init__(self, control: ControlPlane) -> None:
        self._control = control

    def caller(self, request: Request, audiences: tuple[str, ...]) -> Principal:
        """Who calls.

        Raises:
            UnauthorizedError: no token for one of the audiences.
        """
        try:
            return self._control.tokens.verify(request.headers.get("authorization"), audiences)
        except InvalidTokenError as error:
            raise UnauthorizedError(str(error)) from None

    def check_network(self, workspace: Resource, caller: Principal) -> None:
        """Let only who reaches a workspace by the network go on.

        Raises:
            NetworkDeniedError: the caller does not.
        """
        if not firewall.admits(self._control, workspace, "amlworkspace", caller):
            raise NetworkDeniedError

    def rendered(
        self, handler: Callable[[Request], Awaitable[Response]]
    ) -> Callable[[Request], Awaitable[Response]]:
        """A handler whose errors become answers."""

        async def answer(request: Request) -> Response:
            try:
                return await handler(request)
            except MachineLearningError as error:
                return self._refusal(request, error)
            except AuthorizationFailedError as error:
                return PlainTextResponse(forbidden(str(error)), HTTPStatus.FORBIDDEN)

        return answer

    def _refusal(self, request: Request, error: MachineLearningError) -> Response:
        body = error.body(request.scope["host_parts"]["region"], self._control.clock.now())
        return JSONResponse(body, error.status, {"x-ms-response-type": "error"})
