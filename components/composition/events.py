"""From settings to what brings an event to the endpoint."""

import re

import pulumi

from components.batch_endpoint import BatchEndpoint
from components.batch_event_workflow import BatchEventWorkflow
from components.blob_created_subscription import BlobCreatedSubscription
from components.composition.place import tags_of
from components.input_storage import InputStorage
from components.placement import PlacementArgs
from components.resource_id import parse
from components.settings.model import Settings
from components.workflow_invoker import OwnIdentityArgs, ServicePrincipalArgs


def batch_event_workflow(
    settings: Settings,
    place: PlacementArgs,
    inputs: InputStorage,
    endpoint: BatchEndpoint,
    *,
    service_principal: ServicePrincipalArgs | None = None,
    own_identity: OwnIdentityArgs | None = None,
) -> BatchEventWorkflow:
    """What starts a job for an event, as one of the two."""
    return BatchEventWorkflow(
        "on-blob",
        {
            **place,
            "service_principal": service_principal,
            "own_identity": own_identity,
            "endpoint_uri": settings.endpoint.uri or endpoint.scoring_uri,
            "storage_account_id": inputs.account_id,
            "audience": settings.cloud.ml_audience,
            "input_name": settings.workflow.input_name,
            "job_inputs": {**settings.workflow.job_inputs},
            "job_outputs": {**settings.workflow.job_outputs},
            "marker_name": settings.events.marker_name,
            "allowed_callers": list(settings.workflow.allowed_caller_ip_ranges),
        },
    )


def blob_created_subscription(
    settings: Settings, place: PlacementArgs, inputs: InputStorage, workflow: BatchEventWorkflow
) -> BlobCreatedSubscription:
    """What brings it the event."""
    events = settings.events
    return BlobCreatedSubscription(
        "blob-created",
        {
            "resource_group_name": place["resource_group_name"],
            "location": inputs.location,
            "tags": tags_of(settings),
            "storage_account_id": inputs.account_id,
            "hierarchical": inputs.hierarchical,
            "dead_letter_container_id": inputs.dead_letter_container_id,
            "dead_letter_container_name": inputs.dead_letter_container_name,
            "endpoint_url": workflow.callback_url,
            "subject_begins_with": events.prefix_filter,
            "subject_ends_with": (
                f"/{events.marker_name}" if events.marker_name else events.extension_filter
            ),
            "max_delivery_attempts": events.delivery_attempts,
            "time_to_live_minutes": events.time_to_live_minutes,
            "existing_topic_id": _existing_topic_id(settings),
            "subscription_name": _subscription_name(settings),
        },
    )


def _subscription_name(settings: Settings) -> str | None:
    """At a topic that exists already other stacks may have subscriptions of the same name."""
    if settings.events.existing_system_topic is None:
        return None
    return re.sub("[^0-9A-Za-z]+", "-", f"blob-created-{pulumi.get_stack()}")[:64].rstrip("-")


def _existing_topic_id(settings: Settings) -> str | None:
    topic, account = settings.events.existing_system_topic, settings.storage.existing_account_id
    if topic is None or account is None:
        return None
    subscription = parse(account).subscription_id
    return (
        f"/subscriptions/{subscription}/resourceGroups/{topic.resource_group}"
        f"/providers/Microsoft.EventGrid/systemTopics/{topic.name}"
    )
