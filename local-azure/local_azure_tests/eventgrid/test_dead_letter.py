"""Dead letters, written as blobs under the topic's identity."""

from datetime import timedelta

import pytest

from local_azure_tests.conftest import Running
from local_azure_tests.storage import world


@pytest.fixture(scope="module")
def shared(shared: tuple[Running, world.Hook]) -> tuple[Running, world.Hook]:
    world.build(shared[0], ["letters"])
    return shared


@pytest.fixture
def refused(grid: Running, hook: world.Hook, monkeypatch: pytest.MonkeyPatch) -> Running:
    """A server with an event that its webhook has refused."""
    grid.lead(monkeypatch)
    grid.call(world.subscribe, grid.azure, deadLetterWithResourceIdentity=world.DEAD_LETTERS)
    hook.answers = [400]
    world.publish(grid)
    return grid


def _take(grid: Running) -> None:
    grid.call(grid.azure.authorization.unassign, "letters")


def test_a_dead_letter_tells_what_became_of_its_event(refused: Running) -> None:
    world.let_bury(refused)
    now = refused.azure.clock.now()
    world.advance(refused, seconds=299)
    assert world.letters() == {}
    world.advance(refused, seconds=1)
    told = world.find(refused, "id of /blobServices/default/containers/input/blobs/a")
    assert told["deliveries"][0]["state"] == "dead-lettered"
    [(name, letter)] = world.letters().items()
    assert name.startswith(f"TO-HOOK/{now.year}/{now.month}/{now.day}/{now.hour}/")
    assert name.endswith(".json")
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
    refused: Running, caplog: pytest.LogCaptureFixture
) -> None:
    _take(refused)
    world.advance(refused, seconds=300)
    told = world.deliveries(refused)[0]
    assert told["state"] == "dead-lettering"
    assert world.LETTERS in told["refusal"]
    assert "blobs/write" in told["refusal"]
    assert "with object id '00000003-" in caplog.text
    assert "blobs/write" in caplog.text
    assert world.LETTERS in caplog.text
    world.let_bury(refused)
    world.advance(refused, seconds=300)
    assert world.deliveries(refused)[0]["refusal"] is None
    assert len(world.letters()) == 1


def test_after_four_hours_without_storage_a_dead_letter_is_dropped(refused: Running) -> None:
    _take(refused)
    for _ in range(48):
        world.advance(refused, minutes=5)
    assert world.deliveries(refused)[0]["state"] == "dead-lettering"
    world.advance(refused, minutes=5)
    assert world.deliveries(refused)[0]["state"] == "dropped"
    world.let_bury(refused)
    world.advance(refused, minutes=5)
    assert world.letters() == {}


def test_an_expired_event_is_dead_lettered_too(
    grid: Running, hook: world.Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    grid.lead(monkeypatch)
    world.let_bury(grid)
    grid.call(
        world.subscribe,
        grid.azure,
        deadLetterWithResourceIdentity=world.DEAD_LETTERS,
        retryPolicy={"eventTimeToLiveInMinutes": 1},
    )
    hook.answers = [500]
    world.publish(grid)
    grid.call(grid.azure.clock.advance, timedelta(minutes=2))
    world.advance(grid, seconds=0)
    world.advance(grid, minutes=5)
    [letter] = world.letters().values()
    assert letter["deadLetterReason"] == "TimeToLiveExceeded"
    assert letter["lastDeliveryOutcome"] == "InternalServerError"
