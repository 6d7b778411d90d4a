"""What authenticates a request: a user's name and password, or a service principal's token."""

import base64
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlencode

from local_azure.runs.transport import HttpRequest

LOGIN = "https://login.microsoftonline.com"
"""The public cloud's login host."""


def basic(username: Any, password: Any) -> dict[str, str]:
    """The header of a user."""
    pair = f"{username}:{password}".encode()
    return {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}


def token_request(
    authority: str, tenant: str, client: tuple[str, str], resource: str
) -> HttpRequest:
    """The request for a service principal's token; the client is its id and its secret."""
    form = {
        "grant_type": "client_credentials",
        "client_id": client[0],
        "client_secret": client[1],
        "resource": resource,
    }
    return HttpRequest(
        "POST",
        f"{authority}/{quote(tenant, safe='')}/oauth2/token",
        {"Content-Type": "application/x-www-form-urlencoded"},
        urlencode(form).encode(),
    )


def key_problems(
    document: Mapping[str, Any],
    required: frozenset[str],
    optional: frozenset[str] = frozenset(),
) -> Iterator[str]:
    """What an ``authentication`` of a known type lacks or has too much."""
    kind = document["type"]
    for key in sorted(required - set(document)):
        yield f"authentication of type {kind} needs {key!r}"
    for key in sorted(set(document) - required - optional - {"type"}):
        yield f"authentication of type {kind} has no {key!r}"
