"""How an HTTP action authenticates: none, Basic, Raw, OAuth client credentials, managed identity.

Client certificates are declined. Source: D:logic-apps/logic-apps-securing-a-logic-app
("authentication types for connectors that support authentication").
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from local_azure.runs.credentials import LOGIN, basic, key_problems, token_request
from local_azure.runs.environment import Environment, IdentityError
from local_azure.runs.retry import RetryPolicy
from local_azure.services.logic.exchange import exchange
from local_azure.services.logic.records import Outcome

_OK = 200
# Keys by type: those that it must have, and those that it may have.
_KEYS = {
    "None": (frozenset(), frozenset()),
    "Basic": (frozenset({"username", "password"}), frozenset()),
    "Raw": (frozenset({"value"}), frozenset()),
    "ManagedServiceIdentity": (frozenset({"audience"}), frozenset({"identity"})),
    "ActiveDirectoryOAuth": (
        frozenset({"tenant", "audience", "clientId", "secret"}),
        frozenset({"authority", "credentialType"}),
    ),
}


class AuthenticationError(Exception):
    """No credential could be had.

    Attributes:
        code: the action's error code.
    """

    def __init__(self, message: str, code: str = "Unauthorized") -> None:
        super().__init__(message)
        self.code = code


def authentication_problems(document: Any) -> Iterator[str]:
    """What is wrong with an action's ``authentication``."""
    if isinstance(document, str):
        return
    kind = document.get("type") if isinstance(document, dict) else None
    if not isinstance(kind, str) or kind not in _KEYS:
        yield f"authentication's type is one of {', '.join(_KEYS)}; found {kind!r}"
        return
    yield from key_problems(document, *_KEYS[kind])
    if document.get("credentialType", "Secret") != "Secret":
        yield f"credentialType is 'Secret'; found {document['credentialType']!r} (not emulated)"


async def authorization(
    document: Mapping[str, Any] | None, environment: Environment
) -> dict[str, str]:
    """The headers that authenticate a request.

    Raises:
        AuthenticationError: when no credential could be had.
    """
    if document is None or document == {"type": "None"}:
        return {}
    is_object = isinstance(document, dict)
    wrong = list(authentication_problems(document)) if is_object else ["it is no object"]
    if wrong:
        message = f"The action's authentication can't be used: {'; '.join(wrong)}."
        raise AuthenticationError(message, "InvalidTemplate")
    kind = document["type"]
    if kind == "Basic":
        return basic(document["username"], document["password"])
    if kind == "Raw":
        return {"Authorization": str(document["value"])}
    if kind == "ManagedServiceIdentity":
        return {"Authorization": f"Bearer {_identity_token(document, environment)}"}
    return {"Authorization": f"Bearer {await _application_token(document, environment)}"}


def _identity_token(document: Mapping[str, Any], environment: Environment) -> str:
    try:
        return environment.identity_token(document.get("identity"), str(document["audience"]))
    except IdentityError as error:
        raise AuthenticationError(str(error), "WorkflowManagedIdentityNotSpecified") from error


async def _application_token(document: Mapping[str, Any], environment: Environment) -> str:
    authority = str(document.get("authority") or LOGIN).rstrip("/")
    client = (str(document["clientId"]), str(document["secret"]))
    tenant, audience = str(document["tenant"]), str(document["audience"])
    request = token_request(authority, tenant, client, audience)
    answer = await exchange(request, RetryPolicy(), environment)
    if isinstance(answer, Outcome):
        raise AuthenticationError(str((answer.error or {}).get("message")), answer.code)
    if answer.status != _OK:
        raise AuthenticationError(f"The token endpoint of {authority} answered {answer.status}.")
    return str(json.loads(answer.body)["access_token"])
