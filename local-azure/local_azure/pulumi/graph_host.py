"""Microsoft Graph's host, version 1.0: applications, their secrets, service principals, owners.

Who may change what is decided where azuread's resources are (``graph.py``), which these are as
well; whoever makes one becomes its owner. Users and groups are there to be found. Sources:
learn.microsoft.com, Graph's reference of each operation; what a caller without a right is told is
recorded. Every permission of ``Application.ReadWrite`` lists all of the tenant's applications
("Microsoft Graph permissions reference"), and so does every user; users and groups are told to
users alone.
"""

from collections.abc import Awaitable, Callable, Collection
from functools import partial
from typing import Any
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, Router

from local_azure.control_plane import strict_json
from local_azure.control_plane.entra.directory import Principal
from local_azure.control_plane.entra.errors import InvalidTokenError
from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.resource_manager.errors import ControlPlaneError, NotEmulatedError
from local_azure.control_plane.resource_manager.shape import Secrecy
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.control_plane.web import router
from local_azure.pulumi import graph_objects
from local_azure.pulumi.azuread import (
    Application,
    ApplicationFederatedIdentityCredential,
    ApplicationPassword,
    ServicePrincipal,
    find_application,
)
from local_azure.pulumi.graph import GraphKind, RequestDeniedError
from local_azure.pulumi.graph_filter import selected
from local_azure.pulumi.graph_objects import SERVICE_PRINCIPALS, Objects
from local_azure.pulumi.kind import Caller, Made

Json = dict[str, Any]
Endpoint = Callable[[Request], Awaitable[Response]]
Handler = Callable[[Request, Caller], Awaitable[Response]]
Row = tuple[str, str, Callable[[Request], Caller], Handler]
"""Verb, path, who may ask, what it does."""
_OF_APPLICATION = {
    key: key for key in ("displayName", "description", "notes", "signInAudience", "tags")
}
_OF_PRINCIPAL = {
    "appId": "clientId",
    **{key: key for key in ("description", "notes", "tags", "appRoleAssignmentRequired")},
}
_OF_CREDENTIAL = {
    "name": "displayName",
    **{key: key for key in ("issuer", "subject", "audiences", "description")},
}
_OF_PASSWORD = {"displayName": "displayName", "endDateTime": "endDate"}
"""What a body can say, and azuread's name for it."""


class InvalidAuthenticationTokenError(ControlPlaneError):
    """No token, or one for somebody else."""

    code = "InvalidAuthenticationToken"
    status = 401


class BadRequestError(ControlPlaneError):
    """A body or a call that Graph can't take."""

    code = "Request_BadRequest"


class NotDelegatedError(ControlPlaneError):
    """``/me`` of somebody who is no person."""

    code = "BadRequest"
    said = "/me request is only valid with delegated authentication flow."


class MissingObjectError(ControlPlaneError):
    """An object that does not exist."""

    code = "Request_ResourceNotFound"
    status = 404
    said = (
        "Resource '{wanted}' does not exist or one of its queried reference-property "
        "objects are not present."
    )


class Graph:
    """The directory's objects over HTTP."""

    def __init__(self, control: ControlPlane) -> None:
        self._control = control
        self._objects = Objects(control)

    def router(self) -> Router:
        """What Graph's hosts answer."""
        shown, principals = self._objects, "servicePrincipals"
        table: list[Row] = [
            ("GET", "me", self._reader, self._me),
            ("GET", "users", self._user, _listed("users", partial(shown.named, "User"))),
            ("GET", "users/{id}", self._user, self._person("User", "users")),
            ("GET", "groups", self._user, _listed("groups", partial(shown.named, "Group"))),
            ("GET", "groups/{id}", self._user, self._person("Group", "groups")),
            ("POST", "directoryObjects/getByIds", self._user, self._by_ids),
            ("GET", "applications", self._reader, _listed("applications", shown.applications)),
            ("POST", "applications", self._caller, self._create_application),
            ("GET", principals, self._reader, _listed(principals, shown.service_principals)),
            ("POST", principals, self._caller, self._create_service_principal),
        ]
        for one in ("applications/{id}", "applications(appId='{app_id}')"):
            federated = f"{one}/federatedIdentityCredentials"
            table += [
                ("POST", f"{one}/addPassword", self._caller, self._add_password),
                ("POST", f"{one}/removePassword", self._caller, self._remove_password),
                ("GET", federated, self._reader, self._credentials),
                ("POST", federated, self._caller, self._add_credential),
                ("DELETE", f"{federated}/{{credential}}", self._caller, self._remove_credential),
                *self._of_one(one, Application),
            ]
        for one in ("servicePrincipals/{id}", "servicePrincipals(appId='{app_id}')"):
            table += self._of_one(one, ServicePrincipal)
        known = [
            Route(f"/v1.0/{path}", self._told(who, does), methods=[verb])
            for verb, path, who, does in table
        ]
        return router(known, "Microsoft Graph")

    def _of_one(self, path: str, kind: type[GraphKind]) -> list[Row]:
        """What applications and service principals have in common."""
        names = _OF_APPLICATION if kind is Application else _OF_PRINCIPAL

        async def one(request: Request, _caller: Caller) -> Response:
            if kind is Application:
                told = self._objects.application(self._found(request, kind))
                return _entity(request, "applications", told)
            told = self._objects.service_principal(self._principal(request))
            return _entity(request, "servicePrincipals", told)

        async def change(request: Request, caller: Caller) -> Response:
            found = self._found(request, kind)
            return await self._changed(kind, found, _inputs(await _body(request), names), caller)

        async def delete(request: Request, caller: Caller) -> Response:
            await kind(self._control).delete(self._found(request, kind).id, {}, caller)
            return Response(status_code=204)

        return [
            ("GET", path, self._reader, one),
            ("PATCH", path, self._caller, change),
            ("DELETE", path, self._caller, delete),
            *self._owners_of(path, kind),
        ]

    def _owners_of(self, path: str, kind: type[GraphKind]) -> list[Row]:
        async def owners(request: Request, _caller: Caller) -> Response:
            told = [self._owner(each) for each in self._found(request, kind).properties["owners"]]
            return _list(request, "directoryObjects", told)

        async def add_owner(request: Request, caller: Caller) -> Response:
            found = self._found(request, kind)
            new = str((await _body(request)).get("@odata.id")).rpartition("/")[2].lower()
            if self._control.directory.find(new) is None:
                raise MissingObjectError(new)
            held = found.properties["owners"]
            if new in held:
                message = (
                    "One or more added object references already exist for the following "
                    "modified properties: 'owners'."
                )
                raise BadRequestError(message)
            return await self._changed(kind, found, {"owners": [*held, new]}, caller)

        async def remove_owner(request: Request, caller: Caller) -> Response:
            found = self._found(request, kind)
            gone, held = request.path_params["owner"].lower(), found.properties["owners"]
            if gone not in held:
                raise MissingObjectError(gone)
            left = [each for each in held if each != gone]
            return await self._changed(kind, found, {"owners": left}, caller)

        return [
            ("GET", f"{path}/owners", self._reader, owners),
            ("POST", f"{path}/owners/$ref", self._caller, add_owner),
            ("DELETE", f"{path}/owners/{{owner}}/$ref", self._caller, remove_owner),
        ]

    async def _me(self, request: Request, caller: Caller) -> Response:
        if caller.principal.kind != "User":
            raise NotDelegatedError
        return _entity(request, "users", self._objects.principal(caller.principal))

    def _person(self, kind: str, name: str) -> Handler:
        async def one(request: Request, _caller: Caller) -> Response:
            wanted = request.path_params["id"].partition("@")[0]
            found = self._control.directory.find(wanted)
            if found is None or found.kind != kind:
                raise MissingObjectError(wanted)
            return _entity(request, name, self._objects.principal(found))

        return one

    async def _by_ids(self, request: Request, _caller: Caller) -> Response:
        body = await _body(request)
        wanted, kinds = body.get("ids", []), body.get("types") or ["directoryObject"]
        found = [self._control.directory.find(str(each)) for each in wanted]
        told = [self._owner(each.object_id) for each in found if each and _of_types(each, kinds)]
        return _list(request, "directoryObjects", told)

    async def _create_application(self, request: Request, caller: Caller) -> Response:
        inputs = _inputs(await _body(request), _OF_APPLICATION)
        made = await self._created(Application, inputs, caller)
        return _entity(request, "applications", self._objects.application(made), 201)

    async def _create_service_principal(self, request: Request, caller: Caller) -> Response:
        body = await _body(request)
        if body.pop("accountEnabled", True) is not True:
            raise NotEmulatedError("servicePrincipal", "found accountEnabled false")
        made = await self._created(ServicePrincipal, _inputs(body, _OF_PRINCIPAL), caller)
        who = self._control.directory.find(made.name)
        assert who is not None  # noqa: S101 it was added with the resource
        told = self._objects.service_principal(who)
        return _entity(request, "servicePrincipals", told, 201)

    async def _add_password(self, request: Request, caller: Caller) -> Response:
        found = self._found(request, Application)
        asked = (await _body(request)).get("passwordCredential") or {}
        # When it begins to be good is told, and not heeded: secrets are, at once.
        asked.pop("startDateTime", None)
        inputs = {**_inputs(asked, _OF_PASSWORD), "applicationId": found.id}
        made = await self._made(ApplicationPassword, inputs, caller)
        return _entity(request, "passwordCredentials", graph_objects.password(made.outputs))

    async def _remove_password(self, request: Request, caller: Caller) -> Response:
        found = self._found(request, Application)
        key_id = str((await _body(request)).get("keyId"))
        password = f"{found.name}/password/{key_id}"
        if self._control.resources.find(password) is None:
            raise BadRequestError("No password credential found with keyId.")
        await ApplicationPassword(self._control).delete(password, {}, caller)
        return Response(status_code=204)

    async def _credentials(self, request: Request, _caller: Caller) -> Response:
        told = self._objects.credentials(self._found(request, Application))
        return _list(request, "federatedIdentityCredentials", told)

    async def _add_credential(self, request: Request, caller: Caller) -> Response:
        found = self._found(request, Application)
        inputs = {**_inputs(await _body(request), _OF_CREDENTIAL), "applicationId": found.id}
        made = await self._made(ApplicationFederatedIdentityCredential, inputs, caller)
        told = graph_objects.credential(self._resource(made.id))
        return _entity(request, "federatedIdentityCredentials", told, 201)

    async def _remove_credential(self, request: Request, caller: Caller) -> Response:
        found = self._found(request, Application)
        wanted = request.path_params["credential"]
        for each in self._objects.credentials(found):
            if wanted in {each["id"], each["name"]}:
                kind = ApplicationFederatedIdentityCredential(self._control)
                gone = f"{found.name}/federatedIdentityCredential/{each['id']}"
                await kind.delete(gone, {}, caller)
                return Response(status_code=204)
        raise MissingObjectError(wanted)

    async def _created(self, kind: type[GraphKind], inputs: Json, caller: Caller) -> Resource:
        inputs = {**inputs, "owners": [caller.principal.object_id]}
        return self._resource((await self._made(kind, inputs, caller)).id)

    async def _made(self, kind: type[GraphKind], inputs: Json, caller: Caller) -> Made:
        _check(kind(self._control), inputs, caller)
        return await kind(self._control).create(inputs, caller)

    async def _changed(
        self, kind: type[GraphKind], found: Resource, changes: Json, caller: Caller
    ) -> Response:
        merged = {**found.body, **changes}
        inputs = {key: value for key, value in merged.items() if value is not None}
        _check(kind(self._control), inputs, caller)
        await kind(self._control).update(found.id, inputs, {}, caller)
        return Response(status_code=204)

    def _told(self, who: Callable[[Request], Caller], handler: Handler) -> Endpoint:
        """A handler for those who may ask, whose refusals are told as Graph does."""

        async def answered(request: Request) -> Response:
            try:
                for name in set(request.query_params) - {"$filter"}:
                    raise NotEmulatedError("Microsoft Graph", f"found the option {name!r}")
                return await handler(request, who(request))
            except ControlPlaneError as error:
                inner = {
                    "date": f"{self._control.clock.now():%Y-%m-%dT%H:%M:%S}",
                    "request-id": str(uuid4()),
                    "client-request-id": request.headers.get("client-request-id", str(uuid4())),
                }
                return JSONResponse({"error": {**error.told(), "innerError": inner}}, error.status)

        return answered

    def _caller(self, request: Request) -> Caller:
        audience = f"https://{request.url.hostname}"
        try:
            who = self._control.tokens.verify(request.headers.get("authorization"), (audience,))
        except InvalidTokenError as error:
            raise InvalidAuthenticationTokenError(str(error)) from None
        return Caller(who)

    def _reader(self, request: Request) -> Caller:
        caller = self._caller(request)
        who = caller.principal
        if who.kind != "User" and not self._control.graph_permissions.allow(who):
            raise RequestDeniedError
        return caller

    def _user(self, request: Request) -> Caller:
        caller = self._caller(request)
        if caller.principal.kind != "User":
            raise RequestDeniedError
        return caller

    def _resource(self, resource_id: str) -> Resource:
        found = self._control.resources.find(resource_id)
        if found is None:
            raise MissingObjectError(resource_id.rpartition("/")[2])
        return found

    def _principal(self, request: Request) -> Principal:
        """The service principal that a path names."""
        named, directory = request.path_params, self._control.directory
        wanted = named.get("id") or named["app_id"]
        found = directory.find(wanted) if "id" in named else directory.find_client(wanted)
        if found is None or found.kind not in SERVICE_PRINCIPALS:
            raise MissingObjectError(wanted)
        return found

    def _found(self, request: Request, kind: type[GraphKind]) -> Resource:
        """The application or service principal that a path names, where Graph can change it.

        Raises:
            RequestDeniedError: nobody here made it, so nobody owns it.
        """
        if kind is ServicePrincipal:
            who = self._principal(request)
            found = self._control.resources.find(f"/servicePrincipals/{who.object_id}")
            if found is None:
                raise RequestDeniedError
            return found
        named = request.path_params
        if "id" in named:
            found = self._control.resources.find(f"/applications/{named['id']}")
        else:
            found = find_application(self._control, named["app_id"])
        if found is None:
            raise MissingObjectError(named.get("id") or named["app_id"])
        return found

    def _owner(self, object_id: str) -> Json:
        who = self._control.directory.find(object_id)
        if who is None:
            return {"@odata.type": "#microsoft.graph.directoryObject", "id": object_id}
        return {
            "@odata.type": f"#microsoft.graph.{_TYPES[who.kind]}",
            **self._objects.principal(who),
        }


_TYPES = {
    "User": "user",
    "Group": "group",
    "ServicePrincipal": "servicePrincipal",
    "ManagedIdentity": "servicePrincipal",
}


def _of_types(who: Principal, types: Collection[str]) -> bool:
    return bool(
        {_TYPES[who.kind].lower(), "directoryobject"} & {str(each).lower() for each in types}
    )


def _inputs(body: Json, names: dict[str, str]) -> Json:
    """What azuread's resource has for a body; what is empty and unknown says nothing."""
    for key in body:
        if key not in names and body[key]:
            accepted = ", ".join(sorted(names))
            raise NotEmulatedError("Microsoft Graph", f"found {key!r}, accepted: {accepted}")
    return {names[key]: value for key, value in body.items() if key in names}


def _check(kind: GraphKind, inputs: Json, caller: Caller) -> None:
    given = {key: value for key, value in inputs.items() if value is not None}
    for problem in kind.problems(given, Secrecy(frozenset()), caller):
        message = f"Invalid value specified for property '{problem.path}': {problem.reason}."
        raise BadRequestError(message)


def _listed(name: str, told: Callable[[], list[Json]]) -> Handler:
    async def listed(request: Request, _caller: Caller) -> Response:
        return _list(request, name, told())

    return listed


def _list(request: Request, name: str, told: list[Json]) -> Response:
    found = selected(request.query_params.get("$filter", ""), told)
    return _answer(request, name, {"value": found})


def _entity(request: Request, name: str, told: Json, status: int = 200) -> Response:
    return _answer(request, f"{name}/$entity", told, status)


def _answer(request: Request, name: str, told: Json, status: int = 200) -> Response:
    context = f"https://{request.url.hostname}/v1.0/$metadata#{name}"
    headers = {"odata-version": "4.0"}
    return JSONResponse({"@odata.context": context, **told}, status, headers)


async def _body(request: Request) -> Json:
    try:
        read = strict_json.read(await request.body())
    except ValueError as error:
        raise BadRequestError(f"Unable to read JSON request payload: {error}") from None
    if not isinstance(read, dict):
        raise BadRequestError("Unable to read JSON request payload: an object is needed.")
    return read
