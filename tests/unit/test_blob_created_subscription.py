"""What brings created blobs to the workflow."""

from typing import Any

import pulumi
import pytest

from tests.unit.azure import CALLBACK_URL, GROUP
from tests.unit.engine import Deployment, Registered
from tests.unit.program import run
from tests.unit.sample_settings import changed

STORAGE = f"{GROUP}/providers/Microsoft.Storage/storageAccounts"
LOST = f"{STORAGE}/dlinputs0a1b2c3d4e"
PREFIX = "/blobServices/default/containers/inputs/blobs/incoming/"
THEIRS = {
    "storage.existing": f"{STORAGE}/theirs".replace("/rg/", "/data/"),
    "blob_events.existing_system_topic": {"resource_group": "events", "name": "data"},
}


def _subscription(**said: Any) -> Registered:
    return run(changed(blob_events=said)).one("EventSubscription")


def _seldom_tried() -> Registered:
    return _subscription(extension_filter=".csv", delivery_attempts=5, time_to_live_minutes=60)


def _of_all_files() -> Registered:
    return _subscription(extension_filter=None, skip_empty_blobs=False)


def test_the_topic_is_the_accounts_in_its_region_with_an_identity() -> None:
    topic = run().one("SystemTopic").inputs
    assert {key: each for key, each in topic.items() if key != "tags"} == {
        "resourceGroupName": "rg",
        "location": "westeurope",
        "source": f"{STORAGE}/stinputs0a1b2c3d4e",
        "topicType": "Microsoft.Storage.StorageAccounts",
        "identity": {"type": "SystemAssigned"},
    }


def test_one_event_is_delivered_at_a_time_to_a_url_that_stays_secret() -> None:
    subscription = _subscription()
    assert subscription.inputs["destination"] == {
        "endpointType": "WebHook",
        "endpointUrl": CALLBACK_URL,
        "maxEventsPerBatch": 1,
        "minimumTlsVersionAllowed": "1.2",
    }
    assert subscription.secrets == {"destination.endpointUrl"}


def test_only_created_blobs_under_the_prefix_are_delivered() -> None:
    assert _seldom_tried().inputs["filter"] == {
        "includedEventTypes": ["Microsoft.Storage.BlobCreated"],
        "subjectBeginsWith": PREFIX,
        "subjectEndsWith": ".csv",
        "isSubjectCaseSensitive": True,
        "advancedFilters": [
            {
                "operatorType": "StringNotIn",
                "key": "data.api",
                "values": ["CreateFile", "SftpCreate", "SftpWrite"],
            },
            {"operatorType": "NumberNotIn", "key": "data.contentLength", "values": [0]},
        ],
    }


def test_without_an_extension_any_file_is_delivered() -> None:
    assert "subjectEndsWith" not in _of_all_files().inputs["filter"]


def test_files_that_are_moved_there_are_delivered_where_a_stack_wants_them() -> None:
    moved = changed({**THEIRS, "blob_events.renamed_blobs": True})
    chosen = run(moved).one("EventSubscription").inputs["filter"]

    assert chosen["includedEventTypes"] == [
        "Microsoft.Storage.BlobCreated",
        "Microsoft.Storage.BlobRenamed",
    ]
    assert [each["values"] for each in chosen["advancedFilters"]] == [
        ["CreateFile", "SftpCreate", "SftpWrite"],
        ["RenameDirectory"],
        [0],
    ]


def test_empty_blobs_are_delivered_where_a_stack_wants_them() -> None:
    chosen = _of_all_files().inputs["filter"]
    assert [each["key"] for each in chosen["advancedFilters"]] == ["data.api"]


def test_delivery_is_tried_as_often_and_as_long_as_configured() -> None:
    assert _seldom_tried().inputs["retryPolicy"] == {
        "maxDeliveryAttempts": 5,
        "eventTimeToLiveInMinutes": 60,
    }


def test_dead_letters_are_written_by_the_topics_identity() -> None:
    assert _subscription().inputs["deadLetterWithResourceIdentity"] == {
        "identity": {"type": "SystemAssigned"},
        "deadLetterDestination": {
            "endpointType": "StorageBlob",
            "resourceId": LOST,
            "blobContainerName": "dead-letters",
        },
    }


def test_a_right_that_is_not_yet_effective_is_waited_for() -> None:
    assert _subscription().error_hooks == ("blob-created-propagation",)


def _at_their_topic(identity: dict[str, str]) -> Deployment:
    return run(changed(THEIRS), {"azure-native:eventgrid:SystemTopic": {"identity": identity}})


def test_an_existing_topic_is_found_by_its_group_and_name_and_brings_its_identity() -> None:
    deployed = _at_their_topic({"principalId": "their-principal"})
    subscription = deployed.one("EventSubscription").inputs
    grant = deployed.named("blob-created-writes-dead-letters").inputs
    there = f"{GROUP}/providers/Microsoft.EventGrid/systemTopics/data"
    place = ("resourceGroupName", "systemTopicName", "eventSubscriptionName")
    assert deployed.one("SystemTopic").read_id == there.replace("/rg/", "/events/")
    assert [subscription[each] for each in place] == ["events", "data", "blob-created-dev"]
    assert grant["principalId"] == "their-principal"


def test_an_existing_topic_without_an_identity_is_refused_with_the_command_that_adds_one() -> None:
    with pytest.raises(pulumi.RunError, match="az eventgrid system-topic update --identity"):
        _at_their_topic({"type": "None"})
