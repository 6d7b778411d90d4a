"""Where event subscriptions may deliver to, as the engine asks for them."""

from functools import cached_property
from typing import Any

import pytest

from local_azure_tests.conftest import Running
from local_azure_tests.providers.engine import Created, Engine, refused
from local_azure_tests.providers.event_path import EventPath
from local_azure_tests.storage.world import event

SUBSCRIPTION = "azure-native:eventgrid:SystemTopicEventSubscription"
IDENTITY = {"type": "SystemAssigned"}
SENDER = "69a216fc-b8fb-44d8-bc22-1f3c2cd27a39"
IDS = "/subscriptions/x/resourceGroups/g/providers"


class Messages(EventPath):
    """A topic with an identity, and what its events can go to."""

    @cached_property
    def bus(self) -> str:
        name = f"{self.stem}-bus"
        self.made("servicebus:Namespace", namespaceName=name, disableLocalAuth=True)
        return name

    @cached_property
    def events(self) -> str:
        return self.queue("events").id

    def queue(self, name: str, **more: Any) -> Created:
        return self.made("servicebus:Queue", namespaceName=self.bus, queueName=name, **more)

    def by_identity(self, name: str, destination: Any, identity: Any = None) -> Any:
        return {
            **self.in_group,
            "systemTopicName": self.topic.outputs["name"],
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
    queue = path.events
    principal = path.topic.outputs["identity"]["principalId"]
    path.grant(principal, queue, SENDER)
    destination = {"endpointType": "ServiceBusQueue", "resourceId": queue}
    inputs = path.by_identity("to-queue", destination)

    created = native.create(SUBSCRIPTION, inputs)

    assert created.outputs["deliveryWithResourceIdentity"]["destination"] == destination
    assert created.outputs.get("destination") is None
    assert native.is_settled(created, inputs)


def test_a_domains_identity_delivers_what_one_of_its_topics_gets(
    native: Engine, path: Messages, running: Running
) -> None:
    domain = path.made("eventgrid:Domain", domainName="de-domain", identity=IDENTITY)
    queue = path.queue("models")
    path.grant(domain.outputs["identity"]["principalId"], queue.id, SENDER)
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

    said = native.refusal(SUBSCRIPTION, path.by_identity("to-nowhere", given))

    assert told in said
    assert "deliveryWithResourceIdentity.destination." in said


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
    destination = {"endpointType": "ServiceBusQueue", "resourceId": path.events}

    with refused(told):
        native.create(SUBSCRIPTION, path.by_identity("by-nobody", destination, identity))
