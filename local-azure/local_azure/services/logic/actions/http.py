"""HTTP: sends a request, with its authentication and retries; a 2xx is a success.

The asynchronous pattern is followed (a 202 with ``Location`` is polled) unless the action says
``DisableAsyncPattern``. Redirects are not followed, client certificates are declined.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from local_azure.runs.content import encode, texts
from local_azure.runs.environment import Environment
from local_azure.runs.retry import RetryPolicy, next_place, read_policy
from local_azure.runs.retry import problems as retry_problems
from local_azure.runs.transport import HttpAnswer, HttpRequest
from local_azure.services.logic.actions.base import ActionType
from local_azure.services.logic.exchange import (
    AuthenticationError,
    authentication_problems,
    authorization,
    exchange,
    outcome_of,
)
from local_azure.services.logic.records import Outcome, failed
from local_azure.services.logic.step import Step

NO_ASYNC = "DisableAsyncPattern"
_METHODS = ("GET", "PUT", "POST", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE")


class Http(ActionType):
    """Sends a request."""

    type = "Http"
    input_keys = frozenset(
        {"method", "uri", "headers", "queries", "cookie", "body", "authentication", "retryPolicy"}
    )
    required_inputs = frozenset({"method", "uri"})
    options = frozenset({NO_ASYNC})

    def problems(self, spec: Mapping[str, Any]) -> Iterator[str]:
        """What is wrong with method, retry policy and authentication."""
        inputs = spec["inputs"]
        method = str(inputs["method"])
        if not method.startswith("@") and method.upper() not in _METHODS:
            yield f"method is one of {', '.join(_METHODS)}; found {method!r}"
        if "retryPolicy" in inputs:
            yield from retry_problems(inputs["retryPolicy"])
        if "authentication" in inputs:
            yield from authentication_problems(inputs["authentication"])

    def shown(self, inputs: Any) -> Any:
        """The inputs without credentials: of the authentication Azure shows the type only."""
        authentication = inputs.get("authentication")
        if not isinstance(authentication, dict):
            return inputs
        return {**inputs, "authentication": {"type": authentication.get("type")}}

    async def run(self, step: Step, inputs: Any) -> Outcome:
        """Send the request, and poll where the answer asks for it."""
        try:
            headers = await authorization(inputs.get("authentication"), step.environment)
        except AuthenticationError as error:
            return failed(error.code, str(error))
        request = _request(inputs, headers)
        if urlsplit(request.uri).scheme not in {"http", "https"}:
            return failed(
                "BadRequest", f"The provided 'Http' action uri {request.uri!r} is not valid."
            )
        found = await exchange(request, read_policy(inputs.get("retryPolicy")), step.environment)
        if isinstance(found, Outcome):
            return found
        if NO_ASYNC not in str(step.action.spec.get("operationOptions", "")):
            found = await _polled(found, request, step.environment)
        return found if isinstance(found, Outcome) else outcome_of(found)


def _request(inputs: Mapping[str, Any], authorization_headers: Mapping[str, str]) -> HttpRequest:
    given = texts(inputs, "headers") | dict(authorization_headers)
    body, headers = encode(inputs.get("body"), given)
    if cookie := inputs.get("cookie"):
        headers["Cookie"] = str(cookie)
    return HttpRequest(str(inputs["method"]).upper(), _uri(inputs), headers, body)


async def _polled(
    found: HttpAnswer | Outcome, request: HttpRequest, environment: Environment
) -> HttpAnswer | Outcome:
    authorized = {k: v for k, v in request.headers.items() if k.lower() == "authorization"}
    uri = request.uri
    while isinstance(found, HttpAnswer) and (to := await next_place(found, uri, environment.clock)):
        again = HttpRequest("GET", to, authorized)
        uri, found = to, await exchange(again, RetryPolicy(), environment)
    return found


def _uri(inputs: Mapping[str, Any]) -> str:
    uri = str(inputs["uri"])
    queries = texts(inputs, "queries")
    if not queries:
        return uri
    return f"{uri}{'&' if '?' in uri else '?'}{urlencode(queries)}"
