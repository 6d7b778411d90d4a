"""What comes next for a delivery: again, and when; its dead letter; or its end.

Source: D:event-grid/delivery-and-retry. Azure adds a small randomness and may skip attempts at an
endpoint that stays unhealthy; here the times are exact, so that a test can name them.
"""

from dataclasses import dataclass

from local_azure.services.eventgrid.subscriptions import Subscription

WAITING, DEAD_LETTERING = "waiting", "dead-lettering"
DELIVERED, DEAD_LETTERED, DROPPED = "delivered", "dead-lettered", "dropped"

EXPIRED = "TimeToLiveExceeded"
EXHAUSTED = "MaxDeliveryAttemptsExceeded"
DELETED = "SubscriptionDeleted"

_WAITS = (10, 30, 60, 300, 600, 1800, 3600, 3 * 3600, 6 * 3600)
_EVERY = 12 * 3600
_OF_WEBHOOKS = frozenset({400, 401, 403, 413}), {408: 120.0, 503: 30.0}
_OF_RESOURCES = frozenset({400, 403, 413}), {401: 300.0, 404: 300.0, 408: 120.0, 503: 30.0}
"""Statuses after which events are never tried again; seconds that the next attempt waits at least,
by status, beyond the schedule's own."""
ACKNOWLEDGED = range(200, 205)
_DEAD_LETTER_DELAY = 300.0
"""Seconds from the last attempt to the dead letter."""
_DEAD_LETTER_PATIENCE = 4 * 3600.0
"""Seconds that storage may refuse a dead letter before it is dropped."""
_DEAD_LETTER_WAIT = 300.0
"""Seconds between attempts to write a dead letter (UNVERIFIED; Azure names none)."""


@dataclass(frozen=True)
class Delivery:
    """An event on its way to a subscription.

    Attributes:
        id: number of the delivery.
        subscription: resource id.
        state: one of the five above.
        attempts: deliveries tried.
        last_attempt: when, seconds since 1970; None before the first.
        outcome: what came of it.
        reason: why it became a dead letter.
        published: when, seconds since 1970.
        body: the event, JSON.
    """

    id: int
    subscription: str
    state: str
    attempts: int
    last_attempt: float | None
    outcome: str | None
    reason: str | None
    published: float
    body: str


@dataclass(frozen=True)
class Outcome:
    """What came of an attempt.

    Attributes:
        status: HTTP status; 0 when there was no answer. 200 to 204 end the delivery.
        word: the outcome as dead letters have it: ``OK``, ``NotFound``, ``TimedOut``, ...
        detail: what a refusal said, for the history.
    """

    status: int
    word: str
    detail: str = ""


@dataclass(frozen=True)
class Step:
    """What comes next for a delivery.

    Attributes:
        state: the state that it enters.
        due: seconds since 1970 at which it is taken up in this state, where that is not its end.
        reason: why it is given up, where it is.
    """

    state: str
    due: float
    reason: str | None = None

    @property
    def is_end(self) -> bool:
        """Whether there is nothing more to do."""
        return self.state not in {WAITING, DEAD_LETTERING}


def next_step(
    delivery: Delivery, subscription: Subscription | None, outcome: Outcome | None, now: float
) -> Step:
    """What comes next for a delivery that is due.

    Args:
        delivery: as it was before the outcome.
        subscription: whose it is; None where that is deleted.
        outcome: what came of delivering it, or of writing its dead letter; None before that is
            tried, which it is at once if the step is due now.
        now: seconds since 1970: the outcome's time.
    """
    if subscription is None:
        return Step(DROPPED, now, DELETED)
    if delivery.state == DEAD_LETTERING:
        return _buried(delivery, subscription, outcome, now)
    if outcome is None:
        # Looked at only when an attempt is due, as documented.
        expired = now - delivery.published > subscription.time_to_live
        return _given_up(subscription, EXPIRED, now) if expired else Step(WAITING, now)
    if outcome.status in ACKNOWLEDGED:
        return Step(DELIVERED, now)
    is_webhook = subscription.endpoint.properties["endpointType"].lower() == "webhook"
    hopeless, least_waits = _OF_WEBHOOKS if is_webhook else _OF_RESOURCES
    attempts = delivery.attempts + 1
    if outcome.status in hopeless or attempts >= subscription.most_attempts:
        return _given_up(subscription, EXHAUSTED, now)
    planned = _WAITS[attempts - 1] if attempts <= len(_WAITS) else _EVERY
    return Step(WAITING, now + max(planned, least_waits.get(outcome.status, 0)))


def _given_up(subscription: Subscription, reason: str, now: float) -> Step:
    if subscription.dead_letters:
        return Step(DEAD_LETTERING, now + _DEAD_LETTER_DELAY, reason)
    return Step(DROPPED, now, reason)


def _buried(
    delivery: Delivery, subscription: Subscription, outcome: Outcome | None, now: float
) -> Step:
    if not subscription.dead_letters:
        # The subscription has lost its place for them since.
        return Step(DROPPED, now)
    if outcome is None:
        return Step(DEAD_LETTERING, now)
    if outcome.status in ACKNOWLEDGED:
        return Step(DEAD_LETTERED, now)
    begun = (delivery.last_attempt or delivery.published) + _DEAD_LETTER_DELAY
    if now - begun >= _DEAD_LETTER_PATIENCE:
        return Step(DROPPED, now)
    return Step(DEAD_LETTERING, now + _DEAD_LETTER_WAIT)
