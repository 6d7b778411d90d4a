"""Accepted values, put in the form in which the program reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from components.settings import azure_lists, blob_folders, deployments, loops, payload, watched
from components.settings.events import domain, switches
from components.settings.events.advice import advice
from components.settings.events.model import WorkspaceEventSettings
from components.settings.events.rules import build as build_rule
from components.settings.model import (
    ClusterSettings,
    EndpointSettings,
    EventSettings,
    ExistingEndpoint,
    FactorySettings,
    InvokerSettings,
    Principal,
    Settings,
    StorageSettings,
    SystemTopic,
    WorkflowSettings,
)
from components.settings.rules import cloud_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from components.settings.events.model import EventDomainSettings
    from components.settings.model import BlobFolder
    from components.settings.rules import Accepted

    Values = Mapping[str, Any]


def build(values: Accepted) -> Settings:
    """The settings, from a value for each key that there is."""
    endpoint = _endpoint(values)
    adopted = endpoint.existing.workspace_id if endpoint.existing else None
    workspace_events = _workspace_events(values)
    return Settings(
        cloud=cloud_of(values),
        location=values["location"],
        tags=dict(values["tags"]),
        protect=values["protect"],
        existing_resource_group=values["existing_resource_group"] or None,
        existing_workspace_id=values["existing_workspace_id"] or adopted,
        workspace_storage_keys=values["workspace_storage_keys"],
        publishers=tuple(Principal(**principal) for principal in values["publishers"]),
        callers=tuple(Principal(**principal) for principal in values["callers"]),
        callers_read_predictions=values["callers_read_predictions"],
        existing_pipeline_runner_role_id=values["existing_pipeline_runner_role_id"] or None,
        storage=_storage(values),
        events=_events(values),
        cluster=_cluster(values),
        endpoint=endpoint,
        deployments=deployments.build(values),
        default_deployment=deployments.default_name(values),
        invoker=_invoker(values),
        workflow=_workflow(values),
        workspace_events=workspace_events,
        event_domain=_event_domain(values),
        advice=(
            *_eviction(values),
            *azure_lists.advice(values),
            *advice(workspace_events.rules),
        ),
        factory=_factory(values) if values["data_factory"] else None,
        watched=loops.watched_of(values),
        written=loops.places(values),
    )


def _storage(values: Values) -> StorageSettings:
    return StorageSettings(
        existing_account_id=values["existing_storage_account_id"] or None,
        container=values["input_container"],
        folder=watched.folder_with_slash(values["input_folder"]),
        dead_letter_container=values["dead_letter_container"],
        delete_inputs_after_days=values["delete_inputs_after_days"] or None,
        handled_events_container=values["handled_events_container"],
    )


def _events(values: Values) -> EventSettings:
    topic, marker_name = values["existing_system_topic"], values["marker_name"]
    by_marker = values["trigger_on"] == "folder_marker"
    return EventSettings(
        enabled=values["blob_events"],
        prefix_filter=loops.prefix_filter(values),
        extension_filter=values["extension_filter"] or None,
        marker_name=marker_name if by_marker else None,
        skip_empty_blobs=values["skip_empty_blobs"] and not by_marker,
        delivery_attempts=values["event_delivery_attempts"],
        time_to_live_minutes=values["event_time_to_live_minutes"],
        existing_system_topic=SystemTopic(**topic) if topic else None,
    )


def _cluster(values: Values) -> ClusterSettings:
    return ClusterSettings(
        existing_name=values["existing_cluster"] or None,
        name=values["cluster_name"],
        vm_size=values["vm_size"],
        priority=values["node_priority"],
        min_nodes=values["min_nodes"],
        max_nodes=values["max_nodes"],
        idle_seconds=values["idle_seconds_before_scale_down"],
    )


def _eviction(values: Values) -> list[str]:
    """Source: D:machine-learning/how-to-use-low-priority-batch."""
    if values["node_priority"] != "low_priority" or values["max_nodes"] > 1:
        return []
    sentence = (
        "node_priority: where Azure takes a low-priority node back, a job on a cluster of one node"
        " is cancelled, and nothing starts it again; with max_nodes above 1 it goes on."
    )
    return [sentence]


def _endpoint(values: Values) -> EndpointSettings:
    existing = values["existing_endpoint"]
    return EndpointSettings(
        existing=ExistingEndpoint(**existing) if existing else None,
        name=values["endpoint_name"] or None,
        uri=values["endpoint_uri"] or None,
    )


def _invoker(values: Values) -> InvokerSettings:
    return InvokerSettings(
        kind=values["invoker"],
        secret_lifetime_days=values["client_secret_lifetime_days"],
        secret_rotation=values["client_secret_rotation"],
        role=values["invoker_role"],
        existing_role_id=values["existing_invoker_role_id"] or None,
    )


def _workflow(values: Values) -> WorkflowSettings:
    return WorkflowSettings(
        input_name=values["input_name"],
        job_inputs=payload.inputs(values["job_inputs"]),
        job_outputs=payload.outputs(values["job_outputs"]),
        predictions_beside_inputs=values["predictions_beside_inputs"],
        plain_payload=values["workflow_payload"] == "plain",
        allowed_caller_ip_ranges=tuple(values["allowed_caller_ip_ranges"]),
        existing_starter_role_id=values["existing_pipeline_starter_role_id"] or None,
    )


def _workspace_events(values: Values) -> WorkspaceEventSettings:
    topic, secrets = values["existing_workspace_system_topic"], values["event_secrets"]
    return WorkspaceEventSettings(
        rules=(
            *(build_rule(rule, secrets.get(rule["name"])) for rule in values["workspace_events"]),
            *switches.build(values),
        ),
        existing_system_topic=SystemTopic(**topic) if topic else None,
    )


def _event_domain(values: Values) -> EventDomainSettings | None:
    given = values["event_domain"]
    return domain.build(given, values["event_secrets"]) if given else None


def _factory(values: Values) -> FactorySettings:
    return FactorySettings(
        existing_id=values["existing_data_factory_id"] or None,
        authentication=values["pipeline_authentication"],
        poll_interval_seconds=values["poll_interval_seconds"],
        max_wait_hours=values["max_wait_hours"],
        input_uri=values["pipeline_input_uri"] or None,
        input_type=values["pipeline_input_type"],
        output_name=values["pipeline_output_name"],
        output_type=values["pipeline_output_type"],
        output_folder=values["pipeline_output_folder"] or None,
        output_container=values["output_container"] or None,
        copy_before=_folder(values["copy_before"]),
        copy_after=_folder(values["copy_after"]),
    )


def _folder(told: Mapping[str, str]) -> BlobFolder | None:
    return blob_folders.build(told) if told else None
