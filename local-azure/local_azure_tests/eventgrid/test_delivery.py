"""Deliveries to a webhook, on a clock that the tests move."""

import sqlite3
from typing import Any

import pytest

from local_azure_tests.conftest import Running
from local_azure_tests.storage import world


def _subscribe(grid: Running, name: str = "to-hook", **body: object) -> str:
    return grid.call(world.subscribe, grid.azure, name, **body)


def test_a_delivery_carries_the_documented_headers(grid: Running, hook: world.Hook) -> None:
    _subscribe(grid)
    hook.answers = [500]
    world.publish(grid)
    world.advance(grid, seconds=10)
    (path, first, events), (_, second, _) = hook.got
    assert path == "/to-hook"
    assert first["content-type"] == "application/json; charset=utf-8"
    assert {name: value for name, value in first.items() if name.startswith("aeg")} == {
        "aeg-event-type": "Notification",
        "aeg-subscription-name": "TO-HOOK",
        "aeg-delivery-count": "0",
        "aeg-data-version": "",
        "aeg-metadata-version": "1",
    }
    assert second["aeg-delivery-count"] == "1"
    assert events == [{"topic": world.ACCOUNT, **world.event()}]


def test_an_event_goes_to_the_subscriptions_that_want_it(grid: Running, hook: world.Hook) -> None:
    folder = "/blobServices/default/containers/input/blobs/data/"
    _subscribe(grid, "folder", filter={"subjectBeginsWith": folder})
    _subscribe(grid, "exact", filter={"subjectBeginsWith": folder, "isSubjectCaseSensitive": True})
    _subscribe(grid, "csv", filter={"subjectEndsWith": ".csv"})
    _subscribe(grid, "gone", filter={"includedEventTypes": ["Microsoft.Storage.BlobDeleted"]})
    size = {"operatorType": "NumberGreaterThan", "key": "data.contentLength", "value": 5}
    _subscribe(grid, "big", filter={"advancedFilters": [size]})
    world.publish(grid, world.event(f"{folder.upper()}a.CSV", contentLength=5))
    assert sorted(path for path, _, _ in hook.got) == ["/csv", "/folder"]
    world.publish(grid, world.event(f"{folder}a.txt", contentLength=6))
    assert sorted(path for path, _, _ in hook.got[2:]) == ["/big", "/exact", "/folder"]


def test_an_event_of_a_source_without_topic_goes_nowhere(grid: Running) -> None:
    other = world.ACCOUNT.replace("drops", "other")
    grid.call(grid.azure.eventgrid.publish, other, [world.event()])
    assert not any(
        told["event"]["topic"] == other for told in grid.call(grid.azure.eventgrid.history, 9)
    )


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
    status: int, state: str, outcome: str, grid: Running, hook: world.Hook
) -> None:
    _subscribe(grid)
    hook.answers = [status] * 2
    world.publish(grid)
    world.advance(grid, days=2)
    assert len(hook.got) == 1
    [delivery] = world.deliveries(grid)
    assert (delivery["state"], delivery["outcome"]) == (state, outcome)


@pytest.mark.parametrize(
    ("status", "wait"), [(404, 10), (408, 120), (500, 10), (503, 30), (205, 10), (302, 10)]
)
def test_other_answers_are_tried_again_after_their_wait(
    status: int, wait: int, grid: Running, hook: world.Hook
) -> None:
    _subscribe(grid)
    hook.answers = [status]
    world.publish(grid)
    world.advance(grid, seconds=wait - 1)
    assert len(hook.got) == 1
    world.advance(grid, seconds=1)
    assert len(hook.got) == 2
    assert world.deliveries(grid)[0]["state"] == "delivered"


def test_a_late_answer_does_not_stop_the_redelivery(grid: Running, hook: world.Hook) -> None:
    _subscribe(grid)
    grid.call(hook.hold.clear)
    grid.call(grid.azure.eventgrid.publish, world.ACCOUNT, [world.event()])
    grid.run(hook.arrived(1))
    world.advance(grid, seconds=30)
    assert world.deliveries(grid)[0]["outcome"] == "TimedOut"
    grid.call(hook.hold.set)
    world.advance(grid, seconds=10)
    assert len(hook.got) == 2
    assert world.deliveries(grid)[0]["state"] == "delivered"


def test_a_host_that_nobody_answers_for_is_tried_again(grid: Running) -> None:
    _subscribe(grid, destination=world.webhook(endpointUrl="https://nowhere.example.test/"))
    world.publish(grid)
    [delivery] = world.deliveries(grid)
    assert (delivery["state"], delivery["outcome"]) == ("waiting", "ResolutionError")


def test_a_slow_handler_leaves_room_for_the_others(grid: Running, hook: world.Hook) -> None:
    _subscribe(grid, "slow", filter={"subjectBeginsWith": "/slow"})
    _subscribe(grid, "quick", filter={"subjectBeginsWith": "/quick"})
    grid.call(hook.hold.clear)
    slow = [world.event(f"/slow/{number}") for number in range(100)]
    grid.call(grid.azure.eventgrid.publish, world.ACCOUNT, [*slow, world.event("/quick")])
    grid.run(hook.arrived(33))
    assert sum(path == "/slow" for path, _, _ in hook.got) == 32
    assert sum(path == "/quick" for path, _, _ in hook.got) == 1
    grid.call(hook.hold.set)
    grid.run(grid.azure.eventgrid.settled())
    assert len(hook.got) == 101


def test_the_events_of_a_deleted_subscription_are_dropped(grid: Running, hook: world.Hook) -> None:
    subscription = _subscribe(grid)
    hook.answers = [500]
    world.publish(grid)
    grid.call(grid.azure.resources.delete, subscription)
    world.advance(grid, seconds=10)
    assert len(hook.got) == 1
    assert world.deliveries(grid)[0]["reason"] == "SubscriptionDeleted"


def test_a_changed_destination_gets_the_redelivery(grid: Running, hook: world.Hook) -> None:
    _subscribe(grid)
    hook.answers = [500]
    world.publish(grid)
    _subscribe(grid, destination=world.webhook("moved"))
    world.advance(grid, seconds=10)
    assert [path for path, _, _ in hook.got] == ["/to-hook", "/moved"]


def test_the_history_tells_each_event_with_its_deliveries(grid: Running, hook: world.Hook) -> None:
    identifier = _subscribe(grid)
    hook.answers = [503]
    now = grid.azure.clock.now()
    world.publish(grid)
    [told] = grid.call(grid.azure.eventgrid.history, 1)
    assert told["event"]["id"] == "id of /blobServices/default/containers/input/blobs/a"
    assert told["published"] == f"{now:%Y-%m-%dT%H:%M:%S}.0000000Z"
    [delivery] = told["deliveries"]
    assert delivery.pop("next") > delivery.pop("last_attempt")
    [tried] = delivery.pop("tries")
    assert (tried["state"], tried["outcome"]) == ("refused", "ServiceUnavailable")
    assert delivery == {
        "subscription": identifier,
        "state": "waiting",
        "attempts": 1,
        "outcome": "ServiceUnavailable",
        "reason": None,
        "detail": None,
        "refusal": None,
        "ended": None,
    }
    assert "sig=" not in str(told)


def test_an_event_of_a_transaction_that_fails_is_not_delivered(
    grid: Running, hook: world.Hook
) -> None:
    _subscribe(grid)

    def failing() -> None:
        with grid.azure.state.transaction():
            grid.azure.eventgrid.publish(world.ACCOUNT, [world.event()])
            raise LookupError

    with pytest.raises(LookupError):
        grid.call(failing)
    grid.run(grid.azure.eventgrid.settled())
    assert hook.got == []


def test_a_subscription_that_was_taken_back_gets_nothing(grid: Running, hook: world.Hook) -> None:
    def failing() -> None:
        with grid.azure.state.transaction():
            world.subscribe(grid.azure)
            grid.azure.eventgrid.publish(world.ACCOUNT, [world.event()])
            raise LookupError

    with pytest.raises(LookupError):
        grid.call(failing)
    world.publish(grid)
    assert hook.got == []


@pytest.mark.parametrize(("status", "state"), [(200, "delivered"), (400, "dead-lettering")])
def test_an_answer_that_could_not_be_written_down_is_not_asked_for_again(
    status: int, state: str, grid: Running, hook: world.Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    _subscribe(grid, deadLetterWithResourceIdentity=world.DEAD_LETTERS)
    hook.answers = [status]
    deliveries = grid.azure.eventgrid._deliveries
    written = deliveries.enter

    def full(*_: object) -> None:
        monkeypatch.setattr(deliveries, "enter", written)
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(deliveries, "enter", full)
    world.publish(grid)
    assert world.deliveries(grid)[0]["attempts"] == 0
    world.advance(grid, seconds=10)

    [delivery] = world.deliveries(grid)
    assert (delivery["state"], delivery["attempts"]) == (state, 1)
    assert len(hook.got) == 1


def test_what_comes_of_deliveries_that_end_together_is_written_together(
    grid: Running, hook: world.Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    _subscribe(grid)
    deliveries, sizes = grid.azure.eventgrid._deliveries, []
    written = deliveries.enter

    def counted(entries: list[Any]) -> None:
        sizes.append(len(entries))
        written(entries)

    monkeypatch.setattr(deliveries, "enter", counted)
    world.publish(grid, *[world.event()] * 40)

    assert sum(sizes) == len(hook.got) == 40
    assert len(sizes) < 40
