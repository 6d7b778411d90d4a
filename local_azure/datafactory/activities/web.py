"""The Web activity: one HTTP request whose answer must be a JSON object.

Authentication is by managed identity or none; other kinds fail the activity by name, and so does an
answer 202 with a Location, unless turnOffAsync is set.
Source: D:data-factory/control-flow-web-activity.
"""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from local_azure.datafactory.activities.base import ActivityType
from local_azure.datafactory.activities.policy import POLICY, policy_limit
from local_azure.datafactory.records import ActivityError
from local_azure.datafactory.time_spans import seconds
from local_azure.logic.content import header
from local_azure.logic.environment import IdentityError
from local_azure.logic.transport import ConnectionFailedError, HttpAnswer, HttpRequest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local_azure.datafactory.step import Step
    from local_azure.logic.environment import Environment

_LARGEST = 4 * 1024 * 1024
_DEFAULT_TIMEOUT, _LONGEST = "00:01:00", "00:10:00"


class WebActivity(ActivityType):
    """A request."""

    type = "WebActivity"
    required = frozenset({"method", "url"})
    optional = frozenset(
        {"headers", "body", "authentication", "httpRequestTimeout", "turnOffAsync"}
    )
    policy = POLICY

    def limit(self, step: Step) -> float:
        """The policy's time-out."""
        return policy_limit(step)

    async def run(self, step: Step) -> Any:
        """Send it."""
        return await call(step.record.inputs, step.environment)

    async def resume(self, step: Step) -> Any:
        """Ask again what only asks; what may have acted is never sent twice."""
        if str(step.record.inputs["method"]).upper() == "GET":
            return await self.run(step)
        message = (
            "The process ended while this request was on its way; its answer is lost, and it is "
            "not sent again because it may have done its work."
        )
        raise ActivityError(message, "AnswerLost")


async def call(inputs: Mapping[str, Any], environment: Environment) -> dict[str, Any]:
    """Send the request and return the answer's object.

    Args:
        inputs: the activity's typeProperties, expressions evaluated.
        environment: the world around the run.

    Raises:
        ActivityError: no answer came, or one that is no success or no JSON object of 4 MB at most.
            The code 2108 is Data Factory's for a failed call; the others are UNVERIFIED.
    """
    limit = _timeout(inputs)
    request = _request(inputs, environment)
    try:
        async with environment.clock.timeout(limit):
            answer = await environment.send(request)
    except TimeoutError:
        message = f"No answer came from {request.uri} within {limit:g} seconds."
        raise ActivityError(message, "2108") from None
    except ConnectionFailedError as error:
        message = f"Error calling the endpoint {request.uri}: {error}"
        raise ActivityError(message, "2108") from error
    location = header(answer.headers, "location")
    if answer.status == HTTPStatus.ACCEPTED and location and not inputs.get("turnOffAsync"):
        message = f"Following an answer 202 to {location} is not emulated; set turnOffAsync."
        raise ActivityError(message, "2103")
    return _object(answer)


def _timeout(inputs: Mapping[str, Any]) -> float:
    try:
        limit = seconds(inputs.get("httpRequestTimeout", _DEFAULT_TIMEOUT))
    except ValueError as error:
        raise ActivityError(str(error), "2103") from None
    if not 0 < limit <= seconds(_LONGEST):
        message = f"httpRequestTimeout is {_LONGEST} at most; found {limit:g} seconds."
        raise ActivityError(message, "2103")
    return limit


def _request(inputs: Mapping[str, Any], environment: Environment) -> HttpRequest:
    headers = {name: str(value) for name, value in inputs.get("headers", {}).items()}
    headers |= _authorization(inputs.get("authentication"), environment)
    body = inputs.get("body", "")
    text = body if isinstance(body, str) else json.dumps(body)
    return HttpRequest(str(inputs["method"]), str(inputs["url"]), headers, text.encode())


def _authorization(
    authentication: Mapping[str, Any] | None, environment: Environment
) -> dict[str, str]:
    if authentication is None:
        return {}
    kind = authentication.get("type")
    if kind != "MSI":
        message = f"authentication of type {kind!r} is not emulated; emulated is 'MSI'."
        raise ActivityError(message, "2103")
    try:
        token = environment.identity_token(None, str(authentication.get("resource")))
    except IdentityError as error:
        raise ActivityError(str(error), "2108") from error
    return {"Authorization": f"Bearer {token}"}


def _object(answer: HttpAnswer) -> dict[str, Any]:
    text = answer.body.decode("utf-8", "replace")
    if answer.status // 100 != 2:  # noqa: PLR2004 2xx
        message = f"Invoking the endpoint failed with HTTP status code {answer.status}: {text}"
        raise ActivityError(message, "2108", {"statusCode": answer.status})
    if len(answer.body) > _LARGEST:
        message = f"The answer has {len(answer.body)} bytes; {_LARGEST} are accepted."
        raise ActivityError(message, "2001")
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        message = "The answer is no JSON object."
        raise ActivityError(message, "2001")
    return found
