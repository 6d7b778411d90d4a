"""What the connectors' runtime answers: sending an e-mail (V2), and nothing else.

Source of the operation and its fields: learn.microsoft.com, connectors/office365, "Send an email
(V2)".
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, Router

from local_azure.control_plane import strict_json
from local_azure.control_plane.web import router
from local_azure.services.connectors.errors import (
    BadMailError,
    ConnectorError,
)

MAIL_PATH = "/v2/Mail"
_REQUIRED = ("To", "Subject", "Body")
_TEXTS = (*_REQUIRED, "Cc", "Bcc", "ReplyTo", "Importance")
_IMPORTANCES = ("Low", "Normal", "High")


class Runtime:
    """The host that actions of the type ApiConnection call.

    Args:
        check: refuses a call of a connection (its identifier) with the wrong key.
        keep: keeps an e-mail.
    """

    def __init__(
        self, check: Callable[[str, str], None], keep: Callable[[dict[str, Any]], None]
    ) -> None:
        self._check = check
        self._keep = keep

    def router(self) -> Router:
        """The table of routes."""
        path = f"/apim/office365/{{connection}}{MAIL_PATH}"
        only = f"sending an e-mail (POST {MAIL_PATH} of office365) is emulated"
        return router([Route(path, self._send, methods=["POST"])], "A connector", only)

    async def _send(self, request: Request) -> Response:
        given = request.headers.get("authorization", "")
        try:
            self._check(request.path_params["connection"], given)
            self._keep(await _mail(request))
        except ConnectorError as error:
            return error.response()
        return Response(status_code=200)


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
