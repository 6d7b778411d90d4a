"""Delivers events, at least once: what is not known to have arrived is tried again.

Nothing polls: the loop wakes when an event is published, an attempt ends, or a time has come. What
was under way when the process ended is delivered again after its next start. How one attempt is
made is the destination's affair (``destinations/destination.py``), found by its endpoint type.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from typing import TYPE_CHECKING

from local_azure.eventgrid import dead_letter, schedule
from local_azure.eventgrid.batches import Sized, split
from local_azure.eventgrid.destinations import kinds
from local_azure.eventgrid.destinations.destination import Batch
from local_azure.eventgrid.queue import Queue
from local_azure.eventgrid.schemas import rendered
from local_azure.eventgrid.store import (
    DEAD_LETTERED,
    DEAD_LETTERING,
    DROPPED,
    WAITING,
    Deliveries,
    Delivery,
)

if TYPE_CHECKING:
    from local_azure.azure import Azure
    from local_azure.eventgrid.destinations.destination import Outcome
    from local_azure.eventgrid.subscriptions import Subscription, Subscriptions

_log = logging.getLogger(__name__)
_AFTER_FAILURE = 10.0
"""Seconds until something that went wrong in here is taken up again."""
Told = dict[int, float | None]
"""By number of a delivery: when it is due again, None at its end; what is missing went wrong."""


class Courier:
    """The loop that delivers.

    Args:
        azure: clock and HTTP.
        deliveries: what is to be delivered.
        subscriptions: and where to.
    """

    def __init__(self, azure: Azure, deliveries: Deliveries, subscriptions: Subscriptions) -> None:
        self._azure = azure
        self._deliveries = deliveries
        self._subscriptions = subscriptions
        self._queue = Queue()
        self._wake = asyncio.Event()
        self._quiet = asyncio.Event()
        self._alarm: tuple[float, asyncio.Task[None]] | None = None
        self._loop: asyncio.Task[None] | None = None
        self._under_way: set[asyncio.Task[None]] = set()
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
            while taken := self._queue.take(self._azure.clock.timestamp(), self._most_at_once):
                self._begin(*taken)
            self._set_alarm()
            if self._queue.idle():
                self._quiet.set()
            await self._wake.wait()

    def _most_at_once(self, subscription_id: str) -> int:
        found = self._subscriptions.find(subscription_id)
        return found.batch_events if found else 1

    def _begin(self, deliveries: tuple[int, ...], subscription: str) -> None:
        task = asyncio.create_task(self._attempt(deliveries, subscription))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    def _set_alarm(self) -> None:
        due = self._queue.next_due()
        if due is None or (self._alarm and self._alarm[0] <= due and not self._alarm[1].done()):
            return
        if self._alarm:
            self._alarm[1].cancel()
        self._alarm = (due, asyncio.create_task(self._ring(due)))

    async def _ring(self, due: float) -> None:
        await self._azure.clock.sleep(due - self._azure.clock.timestamp())
        self._wake.set()

    async def _attempt(self, numbers: tuple[int, ...], subscription_id: str) -> None:
        told: Told = {}
        try:
            found = [each for number in numbers if (each := self._deliveries.find(number))]
            told |= dict.fromkeys(set(numbers).difference(each.id for each in found))
            await self._advance(found, subscription_id, told)
        except Exception:  # noqa: BLE001 no failure may lose an event
            _log.exception("A delivery to %s failed; it is tried again.", subscription_id)
        finally:
            self._queue.done(subscription_id)
            self._go_on(numbers, subscription_id, told)
            self._wake.set()

    def _go_on(self, numbers: tuple[int, ...], subscription_id: str, told: Told) -> None:
        later = self._azure.clock.timestamp() + _AFTER_FAILURE
        for number in numbers:
            due = told.get(number, later)
            if due is not None:
                self.add(due, number, subscription_id)

    async def _advance(self, deliveries: list[Delivery], subscription_id: str, told: Told) -> None:
        subscription = self._subscriptions.find(subscription_id)
        if subscription is None:
            for each in deliveries:
                self._deliveries.enter(each.id, DROPPED, 0, "SubscriptionDeleted")
                told[each.id] = None
            return
        waiting = [each for each in deliveries if each.state == WAITING]
        await self._deliver(waiting, subscription, told)
        for each in deliveries:
            if each.state == DEAD_LETTERING:
                told[each.id] = await self._write_dead_letter(each, subscription)
            elif each.state != WAITING:
                told[each.id] = None

    async def _deliver(
        self, waiting: list[Delivery], subscription: Subscription, told: Told
    ) -> None:
        live = []
        for each in waiting:
            if tried := self._unwritten.pop(each.id, None):
                self._record([each], subscription, tried, told)
            elif self._azure.clock.timestamp() - each.published > subscription.time_to_live:
                # Looked at only when an attempt is due, as documented.
                told[each.id] = self._give_up(each, subscription, dead_letter.EXPIRED)
            else:
                live.append(each)
        if live:
            await self._try(self._batch(live, subscription, told), subscription, told)

    def _batch(self, due: list[Delivery], subscription: Subscription, told: Told) -> list[Sized]:
        """What goes out now; what does not fit is due again at once."""
        sized = [Sized(each, rendered(each.body, subscription.schema)) for each in due]
        batch, left = split(sized, subscription.batch_bytes)
        told |= {each.delivery.id: self._azure.clock.timestamp() for each in left}
        return batch

    async def _try(self, batch: list[Sized], subscription: Subscription, told: Told) -> None:
        kind = kinds.kind(subscription.endpoint.type)
        attempts = batch[0].delivery.attempts
        events = tuple(each.event for each in batch)
        outcome = await kind.deliver(self._azure, Batch(subscription, events, attempts))
        tried = (outcome, self._azure.clock.timestamp())
        self._record([each.delivery for each in batch], subscription, tried, told)

    def _record(
        self,
        tried: list[Delivery],
        subscription: Subscription,
        answer: tuple[Outcome, float],
        told: Told,
    ) -> None:
        """Keep what came of an attempt, for all of a batch or for none."""
        outcome, now = answer
        due: Told
        try:
            if schedule.delivered(outcome.status):
                due = dict.fromkeys(each.id for each in tried)
                self._deliveries.delivered(list(due), now, outcome.word)
            else:
                with self._azure.state.transaction():
                    due = {each.id: self._conclude(each, subscription, *answer) for each in tried}
        except sqlite3.Error:
            # On a full disk, say: what the destination has answered is not asked again.
            self._unwritten |= {each.id: answer for each in tried}
            raise
        told |= due

    def _conclude(
        self, delivery: Delivery, subscription: Subscription, outcome: Outcome, now: float
    ) -> float | None:
        """Keep that a delivery was refused; when it goes on, or None at its end."""
        kind, attempts = kinds.kind(subscription.endpoint.type), delivery.attempts + 1
        _log.warning("%s: %s; attempt %d failed.", subscription.name, outcome.word, attempts)
        due = now + schedule.wait(attempts, kind.least_waits.get(outcome.status, 0))
        self._deliveries.failed(delivery.id, now, outcome.word, due)
        self._deliveries.declined(delivery.id, outcome.detail)
        if outcome.status in kind.hopeless or attempts >= subscription.most_attempts:
            return self._give_up(delivery, subscription, dead_letter.EXHAUSTED)
        return due

    def _give_up(self, delivery: Delivery, subscription: Subscription, reason: str) -> float | None:
        """Let there be no attempt any more; when the dead letter is due, if there is one."""
        now = self._azure.clock.timestamp()
        _log.warning("%s: an event is not delivered: %s.", subscription.name, reason)
        if subscription.dead_letters is None:
            self._deliveries.enter(delivery.id, DROPPED, now, reason)
            return None
        due = now + schedule.DEAD_LETTER_DELAY
        self._deliveries.enter(delivery.id, DEAD_LETTERING, due, reason)
        return due

    async def _write_dead_letter(
        self, delivery: Delivery, subscription: Subscription
    ) -> float | None:
        """Try to write a dead letter; when to try again, or None at its end."""
        refusal = await dead_letter.write(self._azure, delivery, subscription)
        now = self._azure.clock.timestamp()
        if not refusal:
            self._deliveries.enter(delivery.id, DEAD_LETTERED, now)
            return None
        _log.warning("%s: a dead letter can't be written: %s", subscription.name, refusal)
        self._deliveries.refused(delivery.id, refusal)
        begun = (delivery.last_attempt or delivery.published) + schedule.DEAD_LETTER_DELAY
        if now - begun >= schedule.DEAD_LETTER_PATIENCE:
            self._deliveries.enter(delivery.id, DROPPED, now)
            return None
        due = now + schedule.DEAD_LETTER_WAIT
        self._deliveries.enter(delivery.id, DEAD_LETTERING, due)
        return due
