"""From rules to who is told about the workspace's events, and to the team's own domain."""

import pulumi

from components.azure.placement import PlacementArgs
from components.event_grid.domain_subscriptions import DomainSubscriptions
from components.event_grid.event_domain import EventDomain
from components.event_grid.rules import EventRuleArgs
from components.event_grid.workspace_events import WorkspaceEvents
from components.machine_learning.machine_learning_workspace import MachineLearningWorkspace
from components.settings.events.model import EventDomainSettings, EventRule
from components.settings.model import Settings
from components.stack.event_handlers import endpoint_of
from components.stack.handlers import Surroundings
from components.stack.people import people
from components.stack.place import beside, existing_workspace_id, system_topic_id
from components.storage.input_storage import InputStorage


def workspace_events(
    around: Surroundings, inputs: InputStorage, workspace: MachineLearningWorkspace
) -> WorkspaceEvents:
    """Who is told what happens in the workspace; the topic is where the workspace is."""
    settings = around.settings
    return WorkspaceEvents(
        "workspace-events",
        {
            **beside(workspace, settings),
            "workspace_id": workspace.workspace_id,
            "rules": [
                _rule_args(around, workspace.workspace_id, rule)
                for rule in settings.workspace_events.rules
            ],
            "dead_letter_container_id": inputs.dead_letter_container_id,
            "existing_topic_id": _existing_topic_id(settings),
        },
    )


def event_domain(place: PlacementArgs, wanted: EventDomainSettings) -> EventDomain:
    """Where the team sends events of its own."""
    return EventDomain(
        "events",
        {
            **place,
            "topics": list(wanted.topics),
            "publishers": people(wanted.publishers),
            "access_keys": wanted.access_keys,
        },
    )


def domain_subscriptions(
    around: Surroundings, inputs: InputStorage, domain: EventDomain, wanted: EventDomainSettings
) -> DomainSubscriptions:
    """Who gets them."""
    return DomainSubscriptions(
        "domain-events",
        {
            "principal_id": domain.principal_id,
            "dead_letter_container_id": inputs.dead_letter_container_id,
            "subscriptions": [
                {"topic_id": topic_id, "rule": _rule_args(around, topic_id, each.rule)}
                for each in wanted.subscriptions
                for topic_id in [domain.topic_ids[each.topic]]
            ],
        },
    )


def _rule_args(
    around: Surroundings, source_id: pulumi.Input[str], rule: EventRule
) -> EventRuleArgs:
    return {
        **endpoint_of(around, source_id, rule),
        "name": rule.name,
        "event_types": list(rule.event_types),
        "subject_begins_with": rule.subject_begins_with,
        "subject_ends_with": rule.subject_ends_with,
        "subject_case_sensitive": rule.subject_case_sensitive,
        "advanced_filters": [
            {"operator": each.operator, "key": each.key, "values": list(each.values)}
            for each in rule.advanced_filters
        ],
        "advanced_filtering_on_arrays": rule.advanced_filtering_on_arrays,
        "with_identity": rule.delivery_with_identity,
        "max_events_per_batch": rule.max_events_per_batch,
        "preferred_batch_kilobytes": rule.preferred_batch_kilobytes,
        "max_delivery_attempts": rule.delivery_attempts,
        "time_to_live_minutes": rule.time_to_live_minutes,
        "dead_letter_container_id": rule.dead_letter_container_id,
        "schema": rule.schema,
    }


def _existing_topic_id(settings: Settings) -> str | None:
    topic = settings.workspace_events.existing_system_topic
    workspace_id = existing_workspace_id(settings)
    return system_topic_id(topic, workspace_id) if topic and workspace_id else None
