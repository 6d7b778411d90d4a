"""A webhook that accepts the question, and consents by calling the validation URL."""

import asyncio
from concurrent.futures import Future
from datetime import timedelta
from typing import Any

import pytest
import requests

from local_azure.control_plane.resource_manager.errors import ControlPlaneError
from local_azure.control_plane.resource_manager.store import Resource
from local_azure_tests.eventgrid.conftest import Grid
from local_azure_tests.eventgrid.publishers import publishing
from local_azure_tests.storage import world

SUBSCRIPTION = f"{publishing.TOPIC}/eventSubscriptions/to-hook"


def _begin(topic: Grid, **inputs: Any) -> Future[Resource]:
    """Put a subscription whose webhook accepts the question, and wait until it was asked."""
    topic.hook.body = ""
    given = {"topicName": "orders", "destination": world.webhook(), **inputs}
    putting = publishing.putting(
        topic, "TopicEventSubscription", eventSubscriptionName="to-hook", **given
    )
    begun = topic.begin(putting)
    topic.run(topic.hook.arrived(1))
    assert _state(topic) == "AwaitingManualAction"
    return begun


def _state(grid: Grid) -> str:
    """The subscription's provisioning state, once it can be seen."""

    async def seen() -> str:
        while (found := grid.azure.resources.find(SUBSCRIPTION)) is None:  # noqa: ASYNC110 nothing tells when a resource is there
            await asyncio.sleep(0)
        return str(found.properties["provisioningState"])

    return grid.run(seen())


def _url(grid: Grid) -> str:
    return str(grid.hook.got[0][2][0]["data"]["validationUrl"])


def test_a_call_of_the_validation_url_makes_the_subscription(topic: Grid) -> None:
    putting = _begin(topic)
    url = _url(topic)
    first = requests.get(url, timeout=5).status_code
    made = putting.result(timeout=60).properties["provisioningState"]
    again = requests.get(url, timeout=5).status_code

    assert (first, made, again) == (200, "Succeeded", 404)
    place = "https://rp-westeurope.eventgrid.azure.net/eventsubscriptions/to-hook/validate"
    assert url.partition("?id=")[0] == place


def test_before_consent_no_event_is_delivered(topic: Grid) -> None:
    putting = _begin(topic)
    publishing.by_key(topic).send(publishing.event())
    requests.get(_url(topic), timeout=5)
    putting.result(timeout=60)
    assert publishing.got(topic) == []


def test_a_receiver_of_cloud_events_consents_by_its_callback(topic: Grid) -> None:
    putting = _begin(topic, eventDeliverySchema="CloudEventSchemaV1_0")
    callback = topic.hook.got[0][1]["webhook-request-callback"]
    status = requests.post(callback, timeout=5).status_code
    made = putting.result(timeout=60).properties["provisioningState"]
    assert (status, made) == (200, "Succeeded")


def test_a_wrong_call_gives_no_consent_and_after_10_minutes_the_subscription_has_failed(
    topic: Grid,
) -> None:
    putting = _begin(topic)
    status = requests.get(f"{_url(topic)}x", timeout=5).status_code
    topic.call(topic.azure.clock.advance, timedelta(seconds=599))
    before = _state(topic)
    topic.call(topic.azure.clock.advance, timedelta(seconds=1))
    with pytest.raises(ControlPlaneError, match="within 10 minutes") as refusal:
        putting.result(timeout=60)

    assert (status, before, _state(topic)) == (404, "AwaitingManualAction", "Failed")
    assert "sig=" not in str(refusal.value)


def test_a_subscription_that_waited_when_the_process_ended_is_gone(topic: Grid) -> None:
    putting = _begin(topic)
    waiting = topic.call(topic.azure.resources.find, SUBSCRIPTION)
    requests.get(_url(topic), timeout=5)
    putting.result(timeout=60)
    # What a kill of the process leaves behind.
    topic.call(topic.azure.resources.put, waiting)
    topic.run(topic.azure.eventgrid.stop())
    topic.run(topic.azure.eventgrid.start())
    assert topic.call(topic.azure.resources.find, SUBSCRIPTION) is None
