"""Domains and their subscriptions as a program makes them."""

from typing import Any

import pytest

from local_azure_tests.providers.engine import Created
from local_azure_tests.providers.event_path import EventPath

EVENT_GRID = "azure-native:eventgrid:"


@pytest.fixture(scope="module")
def domain(path: EventPath) -> Created:
    made = path.made(
        "eventgrid:Domain",
        domainName="grid-domain",
        autoCreateTopicWithFirstSubscription=False,
        autoDeleteTopicWithLastSubscription=False,
    )
    path.made("eventgrid:DomainTopic", domainName="grid-domain", domainTopicName="models")
    return made


@pytest.fixture(scope="module")
def subscribed(path: EventPath, domain: Created) -> Created:
    inputs = {
        **path.in_group,
        "domainName": domain.outputs["name"],
        "topicName": "models",
        "eventSubscriptionName": "to-workflow",
        "destination": {
            "endpointType": "WebHook",
            "endpointUrl": path.callback_url,
            "maxEventsPerBatch": 1,
            "preferredBatchSizeInKilobytes": 64,
        },
        "eventDeliverySchema": "EventGridSchema",
        "retryPolicy": {"maxDeliveryAttempts": 3, "eventTimeToLiveInMinutes": 1440},
    }
    return path.native.create(f"{EVENT_GRID}DomainTopicEventSubscription", inputs)


def test_a_workflow_gets_a_domain_topics_events(domain: Created, subscribed: Created) -> None:
    told = domain.id.replace("Microsoft.EventGrid", "microsoft.eventgrid")

    assert subscribed.id == f"{domain.id}/topics/models/eventSubscriptions/to-workflow"
    assert subscribed.outputs["topic"] == f"{told}/topics/models"
    assert "sig=" not in str(subscribed.outputs)


@pytest.mark.parametrize(
    ("change", "changed", "replaced"),
    [
        ({}, [], []),
        ({"retryPolicy": {"maxDeliveryAttempts": 2}}, ["retryPolicy"], []),
        ({"topicName": "other"}, ["topicName"], ["topicName"]),
    ],
    ids=["nothing", "in place", "by another"],
)
def test_the_next_update_changes_what_is_another(
    path: EventPath,
    subscribed: Created,
    change: dict[str, Any],
    changed: list[str],
    replaced: list[str],
) -> None:
    told = path.native.diff(subscribed, {**subscribed.inputs, **change})

    assert (list(told.diffs), list(told.replaces)) == (changed, replaced)
