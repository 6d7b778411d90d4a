"""`data_factory.window`: files that arrive within the same time are scored by one job."""

import re
from typing import Annotated

from pydantic import Field

from components.settings.section import Accepts, Folder, Section, between, matching, time

_UNITS = {"m": ("Minute", 1), "h": ("Hour", 1), "d": ("Hour", 24)}
_SHORTEST = 5
"""Minutes (D:data-factory/how-to-create-tumbling-window-trigger)."""


def _is_long_enough(value: str) -> bool:
    found = re.fullmatch("([0-9]{1,4})[mhd]", value)
    return found is not None and int(found[1]) >= (_SHORTEST if value.endswith("m") else 1)


class Window(Section):
    """Files that were modified within the same window of time are scored by one job."""

    every: Annotated[
        str,
        Accepts(
            f"{_SHORTEST}m or longer, in minutes, hours or days: such as 15m, 1h or 1d",
            _is_long_enough,
        ),
        Field(examples=["1h"]),
    ]
    """How long a window is: minutes, from 5 on, hours or days, such as 15m, 1h or 1d."""

    start: Annotated[
        str,
        time(
            r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ",
            "a time in UTC, quoted, such as '2026-12-01T00:00:00Z'",
        ),
        Field(examples=["2026-12-01T00:00:00Z"]),
    ]
    """When the first window begins, in UTC. One in the past has the windows since then scored as
    well, and so has another start or another length later."""

    delay: Annotated[
        str,
        matching("[0-9]{1,4}[mh]", "a time in minutes or hours, such as 5m or 1h"),
        Field(examples=["5m"]),
    ] = "1m"
    """How long after a window's end it is scored: as long as storage may be late with a file that
    it dates before the end."""

    max_concurrency: Annotated[int, between(1, 50, "Data Factory's limit")] = 1
    """How many windows are scored at once, where several wait."""

    retries: Annotated[int, between(0, 10)] = 0
    """How often a window whose pipeline failed is tried again by itself, 15 minutes later; each
    time is a job."""

    copy_from: Folder | None = None
    """account_id, container and folder of an account that jobs can't read; left out, the folder
    that files are dropped in. The files in it, none below it."""

    @property
    def frequency(self) -> str:
        """Data Factory's unit."""
        return _UNITS[self.every[-1]][0]

    @property
    def interval(self) -> int:
        """How many of them."""
        return int(self.every[:-1]) * _UNITS[self.every[-1]][1]

    @property
    def delay_span(self) -> str:
        """The delay as Data Factory writes it."""
        minutes = int(self.delay[:-1]) * (60 if self.delay.endswith("h") else 1)
        days, rest = divmod(minutes, 24 * 60)
        span = f"{rest // 60:02}:{rest % 60:02}:00"
        return f"{days}.{span}" if days else span
