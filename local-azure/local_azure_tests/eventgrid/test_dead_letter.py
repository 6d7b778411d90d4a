"""Dead letters, written as blobs under the topic's identity."""

import json
from datetime import timedelta
from typing import Any

import pytest

from local_azure_tests.conftest import Running
from local_azure_tests.storage import world

LETTERS = f"{world.ACCOUNT}/blobServices/default/containers/letters"
DEAD_LETTERS = {
    "deadLetterDestination": {
        "endpointType": "StorageBlob",
        "resourceId": world.ACCOUNT,
        "blobContainerName": "letters",
    },
    "identity": {"type": "SystemAssigned"},
}


@pytest.fixture(scope="module")
def shared(shared: tuple[Running, world.Hook]) -> tuple[Running, world.Hook]:
    world.build(shared[0], ["letters"])
    return shared


@pytest.fixture
def refused(grid: Running, hook: world.Hook) -> Running:
    """A server with an event that its webhook has refused."""
    grid.call(world.subscribe, grid.azure, deadLetterWithResourceIdentity=DEAD_LETTERS)
    hook.answers = [400]
    world.publish(grid)
    return grid


def _give(grid: Running) -> None:
    identity = world.TOPIC_IDENTITY.object_id
    grid.call(grid.azure.authorization.assign, "letters", identity, world.CONTRIBUTOR, LETTERS)


def _take(grid: Running) -> None:
    grid.call(grid.azure.authorization.unassign, "letters")


def _letters(grid: Running, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    grid.lead(monkeypatch)
    container = world.blobs().get_container_client("letters")
    found = {
        name: json.loads(container.download_blob(name).readall())
        for name in container.list_blob_names()
    }
    for name in found:
        container.delete_blob(name)
    return found


def test_a_dead_letter_tells_what_became_of_its_event(
    refused: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    _give(refused)
    now = refused.azure.clock.now()
    world.advance(refused, seconds=299)
    assert _letters(refused, monkeypatch) == {}
    world.advance(refused, seconds=1)
    told = world.find(refused, "id of /blobServices/default/containers/input/blobs/a")
    assert told["deliveries"][0]["state"] == "dead-lettered"
    [(name, [letter])] = _letters(refused, monkeypatch).items()
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
    refused: Running, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    _take(refused)
    world.advance(refused, seconds=300)
    told = world.deliveries(refused)[0]
    assert told["state"] == "dead-lettering"
    assert LETTERS in told["refusal"]
    assert "blobs/write" in told["refusal"]
    assert "with object id '00000003-" in caplog.text
    assert "blobs/write" in caplog.text
    assert LETTERS in caplog.text
    _give(refused)
    world.advance(refused, seconds=300)
    assert world.deliveries(refused)[0]["refusal"] is None
    assert len(_letters(refused, monkeypatch)) == 1


def test_after_four_hours_without_storage_a_dead_letter_is_dropped(
    refused: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    _take(refused)
    for _ in range(48):
        world.advance(refused, minutes=5)
    assert world.deliveries(refused)[0]["state"] == "dead-lettering"
    world.advance(refused, minutes=5)
    assert world.deliveries(refused)[0]["state"] == "dropped"
    _give(refused)
    world.advance(refused, minutes=5)
    assert _letters(refused, monkeypatch) == {}


def test_an_expired_event_is_dead_lettered_too(
    grid: Running, hook: world.Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    _give(grid)
    grid.call(
        world.subscribe,
        grid.azure,
        deadLetterWithResourceIdentity=DEAD_LETTERS,
        retryPolicy={"eventTimeToLiveInMinutes": 1},
    )
    hook.answers = [500]
    world.publish(grid)
    grid.call(grid.azure.clock.advance, timedelta(minutes=2))
    world.advance(grid, seconds=0)
    world.advance(grid, minutes=5)
    [[letter]] = _letters(grid, monkeypatch).values()
    assert letter["deadLetterReason"] == "TimeToLiveExceeded"
    assert letter["lastDeliveryOutcome"] == "InternalServerError"
