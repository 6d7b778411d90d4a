"""From settings to what brings events: of blobs to the endpoint, and of rules to whom they name."""

import re
from typing import Any, cast

import pulumi

from components.azure.resource_id import parse
from components.event_grid.blob_created_subscription import (
    BlobCreatedSubscription,
    BlobCreatedSubscriptionOutputs,
    CreatedBlobsArgs,
    ExistingTopicBlobCreatedSubscription,
)
from components.event_grid.domain_subscriptions import DomainSubscriptions
from components.event_grid.event_domain import EventDomain, EventDomainArgs
from components.event_grid.rules import EventRuleArgs
from components.event_grid.workspace_events import (
    ExistingTopicWorkspaceEvents,
    RulesArgs,
    WorkspaceEvents,
    WorkspaceEventsOutputs,
)
from components.logic_apps import request_workflow
from components.settings import event_rules
from components.settings.destinations import (
    SENT_BY_IDENTITY,
    AzureFunction,
    LogicApp,
    StorageQueue,
    Webhook,
)
from components.settings.event_rules import EventRule
from components.stack.logic_apps import event_handler_workflow
from components.stack.stack import Stack, people, system_topic_id, told


def blob_created_subscription(
    stack: Stack, callback_url: pulumi.Input[str]
) -> BlobCreatedSubscriptionOutputs:
    """What brings the event of a blob."""
    settings, inputs, events = stack.settings, stack.inputs, stack.settings.blob_events
    created: CreatedBlobsArgs = {
        "dead_letter_container_id": inputs.dead_letter_container_id,
        "endpoint_url": callback_url,
        "subject_begins_with": settings.prefix_filter,
        "subject_ends_with": events.ends_with,
        # The documents' sample of a file by SFTP tells a length of 0.
        "skip_empty_blobs": inputs.takes_sftp.apply(lambda sftp: events.skips_empty and not sftp),
        "renamed_blobs": events.renamed_blobs,
        "max_delivery_attempts": events.delivery_attempts,
        "time_to_live_minutes": events.time_to_live_minutes,
    }
    if topic_id := system_topic_id(events.existing_system_topic, settings.storage.existing):
        return ExistingTopicBlobCreatedSubscription(
            "blob-created",
            {**created, "topic_id": topic_id, "subscription_name": _of_this_stack()},
        )
    return BlobCreatedSubscription(
        "blob-created",
        {
            **stack.place,
            **created,
            "location": inputs.location,
            "storage_account_id": inputs.account_id,
        },
    )


def _of_this_stack() -> str:
    """At a topic that exists already other stacks may have subscriptions of the same name."""
    return re.sub("[^0-9A-Za-z]+", "-", f"blob-created-{pulumi.get_stack()}")[:64].rstrip("-")


def workspace_events(stack: Stack) -> WorkspaceEventsOutputs:
    """Who is told what happens in the workspace; the topic is where the workspace is."""
    settings, events = stack.settings, stack.settings.workspace_events
    workspace_id = stack.workspace.workspace_id
    given: RulesArgs = {
        "rules": [_rule(stack, workspace_id, each) for each in events.all_rules],
        "dead_letter_container_id": stack.inputs.dead_letter_container_id,
    }
    if topic_id := system_topic_id(events.existing_system_topic, settings.workspace_id):
        return ExistingTopicWorkspaceEvents("workspace-events", {**given, "topic_id": topic_id})
    return WorkspaceEvents(
        "workspace-events", {**stack.beside_workspace, **given, "workspace_id": workspace_id}
    )


def event_domain(stack: Stack, wanted: event_rules.EventDomain) -> EventDomain:
    """Where the team sends events of its own."""
    publishers = people(wanted.publishers)
    return EventDomain(
        "events", {**stack.place, **told(wanted, EventDomainArgs), "publishers": publishers}
    )


def domain_subscriptions(
    stack: Stack, domain: EventDomain, wanted: event_rules.EventDomain
) -> DomainSubscriptions:
    """Who gets them."""
    return DomainSubscriptions(
        "domain-events",
        {
            "principal_id": domain.principal_id,
            "dead_letter_container_id": stack.inputs.dead_letter_container_id,
            "subscriptions": [
                {"topic_id": topic_id, "rule": _rule(stack, topic_id, each)}
                for each in wanted.subscriptions
                for topic_id in [domain.topic_ids[each.topic]]
            ],
        },
    )


def _rule(stack: Stack, source_id: pulumi.Input[str], rule: EventRule) -> EventRuleArgs:
    """A rule of events of a workspace, or of a domain's topic."""
    args = {
        **told(rule, EventRuleArgs),
        **_endpoint(stack, source_id, rule),
        "advanced_filters": [
            {"operator": each.operator, "key": each.key, "values": each.operands}
            for each in rule.advanced_filters
        ],
        "max_delivery_attempts": rule.delivery_attempts,
        "schema": rule.schema_,
    }
    return cast("EventRuleArgs", args)


def _endpoint(stack: Stack, source_id: pulumi.Input[str], rule: EventRule) -> dict[str, Any]:
    """Where a rule's events are delivered; workflows are made where there are none yet."""
    match rule.destination:
        case AzureFunction() | Webhook() as hook:
            secret = stack.settings.event_secrets.get(rule.name, "")
            return {"endpoint_type": "WebHook", "endpoint_url": hook.full_url(secret)}
        case LogicApp(workflow_id=str(workflow_id), trigger=trigger):
            there = parse(workflow_id)
            url = request_workflow.callback_url(there.resource_group, there.names[-1], trigger)
            return {"endpoint_type": "WebHook", "endpoint_url": url}
        case resource if isinstance(resource, SENT_BY_IDENTITY):
            return {
                "endpoint_type": type(resource).__name__,
                "resource_id": resource.resource_id,
                "queue_name": resource.queue_name if isinstance(resource, StorageQueue) else None,
            }
        case _:
            return {
                "endpoint_type": "WebHook",
                "endpoint_url": event_handler_workflow(stack, source_id, rule).callback_url,
                "webhook_is_new": True,
            }
