"""Domains and their subscriptions as a program makes them."""

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


def test_a_workflow_gets_a_domain_topics_events_and_the_next_update_changes_nothing(
    path: EventPath, domain: Created
) -> None:
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
    made = path.native.create(f"{EVENT_GRID}DomainTopicEventSubscription", inputs)
    assert made.id == f"{domain.id}/topics/models/eventSubscriptions/to-workflow"
    told = domain.id.replace("Microsoft.EventGrid", "microsoft.eventgrid")
    assert made.outputs["topic"] == f"{told}/topics/models"
    assert "sig=" not in str(made.outputs)
    assert not path.native.diff(made, inputs).diffs
    fewer = {**inputs, "retryPolicy": {"maxDeliveryAttempts": 2}}
    assert list(path.native.diff(made, fewer).replaces) == []
    elsewhere = {**inputs, "topicName": "other"}
    assert list(path.native.diff(made, elsewhere).replaces) == ["topicName"]
    path.native.delete(made)
    assert path.native.read(made) is None
