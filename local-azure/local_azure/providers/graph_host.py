"""Microsoft Graph's host: applications and service principals found, client secrets removed.

What azuread makes goes through its provider; here is what whoever repairs a stack asks for.
Sources: learn.microsoft.com, "List applications", "List servicePrincipals", "Get application" and
"application: removePassword"; Application.ReadWrite.OwnedBy lists all of the tenant's
("Microsoft Graph permissions reference").
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response
from starlette.routing import Route, Router

from local_azure import strict_json
from local_azure.entra.errors import InvalidTokenError
from local_azure.providers.azuread import Application, ApplicationPassword, ServicePrincipal
from local_azure.providers.graph import ObjectNotFoundError, RequestDeniedError
from local_azure.providers.kind import Caller
from local_azure.resource_manager.errors import (
    AuthenticationFailedError,
    ControlPlaneError,
    InvalidContentError,
)
from local_azure.web import not_emulated

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request

    from local_azure.control_plane import ControlPlane
    from local_azure.resource_manager.store import Resource

    Handler = Callable[[Request], Awaitable[Response]]

_FILTER = re.compile(r"(\w+) eq '((?:[^']|'')*)'")


class Graph:
    """The directory's objects over HTTP, version 1.0."""

    def __init__(self, control: ControlPlane) -> None:
        self._control = control

    def routes(self) -> Router:
        """What Graph's hosts answer."""
        found = {
            "applications": (Application.pulumi_type, self._application),
            "servicePrincipals": (ServicePrincipal.pulumi_type, _service_principal),
        }
        lists = [Route(f"/v1.0/{name}", _told(self._listed(*what))) for name, what in found.items()]
        one = "/v1.0/applications/{id}"
        return Router(
            [
                *lists,
                Route(one, _told(self._one)),
                Route(f"{one}/removePassword", _told(self._remove), methods=["POST"]),
                Route("/{rest:path}", _unknown, methods=["GET", "POST", "PATCH", "DELETE"]),
            ]
        )

    def _listed(self, kind: str, shape: Callable[[Resource], dict[str, Any]]) -> Handler:
        async def listed(request: Request) -> Response:
            self._caller(request)
            asked = request.query_params.get("$filter", "")
            wanted = _FILTER.fullmatch(asked)
            everything = [shape(each) for each in self._control.resources.select(kind)]
            if wanted is None or any(wanted[1] not in each for each in everything):
                return not_emulated(
                    f"The filter {asked!r} is not emulated; accepted: <property> eq '<text>'."
                )
            value = wanted[2].replace("''", "'").lower()
            found = [each for each in everything if str(each[wanted[1]]).lower() == value]
            return JSONResponse({"value": found})

        return listed

    async def _one(self, request: Request) -> Response:
        self._caller(request)
        return JSONResponse(self._application(self._found(request)))

    async def _remove(self, request: Request) -> Response:
        caller, application = self._caller(request), self._found(request)
        key_id = await _key_id(request)
        kind = ApplicationPassword(self._control)
        password = f"{application.name}/password/{key_id}"
        if self._control.resources.find(password) is None:
            raise ObjectNotFoundError("keyId", key_id, "a password of the application")
        await kind.delete(password, {}, caller)
        return Response(status_code=204)

    def _caller(self, request: Request) -> Caller:
        audience = f"https://{request.url.hostname}"
        try:
            who = self._control.tokens.verify(request.headers.get("authorization"), (audience,))
        except InvalidTokenError as error:
            raise AuthenticationFailedError(str(error)) from None
        if not self._control.graph_permissions.allow(who):
            raise RequestDeniedError
        return Caller(who)

    def _found(self, request: Request) -> Resource:
        wanted = request.path_params["id"]
        found = self._control.resources.find(f"/applications/{wanted}")
        if found is None:
            raise ObjectNotFoundError("id", wanted, "an application's object id")
        return found

    def _application(self, found: Resource) -> dict[str, Any]:
        passwords = self._control.resources.select(ApplicationPassword.pulumi_type)
        return {
            "id": found.name,
            "appId": found.properties["clientId"],
            "displayName": found.properties["displayName"],
            "createdDateTime": found.created,
            "passwordCredentials": [
                {
                    "keyId": each.name,
                    "displayName": each.properties.get("displayName"),
                    "startDateTime": each.properties["startDate"],
                    "endDateTime": each.properties["endDate"],
                    "secretText": None,
                }
                for each in passwords
                if each.body["applicationId"] == found.id
            ],
        }


def _service_principal(found: Resource) -> dict[str, Any]:
    return {
        "id": found.name,
        "appId": found.body["clientId"],
        "displayName": found.properties["displayName"],
    }


async def _key_id(request: Request) -> str:
    try:
        return str(strict_json.read(await request.body())["keyId"])
    except (ValueError, KeyError, TypeError):
        message = "The body has to be a JSON object with keyId."
        raise InvalidContentError(message) from None


def _told(handler: Handler) -> Handler:
    """A handler whose refusals are told as Graph does."""

    async def answered(request: Request) -> Response:
        try:
            return await handler(request)
        except ControlPlaneError as error:
            return JSONResponse({"error": error.told()}, error.status)

    return answered


async def _unknown(request: Request) -> Response:
    return not_emulated(
        f"Microsoft Graph does not answer {request.method} {request.url.path} here."
    )
