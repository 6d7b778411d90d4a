"""What stands before the hosts of machine learning: who calls, may they, and how it is refused.

The actions are checked in their order. They are the five needs of the source document on invoking
from code (S004), as registered operations (D:role-based-access-control/permissions/
ai-machine-learning). Whether Azure checks exactly these is UNVERIFIED, as is that reading a run
needs ``experiments/runs/read``.
"""

from collections.abc import Awaitable, Callable
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from local_azure.control_plane.authorization.errors import AuthorizationFailedError
from local_azure.control_plane.entra.directory import Principal
from local_azure.control_plane.entra.errors import InvalidTokenError
from local_azure.control_plane.networks import firewall
from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.control_plane.web import unheeded
from local_azure.services.machinelearning.endpoints import Target
from local_azure.services.machinelearning.errors import (
    MachineLearningError,
    NetworkDeniedError,
    NotEmulatedError,
    UnauthorizedError,
    forbidden,
)

_WORKSPACES = "Microsoft.MachineLearningServices/workspaces"
_ENDPOINTS = f"{_WORKSPACES}/batchEndpoints"

ON_ENDPOINT = (f"{_ENDPOINTS}/read", f"{_ENDPOINTS}/jobs/write")
ON_DEPLOYMENT = (f"{_ENDPOINTS}/deployments/read", f"{_ENDPOINTS}/deployments/jobs/write")
ON_WORKSPACE = (
    f"{_WORKSPACES}/experiments/read",
    f"{_WORKSPACES}/experiments/runs/read",
    f"{_WORKSPACES}/experiments/runs/write",
    f"{_WORKSPACES}/experiments/runs/submit/action",
    f"{_WORKSPACES}/datastores/read",
    f"{_WORKSPACES}/datastores/write",
    f"{_WORKSPACES}/datastores/listsecrets/action",
)
TO_READ_RUNS = (f"{_WORKSPACES}/experiments/runs/read",)
TO_FOLLOW = (f"{_ENDPOINTS}/read", f"{_ENDPOINTS}/jobs/read")


class FrontDoor:
    """Verifies tokens and renders refusals."""

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

    def check_invoke(self, caller: Principal, target: Target) -> None:
        """Let a caller invoke.

        Raises:
            AuthorizationFailedError: the first action that is missing.
        """
        self.check(caller, target.endpoint, ON_ENDPOINT)
        self.check(caller, target.deployment, ON_DEPLOYMENT)
        self.check(caller, target.workspace, ON_WORKSPACE)

    def check(self, caller: Principal, resource: Resource, actions: tuple[str, ...]) -> None:
        """Let only who may do all of these go on.

        Raises:
            AuthorizationFailedError: the first action that is missing.
        """
        for action in actions:
            self._control.authorization.authorize(caller, action, resource.id)

    def rendered(
        self, handler: Callable[[Request], Awaitable[Response]], *heeds: str
    ) -> Callable[[Request], Awaitable[Response]]:
        """A handler whose errors become answers, and what it heeds of a query."""

        async def answer(request: Request) -> Response:
            try:
                if name := unheeded(request, *heeds):
                    raise NotEmulatedError(f"The query's parameter {name!r} is not emulated.")
                return await handler(request)
            except MachineLearningError as error:
                return self._refusal(request, error)
            except AuthorizationFailedError as error:
                return PlainTextResponse(forbidden(str(error)), HTTPStatus.FORBIDDEN)

        return answer

    def _refusal(self, request: Request, error: MachineLearningError) -> Response:
        body = error.body(request.scope["host_parts"]["region"], self._control.clock.now())
        return JSONResponse(body, error.status, {"x-ms-response-type": "error"})
