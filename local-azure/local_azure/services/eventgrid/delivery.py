"""Delivers events, at least once: what is not known to have arrived is tried again.

Nothing polls: the loop wakes when an event is published, an attempt ends, or a time has come. What
was under way when the process ended is delivered again after its next start. What comes next for a
delivery is decided in ``schedule.py``; how one attempt is made is the destination's affair
(``destinations/destination.py``), found by its endpoint type.
"""

import asyncio
import logging
import sqlite3
from collections.abc import Iterable, Iterator

from local_azure.control_plane.plane import ControlPlane
from local_azure.services.eventgrid import dead_letter
from local_azure.services.eventgrid.destinations import kinds
from local_azure.services.eventgrid.destinations.destination import Batch
from local_azure.services.eventgrid.ledger import Ledger
from local_azure.services.eventgrid.queue import Queue, first
from local_azure.services.eventgrid.schedule import (
    DEAD_LETTERED,
    DEAD_LETTERING,
    DELIVERED,
    WAITING,
    Delivery,
    Outcome,
    Step,
    next_step,
)
from local_azure.services.eventgrid.schemas import rendered
from local_azure.services.eventgrid.store import Deliveries, Entry
from local_azure.services.eventgrid.subscriptions import Subscription, Subscriptions

_log = logging.getLogger(__name__)
_AFTER_FAILURE = 10.0
"""Seconds until something that went wrong in here is taken up again."""


class Courier:
    """The loop that delivers.

    Args:
        control: clock and HTTP.
        deliveries: what is to be delivered.
        subscriptions: and where to.
    """

    def __init__(
        self, control: ControlPlane, deliveries: Deliveries, subscriptions: Subscriptions
    ) -> None:
        self._control = control
        self._clock = control.clock
        self._deliveries = deliveries
        self._subscriptions = subscriptions
        self._queue = Queue()
        self._wake = asyncio.Event()
        self._quiet = asyncio.Event()
        self._alarm: tuple[float, asyncio.Task[None]] | None = None
        self._loop: asyncio.Task[None] | None = None
        self._under_way: set[asyncio.Task[None]] = set()
        self._ledger = Ledger(deliveries)
        self._unwritten: dict[int, tuple[Outcome, float]] = {}

    def add(self, due: float, delivery: int, subscription: str) -> None:
        """Deliver something when its time has come."""
        self._queue.add(due, delivery, subscription)
        self._stir()

    def start(self) -> None:
        """Begin to deliver."""
        self._loop = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Leave off; what is under way is delivered again after the next start."""
        tasks = [*self._under_way, *filter(None, [self._loop, self._alarm and self._alarm[1]])]
        self._ledger.write()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def settled(self) -> None:
        """Return once nothing is under way and nothing is due."""
        self._stir()
        await self._quiet.wait()

    def _stir(self) -> None:
        self._quiet.clear()
        self._wake.set()

    async def _run(self) -> None:
        while True:
            self._wake.clear()
            self._begin_what_is_due()
            self._set_alarm()
            if self._queue.idle():
                self._quiet.set()
            await self._wake.wait()

    def _most_at_once(self, subscription_id: str) -> int:
        found = self._subscriptions.find(subscription_id)
        return found.batch_events if found else 1

    def _begin_what_is_due(self) -> None:
        taken = []
        while one := self._queue.take(self._clock.timestamp(), self._most_at_once):
            taken.append(one)
        found = self._unfinished(number for numbers, _ in taken for number in numbers)
        for numbers, subscription in taken:
            task = asyncio.create_task(self._exchange(numbers, subscription, found))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)

    def _unfinished(self, numbers: Iterable[int]) -> dict[int, Delivery] | None:
        """The deliveries, or None where they can't be read: then they are due again later."""
        try:
            return self._deliveries.unfinished(numbers)
        except sqlite3.Error:
            _log.exception("Deliveries can't be read; it is tried again.")
            return None

    def _set_alarm(self) -> None:
        due = self._queue.next_due()
        if due is None or (self._alarm and self._alarm[0] <= due and not self._alarm[1].done()):
            return
        if self._alarm:
            self._alarm[1].cancel()
        self._alarm = (due, asyncio.create_task(self._ring(due)))

    async def _ring(self, due: float) -> None:
        await self._clock.sleep(due - self._clock.timestamp())
        self._wake.set()

    async def _exchange(
        self, numbers: tuple[int, ...], subscription_id: str, read: dict[int, Delivery] | None
    ) -> None:
        """Bring deliveries a step on; those that don't come to their end are due again."""
        left, pause = set(numbers), _AFTER_FAILURE if read is None else 0.0
        try:
            subscription = self._subscriptions.find(subscription_id)
            found = [read[number] for number in numbers if number in read] if read else []
            if read is not None:
                left.intersection_update(each.id for each in found)
            for part in self._parts(found, subscription):
                step = await self._advance(part, subscription)
                left.difference_update(each.id for each in part)
                if not step.is_end:
                    for each in part:
                        self.add(step.due, each.id, subscription_id)
        except Exception:  # noqa: BLE001 no failure may lose an event
            _log.exception("A delivery to %s failed; it is tried again.", subscription_id)
            pause = _AFTER_FAILURE
        finally:
            self._queue.done(subscription_id)
            for number in left:
                self.add(self._clock.timestamp() + pause, number, subscription_id)
            self._wake.set()

    def _parts(
        self, found: list[Delivery], subscription: Subscription | None
    ) -> Iterator[list[Delivery]]:
        """What goes out now as one batch, then each delivery that takes another step.

        What does not fit into the batch is in no part.
        """
        now = self._clock.timestamp()
        going: list[Delivery] = []
        others: list[Delivery] = []
        for each in found:
            goes = next_step(each, subscription, None, now) == Step(WAITING, now)
            (going if goes and each.id not in self._unwritten else others).append(each)
        if subscription and going:
            yield first(going, subscription.schema, subscription.batch_bytes)
        yield from ([each] for each in others)

    async def _advance(self, part: list[Delivery], subscription: Subscription | None) -> Step:
        """Find out what comes next for deliveries that share their fate, and keep it."""
        outcome, now = self._unwritten.get(part[0].id, (None, self._clock.timestamp()))
        step = next_step(part[0], subscription, outcome, now)
        if subscription and not step.is_end and step.due == now:
            outcome = await self._try(part, subscription)
            now = self._clock.timestamp()
            step = next_step(part[0], subscription, outcome, now)
        if step.state not in {DELIVERED, DEAD_LETTERED}:
            word = outcome.word if outcome else step.reason
            _log.warning("%s: an event is %s: %s.", part[0].subscription, step.state, word)
        await self._keep(part, step, outcome, now)
        return step

    async def _try(self, part: list[Delivery], subscription: Subscription) -> Outcome:
        if part[0].state == DEAD_LETTERING:
            return await dead_letter.write(self._control, part[0], subscription)
        events = tuple(rendered(each.body, subscription.schema) for each in part)
        kind = kinds.known(subscription.endpoint.properties)
        return await kind.deliver(self._control, Batch(subscription, events, part[0].attempts))

    async def _keep(
        self, part: list[Delivery], step: Step, outcome: Outcome | None, now: float
    ) -> None:
        try:
            await self._ledger.enter([Entry(each, step, outcome, now) for each in part])
        except sqlite3.Error:
            # On a full disk, say: what the destination has answered is not asked again.
            if outcome:
                self._unwritten |= {each.id: (outcome, now) for each in part}
            raise
        for each in part:
            self._unwritten.pop(each.id, None)
