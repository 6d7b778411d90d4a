"""Namespaces, event hubs, queues and topics, as the engine asks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2 as pb

from local_azure_tests.providers.conftest import refusal
from local_azure_tests.providers.event_path import EventPath

if TYPE_CHECKING:
    from local_azure_tests.providers.conftest import Engine

HUBS, BUS = "azure-native:eventhub:Namespace", "azure-native:servicebus:Namespace"
HUB, QUEUE, TOPIC = (
    "azure-native:eventhub:EventHub",
    "azure-native:servicebus:Queue",
    "azure-native:servicebus:Topic",
)
GOOD: dict[str, Any] = {
    "resourceGroupName": "group",
    "namespaceName": "namespace",
    "location": "westeurope",
    "disableLocalAuth": True,
}
IN: dict[str, Any] = {"resourceGroupName": "group", "namespaceName": "namespace"}


@pytest.fixture(scope="module")
def path(native: Engine) -> EventPath:
    return EventPath(native, "ms")


@pytest.fixture(scope="module")
def bus(native: Engine, path: EventPath) -> dict[str, Any]:
    """A Standard namespace of Service Bus, as its children name it."""
    inputs = {**path.in_group, "namespaceName": "ms-bus", "disableLocalAuth": True}
    native.create(BUS, inputs)
    return {**path.in_group, "namespaceName": "ms-bus"}


def test_a_namespace_tells_its_address_and_an_event_hub_its_partitions(
    native: Engine, path: EventPath
) -> None:
    inputs = {**path.in_group, "namespaceName": "ms-hubs", "disableLocalAuth": True}
    namespace = native.create(HUBS, inputs)
    hub_inputs = {**path.in_group, "namespaceName": "ms-hubs", "eventHubName": "models"}
    hub = native.create(HUB, {**hub_inputs, "partitionCount": 2})

    endpoint = namespace.outputs["serviceBusEndpoint"]
    assert endpoint == "https://ms-hubs.servicebus.windows.net:443/"
    assert hub.outputs["partitionIds"] == ["0", "1"]
    assert hub.id.endswith("/namespaces/ms-hubs/eventhubs/models")


def test_a_second_up_changes_nothing(native: Engine, bus: dict[str, Any]) -> None:
    for kind, key in ((QUEUE, "queueName"), (TOPIC, "topicName")):
        inputs = {**bus, key: f"same-{key[:5].lower()}", "maxSizeInMegabytes": 2048}
        created = native.create(kind, inputs)
        found = native.read(created)
        assert found is not None
        assert found.inputs == created.inputs
        assert native.diff(created, inputs).changes == pb.DiffResponse.DIFF_NONE


def test_a_name_is_taken_for_both_kinds_of_namespaces(
    native: Engine, path: EventPath, bus: dict[str, Any]
) -> None:
    inputs = {**path.in_group, "namespaceName": bus["namespaceName"], "disableLocalAuth": True}

    with pytest.raises(grpc.RpcError) as error:
        native.create(HUBS, inputs)

    assert "the name 'ms-bus' is already taken" in refusal(error)


def test_a_queue_and_a_topic_share_no_name(native: Engine, bus: dict[str, Any]) -> None:
    native.create(QUEUE, {**bus, "queueName": "shared"})

    with pytest.raises(grpc.RpcError) as error:
        native.create(TOPIC, {**bus, "topicName": "shared"})

    assert "queues/shared" in refusal(error)


def test_a_basic_namespace_has_no_topic(native: Engine, path: EventPath) -> None:
    inputs = {**path.in_group, "namespaceName": "ms-basic", "disableLocalAuth": True}
    native.create(BUS, {**inputs, "sku": {"name": "Basic"}})

    with pytest.raises(grpc.RpcError) as error:
        native.create(TOPIC, {**path.in_group, "namespaceName": "ms-basic", "topicName": "news"})

    assert "a Basic namespace has no topics" in refusal(error)


@pytest.mark.parametrize(
    ("kind", "inputs", "property_path"),
    [
        (HUBS, {**GOOD, "disableLocalAuth": False}, "disableLocalAuth"),
        (BUS, {**GOOD, "namespaceName": "bus"}, "namespaceName"),
        (BUS, {**GOOD, "encryption": {"keySource": "Microsoft.KeyVault"}}, "encryption"),
        (HUBS, {**GOOD, "isAutoInflateEnabled": True}, "isAutoInflateEnabled"),
        (HUB, {**IN, "eventHubName": "h", "partitionCount": 33}, "partitionCount"),
        (HUB, {**IN, "eventHubName": "h", "captureDescription": {"enabled": True}}, "capture"),
        (HUB, {**IN, "eventHubName": "a/b"}, "eventHubName"),
        (QUEUE, {**IN, "queueName": "q", "status": "Disabled"}, "status"),
        (QUEUE, {**IN, "queueName": "q", "forwardTo": "other"}, "forwardTo"),
        (
            QUEUE,
            {**IN, "queueName": "q", "duplicateDetectionHistoryTimeWindow": "soon"},
            "duplicateDetectionHistoryTimeWindow",
        ),
    ],
)
def test_what_is_not_emulated_or_out_of_range_is_refused(
    native: Engine, kind: str, inputs: dict[str, Any], property_path: str
) -> None:
    _, failures = native.check(kind, inputs)

    assert [path.startswith(property_path) for path, _ in failures] == [True]
