"""The domain: events that the team sends to a topic, by the real client, reach its function."""

import json
from typing import Any

import pytest
from azure.core.exceptions import ClientAuthenticationError, HttpResponseError
from azure.eventgrid import EventGridEvent, EventGridPublisherClient
from azure.identity import EnvironmentCredential

from tests.stack.event_path.deployed import until
from tests.stack.event_path.test_roles import CALLER, without
from tests.stack.workspace_events.conftest import DOCUMENTED_FUNCTION
from tests.stack.workspace_events.told import Told

SENDER = "d5a91429-5739-47e2-a06b-3470a27159e7"
REGISTERED = "Microsoft.MachineLearningServices.ModelRegistered"


def send(told: Told, subject: str, kind: str = REGISTERED, topic: str = "models") -> None:
    """Send an event as a publisher of the stack file."""
    event: Any = EventGridEvent(subject, kind, {"ModelName": "m"}, "1.0", topic=topic)
    endpoint = told.outputs["event_grid_topic_endpoint"]
    with told.shell(), EnvironmentCredential() as credential:
        EventGridPublisherClient(endpoint, credential, retry_total=0).send(event)


def test_a_sent_event_reaches_the_function_of_its_topic(told: Told) -> None:
    send(told, "models/m:1")

    event = told.await_event("/approved", "models/m:1")
    domain = told.outputs["event_subscription_id"].rpartition("/topics/")[0]
    assert event["topic"].lower() == f"{domain}/topics/models".lower()
    assert {each.query for each in told.deliveries("/approved")} == {
        "code=a%2Fkey%2Bof%3Dthe%3D%3Dfunction"
    }


def test_the_documented_function_gets_the_events_of_the_documented_topic(told: Told) -> None:
    send(told, "models/m:9", topic="my-event-grid-topic")

    until(lambda: "models/m:9" in subjects(told), "an event at the documented function")


def subjects(told: Told) -> list[str]:
    """Of what came to the documented function, handshakes included."""
    found = told.running.call(told.running.azure.handlers.received, DOCUMENTED_FUNCTION, 100)
    assert found is not None
    return [event["subject"] for each in found["messages"] for event in json.loads(each["body"])]


def test_an_event_of_another_type_stays_where_it_is(told: Told) -> None:
    send(told, "models/m:2", kind="Team.Rejected")
    send(told, "models/m:3")

    told.await_event("/approved", "models/m:3")
    assert [e for e in told.heard("/approved") if e["subject"] == "models/m:2"] == []


def test_a_topic_that_nobody_made_takes_no_events(told: Told) -> None:
    with pytest.raises(HttpResponseError):
        send(told, "models/m:4", topic="approvals")


def test_who_is_no_publisher_sends_nothing(told: Told) -> None:
    domain = told.outputs["event_subscription_id"].rpartition("/topics/")[0].lower()
    with (
        without(told, CALLER, SENDER, domain),
        pytest.raises((ClientAuthenticationError, HttpResponseError)),
    ):
        send(told, "models/m:5")
