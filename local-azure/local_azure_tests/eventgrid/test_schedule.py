"""What comes next for a delivery, without a server."""

from dataclasses import replace

import pytest

from local_azure.services.eventgrid.destinations.destination import Outcome
from local_azure.services.eventgrid.schedule import Delivery, Limits, Step, next_step

NOW = 1_000_000.0
WAITING = Delivery(1, "to-hook", "waiting", 0, None, None, None, NOW, "{}")
DEAD = replace(WAITING, state="dead-lettering", last_attempt=NOW - 300)
LIMITS = Limits(30, 86_400, dead_letters=True, hopeless={400}, least_waits={503: 30})
DROPPING = replace(LIMITS, dead_letters=False)


def _answer(status: int) -> Outcome:
    return Outcome(status, "word")


@pytest.mark.parametrize(
    ("limits", "before", "status", "expected"),
    [
        (None, WAITING, 200, Step("dropped", NOW, "SubscriptionDeleted")),
        (LIMITS, WAITING, None, Step("waiting", NOW)),
        (LIMITS, replace(WAITING, published=NOW - 86_400), None, Step("waiting", NOW)),
        (
            LIMITS,
            replace(WAITING, published=NOW - 86_401),
            None,
            Step("dead-lettering", NOW + 300, "TimeToLiveExceeded"),
        ),
        (
            DROPPING,
            replace(WAITING, published=NOW - 86_401),
            None,
            Step("dropped", NOW, "TimeToLiveExceeded"),
        ),
        (LIMITS, WAITING, 204, Step("delivered", NOW)),
        (LIMITS, WAITING, 205, Step("waiting", NOW + 10)),
        (LIMITS, WAITING, 503, Step("waiting", NOW + 30)),
        (LIMITS, WAITING, 400, Step("dead-lettering", NOW + 300, "MaxDeliveryAttemptsExceeded")),
        (
            DROPPING,
            replace(WAITING, attempts=29),
            500,
            Step("dropped", NOW, "MaxDeliveryAttemptsExceeded"),
        ),
        (LIMITS, DEAD, None, Step("dead-lettering", NOW)),
        (LIMITS, DEAD, 201, Step("dead-lettered", NOW)),
        (LIMITS, DEAD, 400, Step("dead-lettering", NOW + 300)),
        (LIMITS, replace(DEAD, last_attempt=NOW - 14_700), 403, Step("dropped", NOW)),
        (DROPPING, DEAD, None, Step("dropped", NOW)),
    ],
)
def test_what_comes_next_is_decided_by_state_limits_answer_and_time(
    limits: Limits | None, before: Delivery, status: int | None, expected: Step
) -> None:
    outcome = None if status is None else _answer(status)
    assert next_step(before, limits, outcome, NOW) == expected


def test_the_waits_are_the_documented_ones() -> None:
    tried = [replace(WAITING, attempts=attempts) for attempts in range(11)]
    waits = [next_step(each, LIMITS, _answer(500), NOW).due - NOW for each in tried]
    assert waits == [10, 30, 60, 300, 600, 1800, 3600, 10800, 21600, 43200, 43200]
