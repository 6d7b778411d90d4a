"""The validation handshake."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from local_azure.eventgrid.errors import HandshakeError
from local_azure.eventgrid.handshake import shake_hands
from tests.local.storage import world

if TYPE_CHECKING:
    from tests.local.conftest import Running

URL = world.hook_url("to-hook")


def test_a_webhook_that_answers_with_the_code_gets_events(grid: Running, hook: world.Hook) -> None:
    hook.body = "echo"
    grid.run(shake_hands(grid.azure, URL, world.ACCOUNT, "to-hook"))
    [(_, headers, [event])] = hook.got
    assert headers["aeg-event-type"] == "SubscriptionValidation"
    assert headers["aeg-subscription-name"] == "TO-HOOK"
    assert event["eventType"] == "Microsoft.EventGrid.SubscriptionValidationEvent"
    assert event["topic"] == world.ACCOUNT
    assert set(event["data"]) == {"validationCode"}


@pytest.mark.parametrize(
    ("status", "body", "told"),
    [
        (200, "", "status 200 with ''"),
        (200, "fine", "status 200 with 'fine'"),
        (200, '["a"]', "status 200 with"),
        (200, '{"validationResponse": "another"}', "status 200 with .*another"),
        (200, '{"validationResponse": "\u00e4"}', "status 200 with"),
        (202, "echo", "status 202 with"),
        (401, "no", "status 401 with 'no'"),
    ],
)
def test_every_other_answer_is_refused_and_told(
    status: int, body: str, told: str, grid: Running, hook: world.Hook
) -> None:
    hook.answers, hook.body = [status], body
    with pytest.raises(HandshakeError, match=told) as refusal:
        grid.run(shake_hands(grid.azure, URL, "", ""))
    assert "https://hook.example.test/to-hook." in str(refusal.value)
    assert "sig=" not in str(refusal.value)


def test_a_webhook_that_keeps_silent_is_refused(grid: Running, hook: world.Hook) -> None:
    grid.call(hook.hold.clear)

    async def silence() -> None:
        await hook.arrived(1)
        grid.azure.clock.advance(timedelta(seconds=30))

    async def both() -> None:
        await asyncio.gather(shake_hands(grid.azure, URL, "", ""), silence())

    with pytest.raises(HandshakeError, match=r"nothing came back \(TimedOut\)"):
        grid.run(both())


def test_a_host_that_nobody_answers_for_is_refused(grid: Running) -> None:
    with pytest.raises(HandshakeError, match=r"nothing came back \(ResolutionError\)"):
        grid.run(shake_hands(grid.azure, "https://nowhere.example.test/", "", ""))


def test_a_deleted_subscription_is_announced(grid: Running, hook: world.Hook) -> None:
    identifier = grid.call(world.subscribe, grid.azure)
    hook.answers = [500]
    grid.run(grid.azure.eventgrid.leave(identifier))
    [(_, headers, [event])] = hook.got
    assert headers["aeg-event-type"] == "SubscriptionDeletion"
    assert event["eventType"] == "Microsoft.EventGrid.SubscriptionDeletedEvent"
    assert event["data"] == {"eventSubscriptionId": identifier}
