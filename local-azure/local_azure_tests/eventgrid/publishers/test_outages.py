"""Handlers that are down, answers that are lost, deliveries that overtake each other."""

from collections.abc import Iterator
from typing import Any

import pytest

from local_azure.control_plane.faults import Fault
from local_azure_tests.eventgrid.conftest import Grid
from local_azure_tests.eventgrid.publishers import publishing
from local_azure_tests.storage import world

ACCOUNT = f"{publishing.PROVIDERS}/Microsoft.Storage/storageAccounts/undelivered"
DEAD_LETTERS = {
    **world.DEAD_LETTERS,
    "deadLetterDestination": {**world.DEAD_LETTERS["deadLetterDestination"], "resourceId": ACCOUNT},
}


@pytest.fixture(scope="module")
def shared(shared: Grid) -> Grid:
    """With an account for dead letters, and somebody who reads them."""
    account: dict[str, Any] = {
        "accountName": "undelivered",
        "kind": "StorageV2",
        "sku": {"name": "Standard_LRS"},
        "location": "westeurope",
        "allowSharedKeyAccess": False,
    }
    publishing.put(shared, "StorageAccount", **account)
    publishing.put(shared, "BlobContainer", accountName="undelivered", containerName="letters")
    assign = shared.azure.authorization.assign
    shared.call(assign, "reader", world.WRITER.object_id, world.CONTRIBUTOR, ACCOUNT)
    return shared


@pytest.fixture
def fleet(grid: Grid) -> Iterator[Any]:
    """A client of a domain whose one subscriber gets up to 10 events at once."""
    made = publishing.domain(grid, "diggers", identity={"type": "SystemAssigned"})
    principal = made.properties["identity"]["principalId"]
    grid.call(grid.azure.authorization.assign, "letters", principal, world.CONTRIBUTOR, ACCOUNT)
    destination = world.webhook(maxEventsPerBatch=10)
    publishing.subscribe(
        grid, made.id, destination=destination, deadLetterWithResourceIdentity=DEAD_LETTERS
    )
    yield publishing.domain_by_key(grid)
    grid.call(grid.azure.faults.clear)


def _down(grid: Grid) -> None:
    """From now on the handler's host takes no connection."""
    grid.call(grid.azure.faults.add, Fault("hook.example.test", drop="request", times=10_000))


def _send(client: Any, *identifiers: str) -> None:
    client.send([publishing.event(id=each, topic="diggers") for each in identifiers])


def _pass(grid: Grid, minutes: int) -> None:
    """In steps of five minutes: what is due sooner comes late, as the schedule allows."""
    for _ in range(minutes // 5):
        world.advance(grid, minutes=5)


def _delivered(grid: Grid) -> list[str]:
    return sorted(event["id"] for _, body in publishing.got(grid) for event in body)


def _letters() -> dict[str, Any]:
    """Each dead letter, by the id of its event."""
    found = world.letters("https://undelivered.blob.core.windows.net")
    return {letter["id"]: letter for letter in found.values()}


@pytest.mark.parametrize(
    ("hours", "reasons"),
    [(22, set()), (24, {"TimeToLiveExceeded"})],
    ids=["back within a day", "later"],
)
def test_what_a_handler_misses_within_a_day_is_delivered_then_and_the_rest_a_dead_letter(
    grid: Grid, fleet: Any, hours: int, reasons: set[str]
) -> None:
    events = [f"{hour:02}" for hour in range(hours)]
    _down(grid)
    for each in events:
        _send(fleet, each)
        _pass(grid, 60)
    grid.call(grid.azure.faults.clear)
    _pass(grid, 24 * 60)
    delivered, letters = _delivered(grid), _letters()
    assert sorted([*delivered, *letters]) == events
    assert {each["deadLetterReason"] for each in letters.values()} == reasons


def test_a_handler_that_never_comes_back_leaves_one_dead_letter_for_each_event(
    grid: Grid, fleet: Any
) -> None:
    _down(grid)
    _send(fleet, *(str(number) for number in range(25)))
    _pass(grid, 36 * 60)
    letters = _letters()
    assert sorted(letters, key=int) == [str(number) for number in range(25)]
    assert _delivered(grid) == []
    told = {
        "topic": f"{publishing.DOMAIN}/topics/diggers",
        "deliveryAttempts": 11,
        "lastDeliveryOutcome": "SocketError",
        "deadLetterReason": "TimeToLiveExceeded",
    }
    assert letters["0"] == letters["0"] | told


def test_a_dead_letter_of_cloud_events_has_attributes_in_lower_case(grid: Grid, fleet: Any) -> None:
    subscription = f"{publishing.DOMAIN}/providers/Microsoft.EventGrid/eventSubscriptions/to-hook"
    publishing.delete(grid, subscription)
    publishing.subscribe(
        grid,
        publishing.DOMAIN,
        deadLetterWithResourceIdentity=DEAD_LETTERS,
        eventDeliverySchema="CloudEventSchemaV1_0",
    )
    grid.hook.answers = [400]
    _send(fleet, "1")
    grid.run(grid.azure.eventgrid.settled())
    _pass(grid, 5)
    letter = _letters()["1"]
    told = {
        "specversion": "1.0",
        "deadletterreason": "MaxDeliveryAttemptsExceeded",
        "lastdeliveryoutcome": "BadRequest",
        "deliveryattempts": 1,
    }
    assert letter == letter | told
    assert set(letter) >= {"publishtime", "lastdeliveryattempttime"}


def test_a_lost_answer_doubles_the_event(grid: Grid, fleet: Any) -> None:
    grid.call(grid.azure.faults.add, Fault("hook.example.test", drop="answer"))
    _send(fleet, "1")
    grid.run(grid.azure.eventgrid.settled())
    world.advance(grid, seconds=10)
    assert _delivered(grid) == ["1", "1"]
    [delivery] = world.find(grid, "1")["deliveries"]
    assert (delivery["state"], delivery["attempts"]) == ("delivered", 2)


def test_a_late_delivery_is_overtaken(grid: Grid, fleet: Any) -> None:
    grid.call(grid.azure.faults.add, Fault("hook.example.test", delay=5))
    before = len(grid.hook.got)
    _send(fleet, "first")
    _send(fleet, "second")
    grid.run(grid.hook.arrived(before + 1))
    world.advance(grid, seconds=5)
    ids = [event["id"] for _, body in publishing.got(grid) for event in body]
    assert ids == ["second", "first"]
