"""Tokens for what an activity calls: of an identity of the factory, or of a service principal."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from local_azure import strict_json
from local_azure.datafactory.records import ActivityError
from local_azure.runs.environment import IdentityError
from local_azure.runs.transport import ConnectionFailedError, HttpAnswer, HttpRequest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local_azure.datafactory.step import Step

ASKED_WRONG, CALL_FAILED = "2103", "2108"
"""Error codes: of an activity that is declared wrong (UNVERIFIED), and of a call that failed."""
_LOGIN = "https://login.microsoftonline.com"


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
    form = {
        "grant_type": "client_credentials",
        "client_id": client[0],
        "client_secret": client[1],
        "resource": resource,
    }
    request = HttpRequest(
        "POST",
        f"{_LOGIN}/{quote(tenant, safe='')}/oauth2/token",
        {"Content-Type": "application/x-www-form-urlencoded"},
        urlencode(form).encode(),
    )
    try:
        answer = await step.environment.send(request)
    except ConnectionFailedError as error:
        message = f"No token could be had from {_LOGIN}: {error}"
        raise ActivityError(message, CALL_FAILED) from error
    if answer.status != HTTPStatus.OK:
        message = f"{_LOGIN} gave the service principal {client[0]} no token ({answer.status})."
        raise ActivityError(message, CALL_FAILED)
    return member(answer, "access_token", _LOGIN)


def member(answer: HttpAnswer, name: str, whose: str) -> str:
    """A text that an answer holds.

    Raises:
        ActivityError: the answer is no JSON object with that text.
    """
    try:
        found = strict_json.read(answer.body)[name]
    except (ValueError, LookupError, TypeError):
        found = None
    if not isinstance(found, str):
        message = f"The answer of {whose} has no {name!r}."
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
