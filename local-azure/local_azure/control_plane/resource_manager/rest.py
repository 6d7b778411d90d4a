"""Resource Manager's host: the operations that services offer beside creating resources.

Each service registers its operations as a table. Whoever calls needs a token for Resource Manager's
audience of that cloud, the operation's action on its scope, and an api-version that is known here.
What no service registered is the door's (``door.py``): resources of every type, and lists of them.
Anything else is answered with 501, by name.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from local_azure.control_plane import clouds, strict_json
from local_azure.control_plane.entra.directory import Principal
from local_azure.control_plane.entra.errors import InvalidTokenError
from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.resource_manager import versions
from local_azure.control_plane.resource_manager.door import Door
from local_azure.control_plane.resource_manager.errors import (
    ControlPlaneError,
    InvalidContentError,
    RequestTooLargeError,
    SubscriptionNotFoundError,
)
from local_azure.control_plane.resource_manager.refused_tokens import audiences, refused
from local_azure.control_plane.resource_manager.requests import Answer, Asked, heeded, missing
from local_azure.control_plane.resource_manager.resource_type import path_pattern
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.control_plane.tenant import SUBSCRIPTION, SUBSCRIPTION_ID
from local_azure.control_plane.web import body, not_emulated

HOSTS = tuple(cloud.arm_host for cloud in clouds.CLOUDS)
LARGEST_BODY = 4 * 1024 * 1024
"""Bytes that Resource Manager takes (D:azure-resource-manager, limits of a request)."""


@dataclass(frozen=True)
class Call:
    """One authorized call of an operation.

    Attributes:
        control: the control plane.
        caller: whose token it carries.
        target: the resource that the operation is about; it exists, or is the subscription.
        path: what the parts of the operation's path stand for, as they came.
        query: the query's parameters.
        body: the JSON body, None where it is empty.
        host: the host name that was called.
        request_id: what the client calls the request, or empty.
    """

    control: ControlPlane
    caller: Principal
    target: Resource
    path: dict[str, str]
    query: dict[str, str]
    body: Any
    host: str
    request_id: str = ""


Handler = Callable[[Call], Awaitable[Response]]


@dataclass(frozen=True)
class Operation:
    """One operation of Resource Manager's interface.

    Attributes:
        method: the HTTP method.
        scope: path of the resource that it is about, ``{parts}`` standing for one segment each;
            the subscription's, or empty for what is about none.
        rest: what the path ends with, such as ``/createRun``, with ``{parts}`` as well.
        action: what the caller must be allowed; empty where anybody of the tenant may.
        api_versions: those that are known here.
        handler: answers it; raises ControlPlaneError.
        part: what of the resource is acted on, where that is no resource itself, such as
            ``/pipelineruns/{runId}``; it stands between scope and rest, and in the scope of rights.
        heeds: the query's parameters that mean something here, beside the API version.
    """

    method: str
    scope: str
    rest: str
    action: str
    api_versions: tuple[str, ...]
    handler: Handler
    part: str = ""
    heeds: tuple[str, ...] = ()

    @property
    def arm_type(self) -> str:
        """The type that its path names, with what the operation is called; empty without one."""
        _, provider, named = (self.scope + self.part + self.rest).rpartition("/providers/")
        parts = [each for each in named.split("/") if not each.startswith("{")]
        return "/".join(parts) if provider else ""

    @property
    def sort(self) -> tuple[str, str]:
        """Its method, and its path's last part in small letters; empty where that is not fixed."""
        last = (self.scope + self.part + self.rest).rpartition("/")[2].lower()
        return self.method, "" if last.startswith("{") else last

    def match(self, path: str) -> dict[str, str] | None:
        """What the parts of the path stand for, or None where another operation is meant."""
        found = self._pattern.fullmatch(path)
        return found.groupdict() if found else None

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return path_pattern(self.scope + self.part + self.rest)


class Rest:
    """The application of Resource Manager's hosts.

    Args:
        control: the control plane.
        door: answers what is no service's own operation.
    """

    def __init__(self, control: ControlPlane, door: Door) -> None:
        self._control = control
        self._door = door
        self._operations: dict[tuple[str, str], list[Operation]] = defaultdict(list)

    def register(self, operations: Iterable[Operation]) -> None:
        """Offer operations; what was offered first comes first among those of a sort."""
        for each in operations:
            self._operations[each.sort].append(each)

    async def application(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        try:
            response = await self._answer(request)
        except ControlPlaneError as error:
            body = error.body()
            response = JSONResponse(body, error.status) if body else Response(b"", error.status)
            response.headers.update(error.headers)
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        # Clients join parts that begin and end with a slash, and Azure does not mind.
        asked = re.sub("/+", "/", request.scope["path"])
        if asked == "/metadata/endpoints":
            return JSONResponse(clouds.endpoints())
        caller, query = self._caller(request), _query(request)
        for operation in self._meant(request.method, asked.rstrip("/")):
            path = operation.match(asked.rstrip("/"))
            if path is not None:
                return await self._called(operation, path, caller, request, query)
        found = await self._door.answer(
            Asked(
                request.method,
                asked,
                caller,
                query,
                await _body(request),
                clouds.of(str(request.url.hostname), "arm_host"),
                if_match=request.headers.get("if-match", ""),
                if_none_match=request.headers.get("if-none-match", ""),
            )
        )
        if found is not None:
            return response(found)
        return not_emulated(f"Resource Manager does not answer {request.method} {asked} here.")

    def _meant(self, method: str, path: str) -> list[Operation]:
        """Those that a path can be of, told by its last part: there are 50, of which few are."""
        last = path.rpartition("/")[2].lower()
        return [*self._operations.get((method, last), ()), *self._operations.get((method, ""), ())]

    async def _called(
        self,
        operation: Operation,
        path: dict[str, str],
        caller: Principal,
        request: Request,
        query: dict[str, str],
    ) -> Response:
        versions.check(operation.arm_type, query.get("api-version"), operation.api_versions)
        query = heeded(request.url.path, query, operation.heeds)
        target = self._target(operation, path, caller)
        call = Call(
            self._control,
            caller,
            target,
            path,
            query,
            await _body(request),
            str(request.url.hostname),
            request.headers.get("x-ms-client-request-id", ""),
        )
        return await operation.handler(call)

    def _caller(self, request: Request) -> Principal:
        cloud = clouds.of(str(request.url.hostname), "arm_host")
        authorization = request.headers.get("authorization")
        try:
            return self._control.tokens.verify(authorization, audiences(cloud))
        except InvalidTokenError as error:
            raise refused(error, authorization, cloud, self._control.clock.now()) from None

    def _target(self, operation: Operation, path: dict[str, str], caller: Principal) -> Resource:
        """The resource that is acted on, once the caller may; the right is checked first."""
        scope = operation.scope.format(**path)
        acted_on = scope + operation.part.format(**path)
        subscription = path.get("subscriptionId", SUBSCRIPTION_ID)
        if subscription.lower() != SUBSCRIPTION_ID:
            raise SubscriptionNotFoundError(subscription)
        if operation.action:
            self._control.authorize(caller, operation.action, acted_on)
        if scope.lower() in {"", SUBSCRIPTION}:
            return Resource(scope, "Microsoft.Resources/subscriptions", subscription, {}, {})
        found = self._control.resources.find(scope)
        if found is None:
            raise missing(self._control, scope)
        return found


def _query(request: Request) -> dict[str, str]:
    """The query's parameters, each of which is given once.

    Raises:
        InvalidContentError: one is given again, so that it could mean either.
    """
    given = request.query_params.multi_items()
    counted = Counter(name.lower() for name, _ in given)
    for name, times in counted.items():
        if times > 1:
            message = f"The query parameter '{name}' is given {times} times; accepted: once."
            raise InvalidContentError(message)
    return dict(given)


def response(answer: Answer) -> Response:
    """An answer, as HTTP has it."""
    headers = dict(answer.headers)
    if answer.body is None and not answer.null:
        return Response(status_code=answer.status, headers=headers)
    return JSONResponse(answer.body, answer.status, headers)


async def _body(request: Request) -> Any:
    sent = await body(request, LARGEST_BODY, lambda _: RequestTooLargeError(LARGEST_BODY))
    try:
        return _json(sent) if sent else None
    except ValueError as error:
        message = f"The request content was invalid and could not be deserialized: {error}"
        raise InvalidContentError(message) from None


def _json(body: bytes) -> Any:
    """The content of a body; azure-cli puts a template into one under a bare name."""
    try:
        return strict_json.read(body)
    except ValueError:
        named = body.replace(b", template:", b', "template":', 1)
        if named == body:
            raise
        return strict_json.read(named)
