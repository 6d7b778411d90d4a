"""The asynchronous pattern: a 202 names where to ask, until the answer is another one.

Source: D:logic-apps/logic-apps-create-api-app ("asynchronous polling").
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urljoin

from local_azure.logic.exchange import exchange
from local_azure.runs.content import header
from local_azure.runs.retry import RetryPolicy, asked_delay
from local_azure.runs.transport import HttpAnswer, HttpRequest

if TYPE_CHECKING:
    from local_azure.logic.records import Outcome
    from local_azure.runs.environment import Environment

_ACCEPTED = 202
_DEFAULT_DELAY = 20.0
"""Seconds between two polls where the answer names none; UNVERIFIED."""


async def poll(
    answer: HttpAnswer, request: HttpRequest, environment: Environment
) -> HttpAnswer | Outcome:
    """The final answer; the one given, where it is no 202 with a place to ask at."""
    found: HttpAnswer | Outcome = answer
    authorized = {k: v for k, v in request.headers.items() if k.lower() == "authorization"}
    uri = request.uri
    while isinstance(found, HttpAnswer) and found.status == _ACCEPTED:
        location = header(found.headers, "location")
        if not location:
            return found
        asked = asked_delay(found, environment.clock.now())
        await environment.clock.sleep(_DEFAULT_DELAY if asked is None else asked)
        uri = urljoin(uri, location)
        found = await exchange(HttpRequest("GET", uri, authorized), RetryPolicy(), environment)
    return found
