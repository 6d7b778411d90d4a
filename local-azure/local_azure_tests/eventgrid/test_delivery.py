"""Deliveries to a webhook, on a clock that the tests move."""

import sqlite3
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from local_azure_tests.eventgrid.conftest import Grid
from local_azure_tests.storage import world


def test_a_delivery_carries_the_documented_headers(grid: Grid) -> None:
    grid.subscribe()
    grid.hook.answers = [500]
    world.publish(grid)
    world.advance(grid, seconds=10)

    (path, first, events), (_, second, _) = grid.hook.got
    assert (path, events) == ("/to-hook", [{"topic": world.ACCOUNT, **world.event()}])
    documented = {
        "content-type": "application/json; charset=utf-8",
        "aeg-event-type": "Notification",
        "aeg-subscription-name": "TO-HOOK",
        "aeg-delivery-count": "0",
        "aeg-data-version": "",
        "aeg-metadata-version": "1",
    }
    sent = [
        {name: value for name, value in headers.items() if name in documented or "aeg" in name}
        for headers in (first, second)
    ]
    assert sent == [documented, documented | {"aeg-delivery-count": "1"}]


def test_an_event_goes_to_the_subscriptions_that_want_it(grid: Grid) -> None:
    folder = "/blobServices/default/containers/input/blobs/data/"
    grid.subscribe("folder", filter={"subjectBeginsWith": folder})
    grid.subscribe("exact", filter={"subjectBeginsWith": folder, "isSubjectCaseSensitive": True})
    grid.subscribe("csv", filter={"subjectEndsWith": ".csv"})
    grid.subscribe("gone", filter={"includedEventTypes": ["Microsoft.Storage.BlobDeleted"]})
    size = {"operatorType": "NumberGreaterThan", "key": "data.contentLength", "value": 5}
    grid.subscribe("big", filter={"advancedFilters": [size]})
    world.publish(grid, world.event(f"{folder.upper()}a.CSV", contentLength=5))
    small = sorted(path for path, _, _ in grid.hook.got)
    grid.hook.reset()
    world.publish(grid, world.event(f"{folder}a.txt", contentLength=6))
    big = sorted(path for path, _, _ in grid.hook.got)

    assert (small, big) == (["/csv", "/folder"], ["/big", "/exact", "/folder"])


def test_an_event_of_a_source_without_topic_goes_nowhere(grid: Grid) -> None:
    other = world.ACCOUNT.replace("drops", "other")
    grid.call(grid.azure.eventgrid.publish, other, [world.event()])

    history = grid.call(grid.azure.eventgrid.history, 9)
    assert other not in [told["event"]["topic"] for told in history]


@pytest.mark.parametrize(
    ("status", "state", "outcome"),
    [
        (200, "delivered", "OK"),
        (201, "delivered", "Created"),
        (202, "delivered", "Accepted"),
        (203, "delivered", "NonAuthoritativeInformation"),
        (204, "delivered", "NoContent"),
        (400, "dropped", "BadRequest"),
        (401, "dropped", "Unauthorized"),
        (403, "dropped", "Forbidden"),
        (413, "dropped", "RequestEntityTooLarge"),
    ],
)
def test_success_and_an_answer_without_hope_end_the_delivery(
    status: int, state: str, outcome: str, grid: Grid
) -> None:
    grid.subscribe()
    grid.hook.answers = [status] * 2
    world.publish(grid)
    world.advance(grid, days=2)

    [delivery] = world.deliveries(grid)
    found = (len(grid.hook.got), delivery["state"], delivery["outcome"])
    assert found == (1, state, outcome)


@pytest.mark.parametrize(
    ("status", "wait"), [(404, 10), (408, 120), (500, 10), (503, 30), (205, 10), (302, 10)]
)
def test_other_answers_are_tried_again_after_their_wait(status: int, wait: int, grid: Grid) -> None:
    grid.subscribe()
    grid.hook.answers = [status]
    world.publish(grid)
    world.advance(grid, seconds=wait - 1)
    early = len(grid.hook.got)
    world.advance(grid, seconds=1)

    state = world.deliveries(grid)[0]["state"]
    assert (early, len(grid.hook.got), state) == (1, 2, "delivered")


def test_a_late_answer_does_not_stop_the_redelivery(grid: Grid) -> None:
    grid.subscribe()
    grid.call(grid.hook.hold.clear)
    grid.call(grid.azure.eventgrid.publish, world.ACCOUNT, [world.event()])
    grid.run(grid.hook.arrived(1))
    world.advance(grid, seconds=30)
    outcome = world.deliveries(grid)[0]["outcome"]
    grid.call(grid.hook.hold.set)
    world.advance(grid, seconds=10)

    state = world.deliveries(grid)[0]["state"]
    assert (outcome, len(grid.hook.got), state) == ("TimedOut", 2, "delivered")


def test_a_host_that_nobody_answers_for_is_tried_again(grid: Grid) -> None:
    grid.subscribe(destination=world.webhook(endpointUrl="https://nowhere.example.test/"))
    world.publish(grid)
    [delivery] = world.deliveries(grid)
    assert (delivery["state"], delivery["outcome"]) == ("waiting", "ResolutionError")


def test_a_slow_handler_leaves_room_for_the_others(grid: Grid) -> None:
    grid.subscribe("slow", filter={"subjectBeginsWith": "/slow"})
    grid.subscribe("quick", filter={"subjectBeginsWith": "/quick"})
    grid.call(grid.hook.hold.clear)
    slow = [world.event(f"/slow/{number}") for number in range(100)]
    grid.call(grid.azure.eventgrid.publish, world.ACCOUNT, [*slow, world.event("/quick")])
    grid.run(grid.hook.arrived(33))
    held = Counter(path for path, _, _ in grid.hook.got)
    grid.call(grid.hook.hold.set)
    grid.run(grid.azure.eventgrid.settled())

    assert (held, len(grid.hook.got)) == ({"/slow": 32, "/quick": 1}, 101)


def test_the_events_of_a_deleted_subscription_are_dropped(grid: Grid) -> None:
    subscription = grid.subscribe()
    grid.hook.answers = [500]
    world.publish(grid)
    grid.call(grid.azure.resources.delete, subscription)
    world.advance(grid, seconds=10)
    assert (len(grid.hook.got), world.deliveries(grid)[0]["reason"]) == (1, "SubscriptionDeleted")


def test_a_changed_destination_gets_the_redelivery(grid: Grid) -> None:
    grid.subscribe()
    grid.hook.answers = [500]
    world.publish(grid)
    grid.subscribe(destination=world.webhook("moved"))
    world.advance(grid, seconds=10)
    assert [path for path, _, _ in grid.hook.got] == ["/to-hook", "/moved"]


def test_the_history_tells_each_event_with_its_deliveries(grid: Grid) -> None:
    identifier = grid.subscribe()
    grid.hook.answers = [503]
    now = grid.azure.clock.now()
    world.publish(grid)

    [told] = grid.call(grid.azure.eventgrid.history, 1)
    published = f"{now:%Y-%m-%dT%H:%M:%S}.0000000Z"
    assert (told["event"]["id"], told["published"]) == (world.event()["id"], published)
    [delivery] = told["deliveries"]
    [tried] = delivery["tries"]
    assert delivery == {
        "subscription": identifier,
        "state": "waiting",
        "attempts": 1,
        "outcome": "ServiceUnavailable",
        "reason": None,
        "detail": None,
        "refusal": None,
        "ended": None,
        "last_attempt": published,
        "next": f"{now + timedelta(seconds=30):%Y-%m-%dT%H:%M:%S}.0000000Z",
        "tries": [{**tried, "state": "refused", "outcome": "ServiceUnavailable"}],
    }
    assert "sig=" not in str(told)


def test_an_event_of_a_transaction_that_fails_is_not_delivered(grid: Grid) -> None:
    grid.subscribe()

    def failing() -> None:
        with grid.azure.state.transaction():
            grid.azure.eventgrid.publish(world.ACCOUNT, [world.event()])
            raise LookupError

    with pytest.raises(LookupError):
        grid.call(failing)
    grid.run(grid.azure.eventgrid.settled())
    assert grid.hook.got == []


def test_a_subscription_that_was_taken_back_gets_nothing(grid: Grid) -> None:
    def failing() -> None:
        with grid.azure.state.transaction():
            world.subscribe(grid.azure)
            grid.azure.eventgrid.publish(world.ACCOUNT, [world.event()])
            raise LookupError

    with pytest.raises(LookupError):
        grid.call(failing)
    world.publish(grid)
    assert grid.hook.got == []


@pytest.mark.parametrize(("status", "state"), [(200, "delivered"), (400, "dead-lettering")])
def test_an_answer_that_could_not_be_written_down_is_not_asked_for_again(
    status: int, state: str, grid: Grid, monkeypatch: pytest.MonkeyPatch
) -> None:
    grid.subscribe(deadLetterWithResourceIdentity=world.DEAD_LETTERS)
    grid.hook.answers = [status]
    deliveries = grid.azure.eventgrid._deliveries
    written = deliveries.enter

    def full(*_: object) -> None:
        monkeypatch.setattr(deliveries, "enter", written)
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(deliveries, "enter", full)
    world.publish(grid)
    before = world.deliveries(grid)[0]["attempts"]
    world.advance(grid, seconds=10)

    [delivery] = world.deliveries(grid)
    found = (before, delivery["state"], delivery["attempts"], len(grid.hook.got))
    assert found == (0, state, 1, 1)


def test_what_comes_of_deliveries_that_end_together_is_written_together(
    grid: Grid, monkeypatch: pytest.MonkeyPatch
) -> None:
    grid.subscribe()
    deliveries, sizes = grid.azure.eventgrid._deliveries, []
    written = deliveries.enter

    def counted(entries: list[Any]) -> None:
        sizes.append(len(entries))
        written(entries)

    monkeypatch.setattr(deliveries, "enter", counted)
    world.publish(grid, *[world.event()] * 40)

    assert sum(sizes) == len(grid.hook.got) == 40
    assert len(sizes) < 40
