"""From settings to what brings an event to the endpoint."""

import re

import pulumi

from components.azure.placement import PlacementArgs
from components.data_factory.batch_pipeline_factory import BatchPipelineFactory
from components.event_grid.blob_created_subscription import BlobCreatedSubscription
from components.logic_apps.batch_event_workflow import BatchEventWorkflow
from components.logic_apps.pipeline_start_workflow import PipelineStartWorkflow
from components.settings.model import Settings
from components.stack.event_outputs import job_outputs
from components.stack.factory import pipeline_start_workflow
from components.stack.inputs import watched_url
from components.stack.invoking import Scoring, as_own_identity
from components.stack.place import system_topic_id, tags_of
from components.storage.input_storage import InputStorage


def event_workflow(
    settings: Settings,
    place: PlacementArgs,
    inputs: InputStorage,
    scoring: Scoring,
    factory: BatchPipelineFactory | None,
) -> BatchEventWorkflow | PipelineStartWorkflow:
    """What an event reaches: it starts a job, or for a marker a pipeline where there is one."""
    if factory is not None and settings.marker_starts_pipeline:
        return pipeline_start_workflow(settings, place, inputs, factory)
    return batch_event_workflow(settings, place, inputs, scoring)


def batch_event_workflow(
    settings: Settings, place: PlacementArgs, inputs: InputStorage, scoring: Scoring
) -> BatchEventWorkflow:
    """What starts a job for an event, as the service principal or as itself."""
    by_secret = settings.invoker.kind == "service_principal"
    return BatchEventWorkflow(
        "on-blob",
        {
            **place,
            "service_principal": scoring.service_principal if by_secret else None,
            "own_identity": None if by_secret else as_own_identity(settings, inputs, scoring),
            "endpoint_uri": settings.endpoint.uri or scoring.endpoint.scoring_uri,
            "storage_account_id": inputs.account_id,
            "watched_url": watched_url(settings, inputs),
            "audience": settings.cloud.ml_audience,
            "input_name": settings.workflow.input_name,
            "job_inputs": {**settings.workflow.job_inputs},
            "job_outputs": job_outputs(settings, scoring.endpoint.endpoint_name),
            "plain_payload": settings.workflow.plain_payload,
            "marker_name": settings.events.marker_name,
            "allowed_callers": list(settings.workflow.allowed_caller_ip_ranges),
        },
    )


def blob_created_subscription(
    settings: Settings,
    place: PlacementArgs,
    inputs: InputStorage,
    callback_url: pulumi.Input[str],
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
            "dead_letter_container_id": inputs.dead_letter_container_id,
            "endpoint_url": callback_url,
            "subject_begins_with": events.prefix_filter,
            "subject_ends_with": (
                f"/{events.marker_name}" if events.marker_name else events.extension_filter
            ),
            # The documents' sample of a file by SFTP tells a length of 0.
            "skip_empty_blobs": inputs.takes_sftp.apply(
                lambda sftp: events.skip_empty_blobs and not sftp
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
    return system_topic_id(topic, account) if topic and account else None
