"""One HTTP request of an action: how it authenticates, its retries, what becomes of the answer.

It authenticates by none, Basic, Raw, OAuth client credentials or a managed identity; client
certificates are declined. Source: D:logic-apps/logic-apps-securing-a-logic-app ("authentication
types for connectors that support authentication").
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from local_azure.control_plane.http_client import status_name
from local_azure.runs.content import decode, header
from local_azure.runs.credentials import LOGIN, basic, key_problems, token_request
from local_azure.runs.environment import REQUEST_TIMEOUT, Environment, IdentityError
from local_azure.runs.retry import RetryPolicy, asked_delay, is_transient, read_policy
from local_azure.runs.transport import ConnectionFailedError, HttpAnswer, HttpRequest
from local_azure.services.logic.records import Outcome, Status, failed

_TIMED_OUT = (
    "Http request failed: the server did not respond within the timeout limit. Please see logic "
    "app limits at https://aka.ms/logic-apps-limits-and-config#http-limits."
)


async def exchange(
    request: HttpRequest, policy: RetryPolicy, environment: Environment
) -> HttpAnswer | Outcome:
    """Send a request, again if the policy says so.

    Returns:
        The last answer, or why none came. Codes of the latter: observed ``BadRequest`` for a
        time-out; ``BadGateway`` for a lost connection is UNVERIFIED.
    """
    retry = 0
    while True:
        found = await _once(request, environment)
        retry += 1
        if not _is_transient(found) or retry > policy.count:
            return found
        await environment.clock.sleep(_delay(found, policy, retry, environment))


async def answered(
    request: HttpRequest, inputs: Mapping[str, Any], environment: Environment
) -> Outcome:
    """How an action ends that sends this request, by the retry policy in its inputs."""
    found = await exchange(request, read_policy(inputs.get("retryPolicy")), environment)
    return found if isinstance(found, Outcome) else outcome_of(found)


def outcome_of(answer: HttpAnswer) -> Outcome:
    """The action's end that an answer means: only a 2xx is a success."""
    code = status_name(answer.status)
    try:
        body = decode(answer.body, header(answer.headers, "content-type"))
    except ValueError:
        body = answer.body.decode("utf-8", "replace")
    outputs: dict[str, Any] = {"statusCode": answer.status, "headers": dict(answer.headers)}
    if body is not None:
        outputs["body"] = body
    ended = Status.SUCCEEDED if answer.status // 100 == 2 else Status.FAILED  # noqa: PLR2004 2xx
    return Outcome(ended, code, outputs)


async def _once(request: HttpRequest, environment: Environment) -> HttpAnswer | Outcome:
    try:
        async with environment.clock.timeout(REQUEST_TIMEOUT):
            return await environment.send(request)
    except TimeoutError:
        return failed("BadRequest", _TIMED_OUT)
    except ConnectionFailedError as error:
        return failed("BadGateway", f"Http request failed as there is an error: '{error}'.")


def _is_transient(found: HttpAnswer | Outcome) -> bool:
    return is_transient(found.status) if isinstance(found, HttpAnswer) else True


def _delay(
    found: HttpAnswer | Outcome, policy: RetryPolicy, retry: int, environment: Environment
) -> float:
    asked = None
    if isinstance(found, HttpAnswer):
        asked = asked_delay(found, environment.clock.now())
    return policy.delay(retry) if asked is None else asked


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
