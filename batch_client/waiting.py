"""What goes on by itself, how often one looks, and for how long: the time comes from outside."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, TypeVar

from batch_client.errors import Exit, TimedOutError
from batch_client.progress import Progress

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


class Work:
    """What goes on by itself, as it was when one looked.

    Attributes:
        ends: each status that is an end, and the exit code that tells it.
        status: its own.
    """

    ends: ClassVar[Mapping[str, Exit]]
    status: str

    @property
    def ended(self) -> bool:
        """Whether it is over."""
        return self.status in self.ends

    @property
    def exit(self) -> Exit:
        """The exit code that tells its end.

        Raises:
            KeyError: it is not over.
        """
        return self.ends[self.status]


W = TypeVar("W", bound=Work)


def followed(
    what: str,
    look: Callable[[], W],
    seconds: float | None,
    clock: Clock,
    progress: Progress,
    advice: str = "",
) -> W:
    """Some work when it is over.

    Args:
        what: which, such as ``job NAME``.
        look: looks at it.
        seconds: how long to wait; None for ever.
        clock: the time.
        progress: is told of each look.
        advice: what can be done while it goes on.

    Raises:
        TimedOutError: it is not over; it goes on.
        ClientError: it can't be looked at.
    """
    try:
        for _ in looks(clock, seconds):
            found = look()
            progress.state(f"{what}: {found.status}")
            if found.ended:
                return found
    except KeyboardInterrupt:
        progress.say(f"The {what} goes on{advice}.")
        raise
    raise TimedOutError(f"The {what} is {found.status} after {seconds:.0f} s and goes on{advice}.")


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
