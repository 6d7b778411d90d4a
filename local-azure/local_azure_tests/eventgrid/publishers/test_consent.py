"""A webhook that accepts the question, and consents by calling the validation URL."""

import asyncio
from concurrent.futures import Future
from datetime import timedelta
from typing import Any

import pytest
import requests

from local_azure.control_plane.clouds import PUBLIC
from local_azure.control_plane.resource_manager.errors import ControlPlaneError
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.control_plane.tenant import DEPLOYER
from local_azure_tests.conftest import Running
from local_azure_tests.eventgrid.publishers import publishing
from local_azure_tests.storage import world

SUBSCRIPTION = f"{publishing.TOPIC}/eventSubscriptions/to-hook"


def _begin(grid: Running, hook: world.Hook, **inputs: Any) -> Future[Resource]:
    """Put a subscription whose webhook accepts the question, and wait until it was asked."""
    publishing.topic(grid)
    hook.body = ""
    given = {
        **publishing.GROUP,
        "topicName": "orders",
        "eventSubscriptionName": "to-hook",
        "destination": world.webhook(),
        **inputs,
    }
    kind = publishing.KINDS["TopicEventSubscription"]
    manager = grid.azure.manager
    putting = manager.put(manager.kind(kind.arm_type) or kind, given, DEPLOYER, PUBLIC, new=True)
    begun = grid.begin(putting)
    grid.run(hook.arrived(1))
    assert _state(grid) == "AwaitingManualAction"
    return begun


def _state(grid: Running) -> str:
    """The subscription's provisioning state, once it can be seen."""

    async def seen() -> str:
        while (found := grid.azure.resources.find(SUBSCRIPTION)) is None:  # noqa: ASYNC110 nothing tells when a resource is there
            await asyncio.sleep(0)
        return str(found.properties["provisioningState"])

    return grid.run(seen())


def _url(hook: world.Hook) -> str:
    return str(hook.got[0][2][0]["data"]["validationUrl"])


def test_a_call_of_the_validation_url_makes_the_subscription(
    grid: Running, hook: world.Hook
) -> None:
    putting = _begin(grid, hook)
    url = _url(hook)
    assert url.startswith(
        "https://rp-westeurope.eventgrid.azure.net/eventsubscriptions/to-hook/validate?id="
    )
    assert requests.get(url, timeout=5).status_code == 200
    made = putting.result(timeout=60)
    assert made.properties["provisioningState"] == "Succeeded"
    assert requests.get(url, timeout=5).status_code == 404


def test_before_consent_no_event_is_delivered(grid: Running, hook: world.Hook) -> None:
    putting = _begin(grid, hook)
    publishing.by_key(grid).send(publishing.event())
    requests.get(_url(hook), timeout=5)
    putting.result(timeout=60)
    assert publishing.got(grid, hook) == []


def test_a_receiver_of_cloud_events_consents_by_its_callback(
    grid: Running, hook: world.Hook
) -> None:
    putting = _begin(grid, hook, eventDeliverySchema="CloudEventSchemaV1_0")
    callback = hook.got[0][1]["webhook-request-callback"]
    assert requests.post(callback, timeout=5).status_code == 200
    assert putting.result(timeout=60).properties["provisioningState"] == "Succeeded"


def test_a_wrong_call_gives_no_consent_and_after_10_minutes_the_subscription_has_failed(
    grid: Running, hook: world.Hook
) -> None:
    putting = _begin(grid, hook)
    assert requests.get(f"{_url(hook)}x", timeout=5).status_code == 404
    grid.call(grid.azure.clock.advance, timedelta(seconds=599))
    assert _state(grid) == "AwaitingManualAction"
    grid.call(grid.azure.clock.advance, timedelta(seconds=1))
    with pytest.raises(ControlPlaneError, match="within 10 minutes") as refusal:
        putting.result(timeout=60)
    assert "sig=" not in str(refusal.value)
    assert _state(grid) == "Failed"


def test_a_subscription_that_waited_when_the_process_ended_is_gone(
    grid: Running, hook: world.Hook
) -> None:
    putting = _begin(grid, hook)
    waiting = grid.call(grid.azure.resources.find, SUBSCRIPTION)
    requests.get(_url(hook), timeout=5)
    putting.result(timeout=60)
    # What a kill of the process leaves behind.
    grid.call(grid.azure.resources.put, waiting)
    grid.run(grid.azure.eventgrid.stop())
    grid.run(grid.azure.eventgrid.start())
    assert grid.call(grid.azure.resources.find, SUBSCRIPTION) is None
