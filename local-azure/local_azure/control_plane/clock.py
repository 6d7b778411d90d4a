"""Time, as the embedded Azure sees it: a clock that can be moved.

Everything that waits (retries, timeouts, expiry) waits on this clock, so that a 24-hour schedule is
tested in milliseconds. A frozen clock moves only when it is told to.
"""

import asyncio
import heapq
import itertools
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta


class Clock:
    """The current time (UTC), sleeping and time-outs.

    Args:
        start: where a frozen clock stands; without it the clock runs with the machine's.

    Attributes:
        advanced: seconds by which it was moved forward.
    """

    def __init__(self, start: datetime | None = None) -> None:
        self._frozen = start is not None
        self._origin = start.timestamp() if start else 0.0
        self._offset = 0.0
        self.advanced = 0.0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._ticket = itertools.count()
        self._timer: asyncio.TimerHandle | None = None

    def timestamp(self) -> float:
        """Seconds since 1970."""
        return (self._origin if self._frozen else self._running()) + self.advanced

    def _running(self) -> float:
        """The machine's clock where it goes on; where it is set back, what passed since."""
        elapsed = time.monotonic()
        self._offset = max(self._offset, time.time() - elapsed)
        return elapsed + self._offset

    def now(self) -> datetime:
        """The current time, UTC."""
        return datetime.fromtimestamp(self.timestamp(), UTC)

    async def sleep(self, seconds: float) -> None:
        """Return once the clock has moved on by that many seconds."""
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        await self._in(seconds)

    def _in(self, seconds: float) -> asyncio.Future[None]:
        """Done once the clock has moved on by that many seconds."""
        done = asyncio.get_running_loop().create_future()
        entry = (self.timestamp() + seconds, next(self._ticket), done)
        heapq.heappush(self._sleepers, entry)
        if self._sleepers[0] is entry:
            self._wake()
        return done

    @asynccontextmanager
    async def timeout(self, seconds: float) -> AsyncIterator[None]:
        """Cancel the block and raise TimeoutError once the clock has moved on by that much."""
        async with asyncio.timeout(None) as limit:
            over = self._in(seconds)

            def end(_: asyncio.Future[None]) -> None:
                with suppress(RuntimeError):  # the block may have ended in this very turn
                    limit.reschedule(0)

            over.add_done_callback(end)
            try:
                yield
            finally:
                over.remove_done_callback(end)
                over.cancel()

    def advance(self, by: timedelta) -> None:
        """Move the clock forward and wake whoever was waiting for a time that has now come.

        Raises:
            ValueError: when asked to go back.
            OverflowError: when asked for a time that no calendar here has.
        """
        if by < timedelta(0):
            raise ValueError(f"A clock only moves forward; found {by}.")
        self.now() + by
        self.advanced += by.total_seconds()
        self._wake()

    def _wake(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None
        while self._sleepers and self._sleepers[0][0] <= self.timestamp():
            done = heapq.heappop(self._sleepers)[2]
            if not done.done():
                done.set_result(None)
        if self._sleepers and not self._frozen:
            delay = self._sleepers[0][0] - self.timestamp()
            self._timer = asyncio.get_running_loop().call_later(delay, self._wake)


def iso(moment: datetime) -> str:
    """A time as Azure writes it: UTC, seven decimals, ``Z``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f") + "0Z"


def iso_at(timestamp: float) -> str:
    """The same of seconds since 1970."""
    return iso(datetime.fromtimestamp(timestamp, UTC))


def offset(told: str) -> str:
    """A time that was told with ``Z``, as machine learning writes it."""
    return told.replace("Z", "+00:00")


def american(moment: datetime) -> str:
    """A time, in UTC, as Azure writes it into sentences: ``3/19/2023 8:55:46 AM``."""
    hour = moment.strftime("%I:%M:%S %p").lstrip("0")
    return f"{moment.month}/{moment.day}/{moment.year} {hour}"


def seconds(moment: str) -> float:
    """The latest time, in seconds since 1970, that ``iso`` writes like this: it rounds."""
    return datetime.fromisoformat(moment).timestamp() + 1e-6


END_OF_TIME = "9999-12-31T00:00:00Z"
"""After everything that happens."""
