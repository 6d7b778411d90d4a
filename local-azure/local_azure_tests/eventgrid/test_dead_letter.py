"""Dead letters, written as blobs under the topic's identity."""

from datetime import timedelta

import pytest

from local_azure_tests.eventgrid.conftest import Grid
from local_azure_tests.storage import world


@pytest.fixture(scope="module")
def shared(shared: Grid) -> Grid:
    world.build(shared, ["letters"])
    return shared


@pytest.fixture
def refused(grid: Grid, monkeypatch: pytest.MonkeyPatch) -> Grid:
    """A server with an event that its webhook has refused."""
    grid.lead(monkeypatch)
    grid.subscribe(deadLetterWithResourceIdentity=world.DEAD_LETTERS)
    grid.hook.answers = [400]
    world.publish(grid)
    return grid


def _take(grid: Grid) -> None:
    grid.call(grid.azure.authorization.unassign, "letters")


def test_a_dead_letter_tells_what_became_of_its_event(refused: Grid) -> None:
    world.let_bury(refused)
    now = refused.azure.clock.now()
    world.advance(refused, seconds=299)
    early = world.letters()
    world.advance(refused, seconds=1)

    [(name, letter)] = world.letters().items()
    folder, _, file = name.rpartition("/")
    told = world.find(refused, letter["id"])
    assert (early, told["deliveries"][0]["state"], folder, file[-5:]) == (
        {},
        "dead-lettered",
        f"TO-HOOK/{now.year}/{now.month}/{now.day}/{now.hour}",
        ".json",
    )
    moment = f"{now:%Y-%m-%dT%H:%M:%S}.0000000Z"
    assert letter == {
        "topic": world.ACCOUNT,
        **world.event(),
        "deadLetterReason": "MaxDeliveryAttemptsExceeded",
        "deliveryAttempts": 1,
        "lastDeliveryOutcome": "BadRequest",
        "publishTime": moment,
        "lastDeliveryAttemptTime": moment,
    }


def test_without_its_role_a_dead_letter_waits_and_says_why(
    refused: Grid, caplog: pytest.LogCaptureFixture
) -> None:
    _take(refused)
    world.advance(refused, seconds=300)
    waiting = world.deliveries(refused)[0]
    world.let_bury(refused)
    world.advance(refused, seconds=300)
    written = world.find(refused, str(world.event()["id"]))["deliveries"][0]

    why = (
        f"with object id '{world.TOPIC_IDENTITY.object_id}' does not have authorization to perform "
        "action 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write' "
        f"over scope '{world.LETTERS}'"
    )
    assert why in waiting["refusal"]
    assert why in caplog.text
    found = (waiting["state"], written["refusal"], len(world.letters()))
    assert found == ("dead-lettering", None, 1)


def test_after_four_hours_without_storage_a_dead_letter_is_dropped(refused: Grid) -> None:
    _take(refused)
    for _ in range(48):
        world.advance(refused, minutes=5)
    before = world.deliveries(refused)[0]["state"]
    world.advance(refused, minutes=5)
    after = world.deliveries(refused)[0]["state"]
    world.let_bury(refused)
    world.advance(refused, minutes=5)

    assert (before, after, world.letters()) == ("dead-lettering", "dropped", {})


def test_an_expired_event_is_dead_lettered_too(grid: Grid, monkeypatch: pytest.MonkeyPatch) -> None:
    grid.lead(monkeypatch)
    world.let_bury(grid)
    grid.subscribe(
        deadLetterWithResourceIdentity=world.DEAD_LETTERS,
        retryPolicy={"eventTimeToLiveInMinutes": 1},
    )
    grid.hook.answers = [500]
    world.publish(grid)
    grid.call(grid.azure.clock.advance, timedelta(minutes=2))
    world.advance(grid, seconds=0)
    world.advance(grid, minutes=5)

    [letter] = world.letters().values()
    assert (letter["deadLetterReason"], letter["lastDeliveryOutcome"]) == (
        "TimeToLiveExceeded",
        "InternalServerError",
    )
