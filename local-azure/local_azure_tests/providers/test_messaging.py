"""Namespaces, event hubs, queues and topics, as the engine asks for them."""

from typing import Any

import pytest

from local_azure_tests.providers.engine import Engine, refused
from local_azure_tests.providers.event_path import EventPath

QUEUE, TOPIC = "azure-native:servicebus:Queue", "azure-native:servicebus:Topic"


@pytest.fixture(scope="module")
def bus(path: EventPath) -> dict[str, Any]:
    """A Standard namespace of Service Bus, as its children name it."""
    path.made("servicebus:Namespace", namespaceName="ms-bus", disableLocalAuth=True)
    return {**path.in_group, "namespaceName": "ms-bus"}


@pytest.mark.parametrize(("kind", "key"), [(QUEUE, "queueName"), (TOPIC, "topicName")])
def test_a_second_up_changes_nothing(
    native: Engine, bus: dict[str, Any], kind: str, key: str
) -> None:
    inputs = {**bus, key: f"same-{key[:5].lower()}", "maxSizeInMegabytes": 2048}
    created = native.create(kind, inputs)

    assert native.is_settled(created, inputs)


def test_a_name_is_taken_for_both_kinds_of_namespaces(native: Engine, bus: dict[str, Any]) -> None:
    with refused("the name 'ms-bus' is already taken"):
        native.create("azure-native:eventhub:Namespace", {**bus, "disableLocalAuth": True})


def test_a_queue_and_a_topic_share_no_name(native: Engine, bus: dict[str, Any]) -> None:
    native.create(QUEUE, {**bus, "queueName": "shared"})

    with refused("queues/shared"):
        native.create(TOPIC, {**bus, "topicName": "shared"})


def test_a_basic_namespace_has_no_topic(path: EventPath) -> None:
    place = {"namespaceName": "ms-basic"}
    basic = {"disableLocalAuth": True, "sku": {"name": "Basic"}}
    path.made("servicebus:Namespace", **place, **basic)

    with refused("a Basic namespace has no topics"):
        path.made("servicebus:Topic", **place, topicName="news")
