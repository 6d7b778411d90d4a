"""When a request is sent again, and how long after; and where a 202 is asked for its end.

Sent again after 408, 429, 5xx and where no answer came. Source: D:logic-apps/
logic-apps-exception-handling; the default is 4 retries, exponential in steps of 7.5 seconds,
between 5 and 45 seconds.
"""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urljoin

from local_azure.control_plane.clock import Clock
from local_azure.runs.content import header
from local_azure.runs.durations import seconds
from local_azure.runs.transport import HttpAnswer

_KEYS = {
    "none": frozenset({"type"}),
    "fixed": frozenset({"type", "count", "interval"}),
    "exponential": frozenset({"type", "count", "interval", "minimumInterval", "maximumInterval"}),
}
_COUNTS = range(1, 91)
_DAY = 86400.0
_TRANSIENT = frozenset({408, 429})
_DEFAULT_DELAY = 20.0
"""Seconds between two polls where the answer names none; UNVERIFIED."""


@dataclass(frozen=True)
class RetryPolicy:
    """How often and after how long (seconds) a request is sent again."""

    count: int = 4
    interval: float = 7.5
    minimum: float = 5.0
    maximum: float = 45.0
    exponential: bool = True

    def delay(self, retry: int) -> float:
        """How long before a retry (the first is 1): random within its span, as documented."""
        if not self.exponential:
            return self.interval
        low = 0.0 if retry == 1 else self.interval * 2 ** (retry - 2)
        low = min(max(low, self.minimum), self.maximum)
        high = max(low, min(self.interval * 2 ** (retry - 1), self.maximum))
        return random.uniform(low, high)  # noqa: S311 spreads load, guards nothing


NO_RETRY = RetryPolicy(count=0)


def read_policy(document: Mapping[str, Any] | None) -> RetryPolicy:
    """The policy of a definition's ``retryPolicy``; the default where there is none."""
    if document is None:
        return RetryPolicy()
    if document["type"].lower() == "none":
        return NO_RETRY
    return RetryPolicy(
        count=int(document["count"]),
        interval=seconds(document["interval"]),
        minimum=seconds(document.get("minimumInterval", "PT5S")),
        maximum=seconds(document.get("maximumInterval", "P1D")),
        exponential=document["type"].lower() == "exponential",
    )


def problems(document: Any) -> Iterator[str]:
    """What is wrong with a ``retryPolicy``."""
    kind = str(document.get("type", "")).lower() if isinstance(document, dict) else ""
    if kind not in _KEYS:
        yield f"a retryPolicy's type is one of {', '.join(_KEYS)}; found {document!r}"
        return
    for key in sorted(set(document) - _KEYS[kind]):
        yield f"a retryPolicy of type {kind} has no {key!r}"
    if kind != "none":
        if document.get("count") not in _COUNTS:
            yield f"a retryPolicy's count is a number from 1 to 90; found {document.get('count')!r}"
        for key in ("interval", "minimumInterval", "maximumInterval"):
            if key in document or key == "interval":
                yield from _interval_problems(key, document.get(key))


def is_transient(status: int) -> bool:
    """Whether a status is one after which a request is sent again."""
    return status in _TRANSIENT or status >= 500  # noqa: PLR2004 all of 5xx


def asked_delay(answer: HttpAnswer, now: datetime) -> float | None:
    """The seconds that an answer's ``Retry-After`` asks to wait, or None."""
    text = header(answer.headers, "retry-after").strip()
    if text.isdigit():
        return float(text)
    try:
        asked = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, (asked.astimezone(UTC) - now).total_seconds())


def _interval_problems(key: str, value: Any) -> Iterator[str]:
    try:
        length = seconds(str(value))
    except ValueError as error:
        yield f"{key} of a retryPolicy: {error}"
        return
    # Consumption: an interval lasts from 5 seconds to a day.
    if not 5 <= length <= _DAY:  # noqa: PLR2004 told in the line above
        yield f"{key} of a retryPolicy is from PT5S to P1D; found {value!r}"


async def next_place(answer: HttpAnswer, uri: str, clock: Clock) -> str | None:
    """Wait as long as the answer of ``uri`` asks to; where to ask then, None if it is the last."""
    location = header(answer.headers, "location")
    if answer.status != HTTPStatus.ACCEPTED or not location:
        return None
    asked = asked_delay(answer, clock.now())
    await clock.sleep(_DEFAULT_DELAY if asked is None else asked)
    return urljoin(uri, location)
