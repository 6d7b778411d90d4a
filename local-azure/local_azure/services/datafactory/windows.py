"""Tumbling windows: which come next, and when each is due. Pure functions of times.

Windows follow each other from the trigger's start without a gap, past ones too; a window is due
once it is over and the delay as well.
Source: D:data-factory/how-to-create-tumbling-window-trigger.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

from local_azure.services.datafactory.resources.trigger import moment, window_seconds
from local_azure.services.datafactory.time_spans import seconds

if TYPE_CHECKING:
    from collections.abc import Mapping

_RETRY_INTERVAL = 30


class Window(NamedTuple):
    """A window, in seconds since 1970; its end belongs to the next one."""

    start: float
    end: float


class Schedule(NamedTuple):
    """A trigger's windows, in seconds since 1970.

    Attributes:
        start: of the first window.
        length: of each.
        end: none ends later.
        delay: how long after a window's end it is due.
        concurrency: how many windows are worked on at once.
        retries: how often the pipeline of a window that failed is run again.
        interval: how long after the failure.
    """

    start: float
    length: float
    end: float
    delay: float
    concurrency: int
    retries: int
    interval: float

    @classmethod
    def of(cls, properties: Mapping[str, Any]) -> Schedule:
        """From a trigger's properties, as they were put."""
        last, retry = properties.get("endTime"), properties.get("retryPolicy") or {}
        return cls(
            moment(properties["startTime"]).timestamp(),
            window_seconds(dict(properties)),
            moment(last).timestamp() if last else math.inf,
            seconds(properties.get("delay") or "00:00:00"),
            int(properties["maxConcurrency"]),
            int(retry.get("count") or 0),
            float(retry.get("intervalInSeconds") or _RETRY_INTERVAL),
        )

    def following(self, last: float | None) -> Window | None:
        """The window after the one that ends then, the first where there was none."""
        start = self.start if last is None else last
        window = Window(start, start + self.length)
        return window if window.end <= self.end else None

    def due(self, window: Window) -> float:
        """When a window is worked on, if there is room."""
        return window.end + self.delay
