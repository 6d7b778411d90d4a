"""Where event subscriptions may deliver to, as the engine asks for them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2 as pb

from local_azure.control_plane.tenant import SUBSCRIPTION as SUBSCRIPTION_ID
from local_azure_tests.providers.conftest import refusal
from local_azure_tests.providers.event_path import EventPath
from local_azure_tests.storage.world import event

if TYPE_CHECKING:
    from local_azure_tests.conftest import Running
    from local_azure_tests.providers.conftest import Created, Engine

SUBSCRIPTION = "azure-native:eventgrid:SystemTopicEventSubscription"
IDENTITY = {"type": "SystemAssigned"}
ASSIGNMENT = "azure-native:authorization:RoleAssignment"
SENDER = (
    f"{SUBSCRIPTION_ID}/providers/Microsoft.Authorization/roleDefinitions/"
    "69a216fc-b8fb-44d8-bc22-1f3c2cd27a39"
)
IDS = "/subscriptions/x/resourceGroups/g/providers"
GOOD: dict[str, Any] = {
    "resourceGroupName": "group",
    "systemTopicName": "topic",
    "eventSubscriptionName": "to-somewhere",
}


class Messages(EventPath):
    """A topic with an identity, and what its events can go to."""

    @cached_property
    def messages_topic(self) -> Created:
        inputs = {
            **self.in_group,
            "systemTopicName": f"{self.stem}-topic",
            "source": self.inputs.id,
            "topicType": "Microsoft.Storage.StorageAccounts",
            "identity": {"type": "SystemAssigned"},
        }
        return self.native.create("azure-native:eventgrid:SystemTopic", inputs)

    @cached_property
    def bus(self) -> str:
        inputs = {**self.in_group, "namespaceName": f"{self.stem}-bus", "disableLocalAuth": True}
        self.native.create("azure-native:servicebus:Namespace", inputs)
        return f"{self.stem}-bus"

    def queue(self, name: str, **more: Any) -> Created:
        inputs = {**self.in_group, "namespaceName": self.bus, "queueName": name, **more}
        return self.native.create("azure-native:servicebus:Queue", inputs)

    def by_identity(self, name: str, destination: Any, identity: Any = None) -> Any:
        return {
            **self.in_group,
            "systemTopicName": self.messages_topic.outputs["name"],
            "eventSubscriptionName": name,
            "deliveryWithResourceIdentity": {
                "destination": destination,
                "identity": identity or IDENTITY,
            },
        }


@pytest.fixture(scope="module")
def path(native: Engine) -> Messages:
    return Messages(native, "de")


def test_a_subscription_by_identity_is_told_as_it_was_given_and_stays_so(
    native: Engine, path: Messages
) -> None:
    queue = path.queue("events").id
    principal = path.messages_topic.outputs["identity"]["principalId"]
    scope = {"scope": queue, "principalType": "ServicePrincipal", "principalId": principal}
    native.create(ASSIGNMENT, {**scope, "roleDefinitionId": SENDER})
    destination = {"endpointType": "ServiceBusQueue", "resourceId": queue}
    inputs = path.by_identity("to-queue", destination)

    created = native.create(SUBSCRIPTION, inputs)

    assert created.outputs["deliveryWithResourceIdentity"]["destination"] == destination
    assert created.outputs.get("destination") is None
    found = native.read(created)
    assert found is not None
    assert found.inputs == created.inputs
    assert native.diff(created, inputs).changes == pb.DiffResponse.DIFF_NONE


def test_a_domains_identity_delivers_what_one_of_its_topics_gets(
    native: Engine, path: Messages, running: Running
) -> None:
    domain_inputs = {**path.in_group, "domainName": "de-domain", "identity": IDENTITY}
    domain = native.create("azure-native:eventgrid:Domain", domain_inputs)
    queue = path.queue("models")
    scope = {"scope": queue.id, "principalType": "ServicePrincipal"}
    principal = {"principalId": domain.outputs["identity"]["principalId"], **scope}
    native.create(ASSIGNMENT, {**principal, "roleDefinitionId": SENDER})
    destination = {"endpointType": "ServiceBusQueue", "resourceId": queue.id}
    inputs = path.by_identity("to-models", destination)
    del inputs["systemTopicName"]
    place = {"domainName": "de-domain", "topicName": "models"}
    native.create("azure-native:eventgrid:DomainTopicEventSubscription", {**inputs, **place})

    grid, messages = running.azure.eventgrid, running.azure.messaging
    running.call(grid.publish, f"{domain.id}/topics/models", [event()])
    running.run(grid.settled())

    [message] = running.call(messages.last, queue.id, 10)
    assert event()["id"] in message["body"]


@pytest.mark.parametrize(
    ("destination", "told"),
    [
        (
            {"endpointType": "EventHub", "resourceId": f"{IDS}/Microsoft.EventHub/namespaces/n/x"},
            "does not exist",
        ),
        (
            {"endpointType": "StorageQueue", "resourceId": "{account}", "queueName": "nowhere"},
            "queueServices/default/queues/nowhere' does not exist",
        ),
        ({"endpointType": "EventHub", "resourceId": "{account}"}, "found a Microsoft.Storage"),
        ({"endpointType": "ServiceBusQueue", "resourceId": "{sessions}"}, "requires sessions"),
    ],
)
def test_a_destination_that_is_not_there_or_takes_no_events_is_refused(
    native: Engine, path: Messages, destination: dict[str, Any], told: str
) -> None:
    ids = {"{account}": path.inputs.id}
    if destination["resourceId"] == "{sessions}":
        ids["{sessions}"] = path.queue("sessions", requiresSession=True).id
    given = {**destination, "resourceId": ids.get(destination["resourceId"], "/x/y")}

    with pytest.raises(grpc.RpcError) as error:
        native.create(SUBSCRIPTION, path.by_identity("to-nowhere", given))

    assert told in refusal(error)
    assert "deliveryWithResourceIdentity.destination." in refusal(error)


@pytest.mark.parametrize(
    ("identity", "told"),
    [
        ({"type": "UserAssigned", "userAssignedIdentity": f"{IDS}/x"}, "does not have it"),
        ({"type": "UserAssigned"}, "does not have it"),
        ({"userAssignedIdentity": f"{IDS}/x"}, "accepted: type 'SystemAssigned'"),
        ({"type": "SystemAssigned", "userAssignedIdentity": f"{IDS}/x"}, "accepted: type"),
    ],
)
def test_an_identity_that_the_topic_does_not_have_is_refused(
    native: Engine, path: Messages, identity: dict[str, str], told: str
) -> None:
    queue = f"{path.messages_topic.id.split('/providers/')[0]}/providers/Microsoft.ServiceBus"
    queue = f"{queue}/namespaces/{path.bus}/queues/events"
    destination = {"endpointType": "ServiceBusQueue", "resourceId": queue}

    with pytest.raises(grpc.RpcError) as error:
        native.create(SUBSCRIPTION, path.by_identity("by-nobody", destination, identity))

    assert told in refusal(error)


@pytest.mark.parametrize(
    ("inputs", "where", "told"),
    [
        (
            {"destination": {"endpointType": "EventHub", "resourceId": "/x"}},
            "destination",
            "give deliveryWithResourceIdentity",
        ),
        (
            {
                "deliveryWithResourceIdentity": {
                    "destination": {"endpointType": "WebHook", "endpointUrl": "https://h/"},
                    "identity": IDENTITY,
                }
            },
            "deliveryWithResourceIdentity.destination",
            "no managed identity delivers to a webhook",
        ),
        (
            {"destination": {"endpointType": "AzureFunction", "resourceId": "/x"}},
            "destination.endpointType",
            "A function's URL with its key is a 'WebHook'",
        ),
        (
            {
                "deliveryWithResourceIdentity": {
                    "destination": {"endpointType": "StorageQueue", "resourceId": "/x"},
                    "identity": IDENTITY,
                }
            },
            "deliveryWithResourceIdentity.destination.queueName",
            "missing",
        ),
        ({}, "destination", "found neither"),
    ],
)
def test_a_destination_in_the_wrong_place_or_of_another_kind_is_refused_by_name(
    native: Engine, inputs: dict[str, Any], where: str, told: str
) -> None:
    _, failures = native.check(SUBSCRIPTION, {**GOOD, **inputs})

    assert [path for path, _ in failures] == [where]
    assert told in failures[0][1]


def test_a_secret_attribute_of_a_wrong_type_is_not_shown(native: Engine) -> None:
    mapping = {"type": "Static", "name": "Key", "value": 5318008, "isSecret": True}
    destination = {
        "endpointType": "WebHook",
        "endpointUrl": "https://h/",
        "deliveryAttributeMappings": [mapping],
    }

    _, failures = native.check(SUBSCRIPTION, {**GOOD, "destination": destination})

    assert len(failures) == 1
    assert "5318008" not in str(failures)
