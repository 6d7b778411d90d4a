"""How long something is waited for, and how often one looks: the time comes from outside."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
_GROWTH = 1.5


@dataclass(frozen=True)
class Clock:
    """The time.

    Attributes:
        now: seconds on a clock that never goes back.
        sleep: waits for seconds.
    """

    now: Callable[[], float] = field(default=time.monotonic)
    sleep: Callable[[float], None] = field(default=time.sleep)


def looks(clock: Clock, seconds: float | None) -> Iterator[float]:
    """Come back at ever longer pauses, at last every half minute, until the time is over.

    Args:
        clock: the time.
        seconds: how long; None for ever.

    Yields:
        How many seconds have passed. There is a last look when the time is over.
    """
    start = clock.now()
    pause = FIRST_PAUSE
    while True:
        passed = clock.now() - start
        yield passed
        if seconds is not None and passed >= seconds:
            return
        left = pause if seconds is None else min(pause, seconds - passed)
        clock.sleep(left)
        pause = min(pause * _GROWTH, LONGEST_PAUSE)
