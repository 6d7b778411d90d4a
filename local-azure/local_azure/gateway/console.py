"""The console: plain HTTP on loopback for what Azure itself has no API for.

Moving the clock and asking for faults (both need the console's key), and the managed-identity
endpoint that Azure puts beside a running process (App Service's protocol, D:app-service/
overview-managed-identity, each identity with a header of its own).
"""

import hmac
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from inspect import isawaitable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, Router

from local_azure.azure import Azure
from local_azure.control_plane import strict_json
from local_azure.control_plane.authorization.roles import by_name
from local_azure.control_plane.entra.directory import Principal
from local_azure.control_plane.entra.errors import EntraError
from local_azure.control_plane.entra.graph import ALL, OWNED_BY
from local_azure.control_plane.faults import Fault
from local_azure.control_plane.tenant import DEPLOYER, SUBSCRIPTION
from local_azure.gateway.listing import ListingError, listing
from local_azure.home import identity_header
from local_azure.pulumi.azuread import Application, ServicePrincipal
from local_azure.services.connectors.errors import ConnectionNotFoundError
from local_azure.services.datafactory.resources.factory import FACTORY
from local_azure.services.eventgrid.trial import NoEventError
from local_azure.services.machinelearning.news import DriftError
from local_azure.services.receivers import service as receivers
from local_azure.tracing.model import Trace
from local_azure.tracing.query import NoTraceError, Wanted

Handler = Callable[[Any], Any]
"""Takes the body of a POST, else the query; what it gives, or awaits, is answered as JSON."""

_log = logging.getLogger(__name__)
_FAR_AWAY = datetime(9999, 1, 1, tzinfo=UTC)


class NotTakenError(Exception):
    """What the console itself refuses."""


_REFUSALS = (
    ConnectionNotFoundError,
    DriftError,
    ListingError,
    NoEventError,
    NoTraceError,
    NotTakenError,
    receivers.ReceiverError,
)


class Console:
    """What the console answers.

    Args:
        azure: the services.
        key: opens the console; every request carries it as ``x-console-key``.
    """

    def __init__(self, azure: Azure, key: str) -> None:
        self._azure = azure
        self._key = key

    def routes(self) -> Router:
        """The console's routes."""
        azure, connectors = self._azure, self._azure.connectors
        table: list[tuple[str, str, Handler]] = [
            ("GET", "/clock", lambda _: self._clock()),
            ("POST", "/clock/advance", self._advance),
            ("GET", "/faults", lambda _: azure.faults.told()),
            ("POST", "/faults", self._add_fault),
            ("DELETE", "/faults", lambda _: self._clear_faults()),
            ("POST", "/principals", self._principals),
            ("GET", "/runs", lambda asked: self._runs(_limit(asked))),
            ("GET", "/traces", self._traces),
            ("GET", "/trace", self._trace),
            ("GET", "/networks", lambda _: self._networks()),
            ("GET", "/factories", lambda _: self._factories()),
            ("GET", "/messages", lambda asked: listing(azure, asked["entity"], _limit(asked))),
            ("GET", "/receivers", lambda _: self._receivers()),
            ("POST", "/receivers", self._add_receiver),
            ("GET", "/mails", lambda asked: connectors.sent(_limit(asked))),
            ("GET", "/connections", lambda _: connectors.connections()),
            ("POST", "/connections/authorise", self._authorise),
            ("GET", "/dispatches", lambda asked: azure.github.dispatched(_limit(asked))),
            ("POST", "/try-event", azure.eventgrid.try_events),
            ("POST", "/replay", azure.eventgrid.replay),
            ("POST", "/drift", lambda asked: azure.machinelearning.news.raise_drift(**asked)),
        ]
        return Router(
            [
                *(Route(path, self._keyed(handler), methods=[m]) for m, path, handler in table),
                Route("/identity/{object_id}/token", self._identity),
            ]
        )

    def identity_header(self, object_id: str) -> str:
        """What ``X-IDENTITY-HEADER`` must be for a token of this managed identity."""
        return identity_header(self._key, object_id)

    def _clock(self) -> Any:
        clock = self._azure.clock
        return {"now": clock.now().isoformat(), "advanced": clock.advanced}

    def _advance(self, asked: Any) -> Any:
        self._azure.advance(timedelta(seconds=asked["seconds"]))
        return self._clock()

    def _add_fault(self, asked: Any) -> Any:
        try:
            fault = Fault(**asked)
        except ValueError as error:
            raise NotTakenError(error) from None
        if "*" not in fault.host and self._azure.hosts.find(fault.host) is None:
            raise NotTakenError(
                f"host: found {fault.host!r}, which nothing answers for; accepted: a host name "
                "alone or a pattern, such as '*.inference.ml.azure.com' (a receiver's from "
                "`act receive` on)."
            )
        self._azure.faults.add(fault)
        return self._azure.faults.told()

    def _clear_faults(self) -> Any:
        self._azure.faults.clear()
        return self._azure.faults.told()

    def _principals(self, people: Any) -> Any:
        """Let the people exist whom a stack file names, and tell how each signs in here."""
        try:
            with self._azure.state.transaction():
                return [self._introduce(person) for person in people]
        except ValueError as error:
            raise NotTakenError(error) from None

    def _introduce(self, person: dict[str, Any]) -> dict[str, str]:
        object_id = person["object_id"].lower()
        directory = self._azure.directory
        known = directory.find(object_id)
        if known is None or known.client_id == object_id:  # nobody but who stack files name
            name = f"{person['type']} {object_id[:8]}"
            known = Principal(object_id, object_id, person["type"], name)
        directory.add(known)
        if "roles" in person:
            self._give_roles(object_id, person["roles"])
        # The deployer has its permission from the start, and not by an introduction.
        if "graph" in person and object_id != DEPLOYER.object_id:
            self._give_permissions(object_id, person["graph"])
        if before := person.get("successor_of"):
            self._share_applications(before, object_id)
        client_id = known.client_id or object_id
        # Always the same secret: a shell that was given it before goes on working.
        secret = self.identity_header(f"credential of {object_id}")
        directory.add_secret(client_id, f"console {object_id}", secret, _FAR_AWAY)
        return {"object_id": object_id, "client_id": client_id, "client_secret": secret}

    def _share_applications(self, owner: str, successor: str) -> None:
        """What somebody owns in the directory, the successor owns too, as a person would see to."""
        resources = self._azure.resources
        for kind in (Application, ServicePrincipal):
            for found in resources.select(kind.pulumi_type):
                owners = found.properties.get("owners", [])
                if owner in owners and successor not in owners:
                    told = {**found.properties, "owners": [*owners, successor]}
                    resources.put(replace(found, properties=told))

    def _give_roles(self, object_id: str, roles: Collection[str]) -> None:
        """These roles, and none that an earlier introduction gave."""
        if unknown := set(roles) - set(by_name()):
            message = f"roles: found {sorted(unknown)}, accepted: {', '.join(sorted(by_name()))}"
            raise ValueError(message)
        authorization = self._azure.authorization
        for role, definition in by_name().items():
            assignment = f"{SUBSCRIPTION}/{object_id}-{role}"
            if role in roles:
                authorization.assign(assignment, object_id, definition, SUBSCRIPTION)
            else:
                authorization.unassign(assignment)

    def _give_permissions(self, object_id: str, permissions: Collection[str]) -> None:
        held = self._azure.graph_permissions
        for permission in {OWNED_BY, ALL} - set(permissions):
            held.revoke(object_id, permission)
        for permission in permissions:
            held.grant(object_id, permission)

    def _runs(self, limit: int) -> Any:
        azure = self._azure
        return {
            "events": azure.eventgrid.history(limit),
            "workflow_runs": azure.logic.runs.latest(limit),
            "pipeline_runs": azure.datafactory.history(limit),
            "jobs": azure.machinelearning.history(limit),
        }

    async def _traces(self, asked: Any) -> Any:
        """The rows of traces; see ``tracing.model``."""
        changes = self._azure.state.changes
        if asked.get("unless") == str(changes):
            return {"changes": changes, "traces": None}
        words = {key: asked[key] for key in ("containing", "state", "until") if key in asked}
        found = await self._azure.traces.latest(Wanted(_limit(asked), **words))
        told = Trace.as_json if "spans" in asked else Trace.row
        return {"changes": changes, "traces": [told(each) for each in found]}

    async def _trace(self, asked: Any) -> Any:
        return (await self._azure.traces.one(asked["id"])).as_json()

    def _receivers(self) -> Any:
        shown = ("url", "status", "handshake")
        return [{key: getattr(each, key) for key in shown} for each in self._azure.handlers.all()]

    def _add_receiver(self, asked: Any) -> Any:
        """One more, or another in its place."""
        self._azure.handlers.put(receivers.read(asked))
        return self._receivers()

    def _authorise(self, asked: Any) -> Any:
        """What a person does in the portal once: sign in for a connection."""
        return {"id": self._azure.connectors.authorise(asked["connection"])}

    def _networks(self) -> list[str]:
        """The virtual networks, by their ids."""
        return [
            each.id for each in self._azure.resources.select("Microsoft.Network/virtualNetworks")
        ]

    def _factories(self) -> Any:
        """The data factories, with the principals that they can call others as."""
        found = self._azure.resources.select(FACTORY.arm_type)
        return [{"name": f.name, "identity": f.properties.get("identity") or {}} for f in found]

    async def _identity(self, request: Request) -> Response:
        object_id = request.path_params["object_id"]
        given = request.headers.get("x-identity-header", "")
        if not _same(given, self.identity_header(object_id)):
            return _closed()
        principal = self._azure.directory.find(object_id)
        resource = request.query_params.get("resource", "")
        if principal is None:
            return JSONResponse({"statusCode": 400, "message": "No such identity."}, 400)
        try:
            token = self._azure.tokens.issue(principal, resource)
        except EntraError as error:
            return JSONResponse({"statusCode": 400, "message": error.description}, 400)
        return JSONResponse(
            {
                "access_token": token.value,
                "expires_on": str(token.expires_on),
                "resource": resource,
                "token_type": "Bearer",
                "client_id": principal.client_id,
            }
        )

    def _keyed(self, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        """The door of all of them: who has no key, and what can't be read or done, is refused."""

        async def keyed(request: Request) -> Response:
            if not _same(request.headers.get("x-console-key", ""), self._key):
                return _closed()
            try:
                posted = request.method == "POST"
                asked = strict_json.read(await request.body()) if posted else request.query_params
                answer = handler(asked)
                return JSONResponse(await answer if isawaitable(answer) else answer)
            except _REFUSALS as error:
                return _refused(str(error))
            except (ValueError, LookupError, TypeError, AttributeError, OverflowError) as error:
                _log.warning("refused", exc_info=True)
                return _refused(f"That is nothing that the console takes: {error!r}", 400)

        return keyed


def _same(given: str, expected: str) -> bool:
    # Headers may have any byte, and of text only ASCII is compared.
    return hmac.compare_digest(given.encode(), expected.encode())


def _limit(asked: Mapping[str, str]) -> int:
    return int(asked.get("limit", "20"))


def _refused(message: str, status: int = 409) -> Response:
    return JSONResponse({"error": {"code": "Refused", "message": message}}, status)


def _closed() -> Response:
    return JSONResponse({"error": {"code": "Forbidden", "message": "The key is missing."}}, 403)
