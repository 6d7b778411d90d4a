"""What comes next for a delivery, without a server."""

from dataclasses import replace

import pytest

from local_azure.services.eventgrid.schedule import Delivery, Outcome, Step, next_step
from local_azure.services.eventgrid.subscriptions import Endpoint, Subscription
from local_azure_tests.storage import world

NOW = 1_000_000.0
WAITING = Delivery(1, "to-hook", "waiting", 0, None, None, None, NOW, "{}")
DEAD = replace(WAITING, state="dead-lettering", last_attempt=NOW - 300)
DROPPING = world.asking("https://hook.example.test/")
KEEPING = replace(DROPPING, dead_letters=DROPPING.endpoint)
QUEUE = replace(DROPPING, endpoint=Endpoint({"endpointType": "StorageQueue"}))


def _answer(status: int) -> Outcome:
    return Outcome(status, "word")


@pytest.mark.parametrize(
    ("subscription", "before", "status", "expected"),
    [
        (None, WAITING, 200, Step("dropped", NOW, "SubscriptionDeleted")),
        (KEEPING, WAITING, None, Step("waiting", NOW)),
        (KEEPING, replace(WAITING, published=NOW - 86_400), None, Step("waiting", NOW)),
        (
            KEEPING,
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
        (KEEPING, WAITING, 204, Step("delivered", NOW)),
        (KEEPING, WAITING, 205, Step("waiting", NOW + 10)),
        (KEEPING, WAITING, 503, Step("waiting", NOW + 30)),
        (KEEPING, WAITING, 400, Step("dead-lettering", NOW + 300, "MaxDeliveryAttemptsExceeded")),
        (
            DROPPING,
            replace(WAITING, attempts=29),
            500,
            Step("dropped", NOW, "MaxDeliveryAttemptsExceeded"),
        ),
        (DROPPING, WAITING, 401, Step("dropped", NOW, "MaxDeliveryAttemptsExceeded")),
        (QUEUE, WAITING, 401, Step("waiting", NOW + 300)),
        (KEEPING, DEAD, None, Step("dead-lettering", NOW)),
        (KEEPING, DEAD, 201, Step("dead-lettered", NOW)),
        (KEEPING, DEAD, 400, Step("dead-lettering", NOW + 300)),
        (KEEPING, replace(DEAD, last_attempt=NOW - 14_700), 403, Step("dropped", NOW)),
        (DROPPING, DEAD, None, Step("dropped", NOW)),
    ],
)
def test_what_comes_next_is_decided_by_state_subscription_answer_and_time(
    subscription: Subscription | None, before: Delivery, status: int | None, expected: Step
) -> None:
    outcome = None if status is None else _answer(status)
    assert next_step(before, subscription, outcome, NOW) == expected


def test_the_waits_are_the_documented_ones() -> None:
    tried = [replace(WAITING, attempts=attempts) for attempts in range(11)]
    waits = [next_step(each, KEEPING, _answer(500), NOW).due - NOW for each in tried]
    assert waits == [10, 30, 60, 300, 600, 1800, 3600, 10800, 21600, 43200, 43200]
