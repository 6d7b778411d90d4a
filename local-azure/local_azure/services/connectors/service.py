"""Connections: which of them may be used, and what was sent through them."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from typing import Any

from local_azure.control_plane.clock import iso
from local_azure.control_plane.hosts import Host
from local_azure.control_plane.messages import Messages
from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.resource_manager.resource_type import ResourceType
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.control_plane.service import Service
from local_azure.services.connectors.errors import (
    ConnectionNotFoundError,
    NotAuthorisedError,
    WrongKeyError,
)
from local_azure.services.connectors.resources import (
    CONNECTION,
    OFFICE_365,
    TYPE,
    authorised,
    is_authorised,
)
from local_azure.services.connectors.routes import Runtime

_MAILS = "mails"
HOST_PATTERN = "logic-apis-{region}.azure-apim.net"


class Connectors(Service):
    """The service.

    Args:
        control: the control plane.
    """

    def __init__(self, control: ControlPlane) -> None:
        self._control = control
        self._key = control.home.secret("connections").encode()
        self._mails = Messages(control.state)

    def hosts(self) -> Iterable[Host]:
        """The connectors' runtime."""
        yield Host([HOST_PATTERN], Runtime(self._check, self._keep).router())

    def types(self) -> Iterable[ResourceType]:
        """Connections."""
        yield CONNECTION

    def runtime(self, connection_id: str) -> tuple[str, str]:
        """Where a workflow's action calls a connection, and the header that lets it in: a secret.

        Raises:
            LookupError: there is no such connection.
        """
        found = self._control.resources.find(connection_id)
        if found is None or found.type != TYPE:
            raise LookupError(connection_id)
        identifier, place = _identifier(found), found.properties["location"]
        host = HOST_PATTERN.replace("{region}", place)
        return f"https://{host}/apim/{OFFICE_365}/{identifier}", self._authorization(identifier)

    def _check(self, identifier: str, authorization: str) -> None:
        """Whether a call may use a connection.

        Raises:
            ConnectorError: it may not, or there is none.
        """
        expected = self._authorization(identifier)
        if not hmac.compare_digest(authorization.encode(), expected.encode()):
            raise WrongKeyError
        found = [each for each in self._connections() if _identifier(each) == identifier]
        if not found:
            raise ConnectionNotFoundError(identifier)
        if not is_authorised(found[0]):
            raise NotAuthorisedError(found[0].name)

    def _keep(self, mail: dict[str, Any]) -> None:
        self._mails.add(_MAILS, mail, self._control.clock.timestamp())

    def sent(self, limit: int) -> list[dict[str, Any]]:
        """The last e-mails, oldest first, each with ``sent``."""
        return self._mails.last(_MAILS, limit, "sent")

    def authorise(self, name: str) -> str:
        """Let a connection be used, as a person does in the portal; its resource id.

        Args:
            name: its name, or its resource id.

        Raises:
            ConnectionNotFoundError: there is none.
        """
        for each in self._connections():
            if name.lower() in {each.name.lower(), each.id.lower()}:
                now = iso(self._control.clock.now())
                self._control.resources.put(authorised(each, now))
                return each.id
        raise ConnectionNotFoundError(name)

    def connections(self) -> list[dict[str, Any]]:
        """The connections, each with whether a person has authorised it."""
        return [
            {"name": each.name, "authorised": is_authorised(each)} for each in self._connections()
        ]

    def _connections(self) -> list[Resource]:
        return self._control.resources.select(TYPE)

    def _authorization(self, identifier: str) -> str:
        return f"Key {hmac.new(self._key, identifier.encode(), hashlib.sha256).hexdigest()}"


def _identifier(connection: Resource) -> str:
    return hashlib.sha256(connection.id.lower().encode()).hexdigest()[:32]
