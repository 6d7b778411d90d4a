"""The Web activity: one HTTP request whose answer must be a JSON object.

An answer 202 with a Location is followed by GET until another one comes, unless ``turnOffAsync``.
The output is the answer's own keys, its headers and what the activity used; where it failed, the
last alone. Source: D:data-factory/control-flow-web-activity; public reports for the output.
"""

import math
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar
from urllib.parse import urlsplit

from local_azure.control_plane import strict_json
from local_azure.control_plane.http_client import status_name
from local_azure.runs.retry import next_place
from local_azure.runs.transport import ConnectionFailedError, HttpAnswer, HttpRequest
from local_azure.services.datafactory.activities.authentication import (
    ASKED_WRONG,
    CALL_FAILED,
    authentication_problems,
    authorization,
)
from local_azure.services.datafactory.activities.base import ActivityType
from local_azure.services.datafactory.activities.conversion import (
    POLICY,
    duration,
    is_reference,
    text,
)
from local_azure.services.datafactory.records import ActivityError
from local_azure.services.datafactory.references import DEFAULT_RUNTIME
from local_azure.services.datafactory.step import Step

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_WITH_BODY = ("POST", "PUT", "PATCH")
_LARGEST = 4 * 1024 * 1024
_TIMEOUT, _LONGEST = "00:01:00", "00:10:00"
_NO_OBJECT = "2001"
_RUNTIME = "IntegrationRuntimeReference"


class WebActivity(ActivityType):
    """A request."""

    type = "WebActivity"
    required = frozenset({"method", "url"})
    optional = frozenset(
        {"headers", "body", "authentication", "httpRequestTimeout", "turnOffAsync", "connectVia"}
    )
    harmless: ClassVar = {
        "datasets": ([],),
        "linkedServices": ([],),
        "disableCertValidation": (False,),
    }
    policy = POLICY

    def problems(self, activity: Mapping[str, Any], _pipeline: Mapping[str, Any]) -> Iterator[str]:
        """What is wrong with the method, the body, or the authentication."""
        properties = activity["typeProperties"]
        method = str(properties.get("method", "GET")).upper()
        if method not in _METHODS and not method.startswith("@"):
            yield f"the method is one of {', '.join(_METHODS)}; found {properties['method']!r}"
        if method in _WITH_BODY and "body" not in properties:
            yield f"a {method} needs a 'body'"
        if not isinstance(properties.get("turnOffAsync", False), bool):
            yield f"turnOffAsync is true or false; found {properties['turnOffAsync']!r}"
        if not isinstance(properties.get("headers", {}), dict):
            yield f"headers is an object; found {properties['headers']!r}"
        if "connectVia" in properties and not is_reference(properties["connectVia"], _RUNTIME):
            yield f"connectVia is a reference of the type {_RUNTIME}"
        if "authentication" in properties:
            yield from authentication_problems(properties["authentication"])

    def inputs(self, step: Step) -> Any:
        """The request; its method in capitals."""
        found = super().inputs(step)
        method = str(found["method"]).upper()
        if method not in _METHODS:
            message = f"The method is one of {', '.join(_METHODS)}; found {found['method']!r}."
            raise ActivityError(message, ASKED_WRONG)
        return {**found, "method": method}

    async def run(self, step: Step) -> Any:
        """Send it, and follow its answer."""
        inputs = step.record.inputs
        try:
            answer = await _exchange(step, inputs["method"], str(inputs["url"]))
            if not inputs.get("turnOffAsync"):
                answer = await _followed(step, answer)
            found = _object(answer)
        except ActivityError as failure:
            failure.output = _used(step)
            raise
        return {**found, "ADFWebActivityResponseHeaders": dict(answer.headers), **_used(step)}

    async def resume(self, step: Step) -> Any:
        """Ask again what only asks; what may have acted is never sent twice."""
        if step.record.inputs["method"] == "GET":
            return await self.run(step)
        message = (
            "The process ended while this request was on its way; its answer is lost, and it is "
            "not sent again because it may have done its work."
        )
        raise ActivityError(message, "AnswerLost")


def _used(step: Step) -> dict[str, Any]:
    """What the activity used; begun minutes are billed."""
    hours = max(1, math.ceil(step.elapsed() / 60)) / 60
    via = (step.record.inputs.get("connectVia") or {}).get("referenceName", DEFAULT_RUNTIME)
    meter = "AzureIR" if via == DEFAULT_RUNTIME else "ManagedVNetIR"  # the latter is UNVERIFIED
    return {
        "effectiveIntegrationRuntime": via,
        "executionDuration": round(step.elapsed()),
        "durationInQueue": {"integrationRuntimeQueue": 0},
        "billingReference": {
            "activityType": "ExternalActivity",
            "billableDuration": [{"meterType": meter, "duration": hours, "unit": "Hours"}],
        },
    }


async def _exchange(step: Step, method: str, url: str, *, asks: bool = False) -> HttpAnswer:
    inputs = step.record.inputs
    limit = duration(inputs.get("httpRequestTimeout", _TIMEOUT), "httpRequestTimeout", _LONGEST)
    try:
        async with step.environment.clock.timeout(limit):
            request = await _request(step, method, url, asks=asks)
            return await step.send(request, inputs.get("connectVia"))
    except TimeoutError:
        message = f"No answer came from {url} within {limit:g} seconds."
        raise ActivityError(message, CALL_FAILED) from None
    except (ConnectionFailedError, ValueError) as error:
        raise ActivityError(f"Error calling the endpoint {url}: {error}", CALL_FAILED) from error


async def _request(step: Step, method: str, url: str, *, asks: bool) -> HttpRequest:
    inputs = step.record.inputs
    headers = _headers(inputs.get("headers", {}))
    body = b"" if asks or method == "GET" else text(inputs.get("body", "")).encode()
    # Nobody but who was asked at first gets the activity's credential.
    if urlsplit(url).netloc == urlsplit(str(inputs["url"])).netloc:
        headers |= await authorization(step, inputs.get("authentication"))
    else:
        headers = {}
    return HttpRequest(method, url, headers, body)


def _headers(found: Mapping[str, Any]) -> dict[str, str]:
    headers = {name: text(value) for name, value in found.items()}
    if any("\n" in each or "\r" in each for pair in headers.items() for each in pair):
        raise ActivityError("A header has no line breaks.", ASKED_WRONG)
    return headers


async def _followed(step: Step, answer: HttpAnswer) -> HttpAnswer:
    url = str(step.record.inputs["url"])
    while to := await next_place(answer, url, step.environment.clock):
        url, answer = to, await _exchange(step, "GET", to, asks=True)
    return answer


def _object(answer: HttpAnswer) -> dict[str, Any]:
    body = answer.body.decode("utf-8", "replace")
    if answer.status // 100 != 2:  # noqa: PLR2004 2xx
        name = status_name(answer.status)
        message = f"Invoking Web Activity failed with HttpStatusCode - '{name}', message - '{body}'"
        raise ActivityError(message, CALL_FAILED)
    if len(answer.body) > _LARGEST:
        message = f"The answer has {len(answer.body)} bytes; {_LARGEST} are accepted."
        raise ActivityError(message, _NO_OBJECT)
    try:
        found = strict_json.read(body)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise ActivityError("The answer is no JSON object.", _NO_OBJECT)
    return found
