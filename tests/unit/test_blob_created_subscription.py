"""What brings created blobs to the workflow."""

import pulumi
import pytest

from components.azure.placement import PlacementArgs
from components.event_grid.blob_created_subscription import (
    BlobCreatedSubscription,
    CreatedBlobsArgs,
    ExistingTopicBlobCreatedSubscription,
)
from tests.unit.azure import GROUP, SUBSCRIPTION
from tests.unit.engine import Deployment, deploy

ACCOUNT = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/inputs"
LOST = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/lost"
PREFIX = "/blobServices/default/containers/inputs/blobs/incoming/"
PLACE: PlacementArgs = {"resource_group_name": "rg", "location": "northeurope"}
TOPIC = f"{SUBSCRIPTION}/resourceGroups/events/providers/Microsoft.EventGrid/systemTopics/data"


def _deployed(
    *,
    skip_empty: bool = True,
    renamed: bool = False,
    ends_with: str | None = None,
    existing: dict[str, object] | None = None,
) -> Deployment:
    args: CreatedBlobsArgs = {
        "skip_empty_blobs": skip_empty,
        "renamed_blobs": renamed,
        "dead_letter_container_id": f"{LOST}/blobServices/default/containers/dead",
        "endpoint_url": "https://callback?sig=clear",
        "subject_begins_with": PREFIX,
        "subject_ends_with": ends_with,
        "max_delivery_attempts": 5.0,  # type: ignore[typeddict-item]
        "time_to_live_minutes": 60.0,  # type: ignore[typeddict-item]
    }
    if existing:
        return deploy(
            lambda: ExistingTopicBlobCreatedSubscription(
                "blob-created", {**args, "topic_id": TOPIC, "subscription_name": "one-more"}
            ),
            answers={"azure-native:eventgrid:SystemTopic": existing},
        )
    return deploy(
        lambda: BlobCreatedSubscription(
            "blob-created",
            {**PLACE, **args, "storage_account_id": ACCOUNT},
        )
    )


def test_the_topic_is_the_accounts_in_its_region_with_an_identity() -> None:
    assert _deployed().one("SystemTopic").inputs == {
        "resourceGroupName": "rg",
        "location": "northeurope",
        "source": ACCOUNT,
        "topicType": "Microsoft.Storage.StorageAccounts",
        "identity": {"type": "SystemAssigned"},
    }


def test_one_event_is_delivered_at_a_time_to_a_url_that_stays_secret() -> None:
    subscription = _deployed().one("EventSubscription")
    assert subscription.inputs["destination"] == {
        "endpointType": "WebHook",
        "endpointUrl": "https://callback?sig=clear",
        "maxEventsPerBatch": 1,
        "minimumTlsVersionAllowed": "1.2",
    }
    assert subscription.secrets == {"destination.endpointUrl"}


def test_only_created_blobs_under_the_prefix_are_delivered() -> None:
    assert _deployed().one("EventSubscription").inputs["filter"] == {
        "includedEventTypes": ["Microsoft.Storage.BlobCreated"],
        "subjectBeginsWith": PREFIX,
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


def test_files_that_are_moved_there_are_delivered_where_a_stack_wants_them() -> None:
    chosen = _deployed(renamed=True).one("EventSubscription").inputs["filter"]

    assert chosen["includedEventTypes"] == [
        "Microsoft.Storage.BlobCreated",
        "Microsoft.Storage.BlobRenamed",
    ]
    assert [each["values"] for each in chosen["advancedFilters"]] == [
        ["CreateFile", "SftpCreate", "SftpWrite"],
        ["RenameDirectory"],
        [0],
    ]


def test_an_extension_narrows_the_filter() -> None:
    chosen = _deployed(ends_with=".csv").one("EventSubscription").inputs["filter"]
    assert chosen["subjectEndsWith"] == ".csv"


def test_empty_blobs_are_delivered_where_a_stack_wants_them() -> None:
    chosen = _deployed(skip_empty=False).one("EventSubscription").inputs["filter"]
    assert [each["key"] for each in chosen["advancedFilters"]] == ["data.api"]


def test_delivery_is_tried_as_often_and_as_long_as_configured() -> None:
    assert _deployed().one("EventSubscription").inputs["retryPolicy"] == {
        "maxDeliveryAttempts": 5,
        "eventTimeToLiveInMinutes": 60,
    }


def test_dead_letters_are_written_by_the_topics_identity_which_has_the_right_first() -> None:
    deployed = _deployed()
    assert deployed.one("EventSubscription").inputs["deadLetterWithResourceIdentity"] == {
        "identity": {"type": "SystemAssigned"},
        "deadLetterDestination": {
            "endpointType": "StorageBlob",
            "resourceId": LOST,
            "blobContainerName": "dead",
        },
    }
    assert deployed.named("blob-created-writes-dead-letters").inputs["scope"] == LOST
    before = deployed.everything_before("blob-created-subscription")
    assert "blob-created-writes-dead-letters" in before


def test_a_right_that_is_not_yet_effective_is_waited_for() -> None:
    assert _deployed().one("EventSubscription").error_hooks == ("blob-created-propagation",)


def test_an_existing_topic_brings_its_group_and_its_identity() -> None:
    deployed = _deployed(existing={"identity": {"principalId": "their-principal"}})
    assert deployed.one("SystemTopic").read_id == TOPIC
    assert deployed.one("EventSubscription").inputs["resourceGroupName"] == "events"
    assert deployed.one("RoleAssignment").inputs["principalId"] == "their-principal"


def test_an_existing_topic_without_an_identity_is_refused_with_the_command_that_adds_one() -> None:
    with pytest.raises(pulumi.RunError, match="az eventgrid system-topic update --identity"):
        _deployed(existing={"identity": {"type": "None"}})
