"""Tokens for what an activity calls: of an identity of the factory, or of a service principal."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from local_azure.control_plane import strict_json
from local_azure.runs.credentials import LOGIN, token_request
from local_azure.runs.environment import IdentityError
from local_azure.runs.transport import ConnectionFailedError
from local_azure.services.datafactory.records import ActivityError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local_azure.runs.transport import HttpRequest
    from local_azure.services.datafactory.step import Step

ASKED_WRONG, CALL_FAILED = "2103", "2108"
"""Error codes: of an activity that is declared wrong (UNVERIFIED), and of a call that failed."""


def identity_token(step: Step, resource: str, credential: Mapping[str, Any] | None = None) -> str:
    """A token of the factory's own identity, or of the user-assigned one of a credential.

    Raises:
        ActivityError: the factory has no such identity, or it gets no token.
    """
    try:
        return step.environment.identity_token(_identity(step, credential), resource)
    except IdentityError as error:
        raise ActivityError(str(error), CALL_FAILED) from error


async def application_token(step: Step, tenant: str, client: tuple[str, str], resource: str) -> str:
    """A token of a service principal, from the public cloud's login host.

    Args:
        step: the activity.
        tenant: its tenant.
        client: its id and its secret.
        resource: what the token is for.

    Raises:
        ActivityError: it gets none.
    """
    request = token_request(LOGIN, tenant, client, resource)
    what = f"the service principal {client[0]} a token"
    return await fetched(step, request, "access_token", LOGIN, what)


async def fetched(
    step: Step,
    request: HttpRequest,
    key: str,
    whose: str,
    what: str,
    via: Mapping[str, Any] | None = None,
) -> str:
    """A text of the JSON object that a request is answered with.

    Args:
        step: the activity.
        request: the request.
        key: where the text stands in the object.
        whose: who is asked, for messages.
        what: what is asked for, for messages.
        via: a reference to the integration runtime that it is asked from.

    Raises:
        ActivityError: it is not given.
    """
    try:
        answer = await step.send(request, via)
    except ConnectionFailedError as error:
        message = f"{whose} can't be reached: {error}"
        raise ActivityError(message, CALL_FAILED) from error
    if answer.status != HTTPStatus.OK:
        message = f"{whose} did not give {what} ({answer.status})."
        raise ActivityError(message, CALL_FAILED)
    try:
        found = strict_json.read(answer.body)[key]
    except (ValueError, LookupError, TypeError):
        found = None
    if not isinstance(found, str):
        message = f"The answer of {whose} has no {key!r}."
        raise ActivityError(message, CALL_FAILED)
    return found


def _identity(step: Step, credential: Mapping[str, Any] | None) -> str | None:
    if credential is None:
        return None
    name = str(credential["referenceName"])
    try:
        return step.run.factory.credential(name)
    except LookupError:
        message = f"The factory has no credential {name!r}."
        raise ActivityError(message, ASKED_WRONG) from None
