"""One HTTP request of an action with its retries, and what the action makes of the answer."""

from typing import Any

from local_azure.control_plane.http_client import status_name
from local_azure.runs.content import decode, header
from local_azure.runs.environment import REQUEST_TIMEOUT, Environment
from local_azure.runs.retry import RetryPolicy, asked_delay, is_transient
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
