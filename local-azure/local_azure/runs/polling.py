"""The asynchronous pattern: a 202 names where to ask, until the answer is another one.

Source: D:logic-apps/logic-apps-create-api-app ("asynchronous polling").
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from local_azure.runs.content import header
from local_azure.runs.retry import asked_delay

if TYPE_CHECKING:
    from local_azure.control_plane.clock import Clock
    from local_azure.runs.transport import HttpAnswer

_DEFAULT_DELAY = 20.0
"""Seconds between two polls where the answer names none; UNVERIFIED."""


async def next_place(answer: HttpAnswer, uri: str, clock: Clock) -> str | None:
    """Wait as long as the answer of ``uri`` asks to; where to ask then, None if it is the last."""
    location = header(answer.headers, "location")
    if answer.status != HTTPStatus.ACCEPTED or not location:
        return None
    asked = asked_delay(answer, clock.now())
    await clock.sleep(_DEFAULT_DELAY if asked is None else asked)
    return urljoin(uri, location)
