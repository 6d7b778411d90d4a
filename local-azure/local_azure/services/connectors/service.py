"""Connections: which of them may be used, what their runtime answers, what was sent through them.

That is sending an e-mail, and nothing else. Source of the operation and its fields:
learn.microsoft.com, connectors/office365, "Send an email (V2)".
"""

import hashlib
import hmac
from collections.abc import Iterable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from local_azure.control_plane import strict_json
from local_azure.control_plane.clock import iso
from local_azure.control_plane.hosts import Host
from local_azure.control_plane.messages import Messages
from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.resource_manager.resource_type import ResourceType
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.control_plane.service import Service
from local_azure.control_plane.web import router
from local_azure.services.connectors.errors import (
    BadMailError,
    ConnectionNotFoundError,
    NotAuthorisedError,
    UnknownConnectionError,
    WrongKeyError,
)
from local_azure.services.connectors.resources import (
    CONNECTION,
    OFFICE_365,
    TYPE,
    authorised,
    is_authorised,
)

MAIL_PATH = "/v2/Mail"
_REQUIRED = ("To", "Subject", "Body")
_TEXTS = (*_REQUIRED, "Cc", "Bcc", "ReplyTo", "Importance")
_IMPORTANCES = ("Low", "Normal", "High")


async def _mail(request: Request) -> dict[str, Any]:
    try:
        mail = strict_json.read(await request.body())
    except ValueError:
        raise BadMailError("The body is no JSON.") from None
    if not isinstance(mail, dict):
        raise BadMailError("The body is a JSON object.")
    if problems := [*_missing(mail), *_wrong(mail)]:
        raise BadMailError(" ".join(problems))
    return {**mail, "To": [each.strip() for each in mail["To"].split(";") if each.strip()]}


def _missing(mail: dict[str, Any]) -> list[str]:
    return [f"{key} is required." for key in _REQUIRED if not mail.get(key)]


def _wrong(mail: dict[str, Any]) -> list[str]:
    problems = [
        f"{key} is not emulated; accepted: {', '.join(_TEXTS)}." for key in mail.keys() - {*_TEXTS}
    ]
    problems += [
        f"{key} is text." for key in _TEXTS if key in mail and not isinstance(mail[key], str)
    ]
    if mail.get("Importance", "Normal") not in _IMPORTANCES:
        problems.append(f"Importance is one of {', '.join(_IMPORTANCES)}.")
    addresses = str(mail.get("To", "")).split(";")
    problems += [f"{each!r} is no address." for each in addresses if each and "@" not in each]
    return sorted(problems)


_MAILS = "mails"
HOST_PATTERN = "logic-apis-{region}.azure-apim.net"


class Connectors(Service):
    """The service."""

    def __init__(self, control: ControlPlane) -> None:
        self._control = control
        self._key = control.home.secret("connections").encode()
        self._mails = Messages(control.state)

    def hosts(self) -> Iterable[Host]:
        """The connectors' runtime."""
        path = f"/apim/{OFFICE_365}/{{connection}}{MAIL_PATH}"
        only = f"sending an e-mail (POST {MAIL_PATH} of {OFFICE_365}) is emulated"
        routes = [Route(path, self._send, methods=["POST"])]
        yield Host([HOST_PATTERN], router(routes, "A connector", only))

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

    async def _send(self, request: Request) -> Response:
        given = request.headers.get("authorization", "")
        self._check(request.path_params["connection"], given)
        mail = await _mail(request)
        self._mails.add(_MAILS, mail, self._control.clock.timestamp())
        return Response(status_code=200)

    def sent(self, limit: int) -> list[dict[str, Any]]:
        """The last e-mails, oldest first, each with ``sent``."""
        return self._mails.last(_MAILS, limit, "sent")

    def authorise(self, name: str) -> str:
        """Let a connection be used, as a person does in the portal; its resource id.

        Args:
            name: its name, or its resource id.

        Raises:
            UnknownConnectionError: there is none.
        """
        for each in self._connections():
            if name.lower() in {each.name.lower(), each.id.lower()}:
                now = iso(self._control.clock.now())
                self._control.resources.put(authorised(each, now))
                return each.id
        known = ", ".join(each.name for each in self._connections())
        raise UnknownConnectionError(name, known or "none")

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
