"""Which deliveries are next: by time, fairly between subscriptions, and which of them together.

A subscription whose handler is slow may hold only a part of the deliveries under way, so that it
does not keep the others waiting. Source of what goes together: D:event-grid/delivery-and-retry,
"Batched event delivery": at most a number of events, about a size, all or none; no event waits for
others, and one that is too big goes alone.
"""

import heapq
from collections import Counter, deque
from collections.abc import Callable, Sequence

from local_azure.services.eventgrid.schedule import Delivery
from local_azure.services.eventgrid.schemas import rendered

MOST = 64
"""Exchanges under way at once."""
MOST_OF_ONE = 32
"""Exchanges for one subscription under way at once."""


class Queue:
    """Deliveries by number, each with its time and subscription."""

    def __init__(self) -> None:
        self._later: list[tuple[float, int, str]] = []
        self._ready: dict[str, deque[int]] = {}
        self._busy: Counter[str] = Counter()

    def add(self, due: float, delivery: int, subscription: str) -> None:
        """Let a delivery be due at a time."""
        heapq.heappush(self._later, (due, delivery, subscription))

    def take(self, now: float, most: Callable[[str], int]) -> tuple[tuple[int, ...], str] | None:
        """What to deliver next in one exchange, and its subscription; None while there is nothing.

        Args:
            now: the time.
            most: how many deliveries a subscription takes in one exchange.
        """
        self._promote(now)
        if self._busy.total() >= MOST:
            return None
        for subscription, deliveries in self._ready.items():
            if self._busy[subscription] < MOST_OF_ONE:
                count = min(most(subscription), len(deliveries))
                taken = tuple(deliveries.popleft() for _ in range(count))
                # Last in line from now on: the others come first.
                del self._ready[subscription]
                if deliveries:
                    self._ready[subscription] = deliveries
                self._busy[subscription] += 1
                return taken, subscription
        return None

    def done(self, subscription: str) -> None:
        """An exchange that was begun has ended."""
        self._busy[subscription] -= 1

    def next_due(self) -> float | None:
        """When the next delivery becomes due that is not due yet."""
        return self._later[0][0] if self._later else None

    def idle(self) -> bool:
        """Whether nothing is under way, and nothing due."""
        return not self._ready and not self._busy.total()

    def _promote(self, now: float) -> None:
        while self._later and self._later[0][0] <= now:
            _, delivery, subscription = heapq.heappop(self._later)
            self._ready.setdefault(subscription, deque()).append(delivery)


def first(due: Sequence[Delivery], schema: str, most_bytes: int) -> list[Delivery]:
    """What of the deliveries that are due goes first.

    Events of one delivery were tried equally often, because its headers tell how often.

    Args:
        due: at least one.
        schema: that they are delivered in.
        most_bytes: the size that a delivery of more than one event keeps to.
    """
    batch: list[Delivery] = []
    size = 0
    for each in due:
        size += len(rendered(each.body, schema))
        if batch and (size > most_bytes or each.attempts != batch[0].attempts):
            break
        batch.append(each)
    return batch
