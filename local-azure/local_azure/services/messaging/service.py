"""Event Hubs and Service Bus: who may send where, and what was sent."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from local_azure.control_plane import arm_types
from local_azure.control_plane.authorization.errors import AuthorizationFailedError
from local_azure.control_plane.clouds import CLOUDS, MESSAGING_AUDIENCES
from local_azure.control_plane.entra.directory import Principal
from local_azure.control_plane.entra.errors import InvalidTokenError
from local_azure.control_plane.hosts import Host
from local_azure.control_plane.messages import Messages
from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.resource_manager.resource_type import ResourceType
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.control_plane.service import Service
from local_azure.control_plane.web import router, unheeded
from local_azure.services.messaging.entities import EVENT_HUB_TYPE, QUEUE_TYPE, TOPIC_TYPE
from local_azure.services.messaging.errors import (
    EntityNotFoundError,
    NamespaceNotFoundError,
    NotEmulatedError,
    UnauthorizedError,
)
from local_azure.services.messaging.sending import messages, most_bytes


class Messaging(Service):
    """The service.

    Args:
        control: the control plane.
    """

    def __init__(self, control: ControlPlane) -> None:
        self._control = control
        self._messages = Messages(control.state)

    def hosts(self) -> Iterable[Host]:
        """The namespaces' own."""
        patterns = [f"{{namespace}}.{cloud.messaging}" for cloud in CLOUDS]
        route = Route("/{entity}/messages", self._send, methods=["POST"])
        only = "it takes messages (POST /<name>/messages)"
        yield Host(patterns, router([route], "A namespace of Event Hubs or Service Bus", only))

    def types(self) -> Iterable[ResourceType]:
        """The messages of what is deleted are gone with it."""
        for kind in (EVENT_HUB_TYPE, QUEUE_TYPE, TOPIC_TYPE):
            yield replace(kind, forget=lambda _, entity: self.forget(entity.id))

    def last(self, entity_id: str, limit: int) -> list[dict[str, Any]]:
        """The last messages of an event hub, queue or topic, oldest first."""
        return self._messages.last(entity_id, limit)

    def forget(self, entity_id: str) -> None:
        """Remove the messages of what is deleted."""
        self._messages.forget(entity_id)

    async def _send(self, request: Request) -> Response:
        host, name = request.url.hostname or "", request.path_params["entity"]
        # Nothing here takes as long as a time-out may say.
        if parameter := unheeded(request, "timeout"):
            raise NotEmulatedError(f"The query's parameter {parameter!r} is not emulated.")
        namespace = self._namespace(host)
        gone, too_large = (404, 413) if namespace.type == arm_types.EVENT_HUBS else (410, 403)
        caller = self._caller(host, request.headers.get("authorization"))
        entity = self._entity(namespace, name)
        if entity is None:
            raise EntityNotFoundError(host, name, gone)
        self._authorize(caller, namespace, entity)
        sent = await messages(request, most_bytes(entity, namespace), too_large)
        now = self._control.clock.timestamp()
        with self._control.state.transaction():
            for message in sent:
                self._messages.add(entity.id, message, now)
        return Response(status_code=201, media_type="application/xml")

    def _authorize(self, caller: Principal, namespace: Resource, entity: Resource) -> None:
        action = f"{namespace.type}/messages/send/action"
        try:
            self._control.authorization.authorize(caller, action, entity.id, data=True)
        except AuthorizationFailedError as refusal:
            message = f"'Send' claim(s) are required to perform this operation. {refusal}"
            raise UnauthorizedError(message) from None

    def _namespace(self, host: str) -> Resource:
        for arm_type in (arm_types.EVENT_HUBS, arm_types.SERVICE_BUS):
            found = self._control.resources.named(arm_type, host.partition(".")[0])
            if found and urlsplit(found.properties["serviceBusEndpoint"]).hostname == host:
                return found
        raise NamespaceNotFoundError(host)

    def _entity(self, namespace: Resource, name: str) -> Resource | None:
        kinds = ("eventhubs",) if namespace.type == arm_types.EVENT_HUBS else ("queues", "topics")
        found = (self._control.resources.find(f"{namespace.id}/{kind}/{name}") for kind in kinds)
        return next((each for each in found if each), None)

    def _caller(self, host: str, authorization: str | None) -> Principal:
        try:
            return self._control.tokens.verify(
                authorization, (*MESSAGING_AUDIENCES, f"https://{host}")
            )
        except InvalidTokenError as error:
            raise UnauthorizedError(str(error)) from None
