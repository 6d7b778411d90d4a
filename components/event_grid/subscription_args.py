"""A rule in the form that event subscriptions take, whatever topic they are at."""

from typing import Any

import pulumi
from pulumi_azure_native import eventgrid

from components.azure.options import also
from components.azure.resource_id import account_of, name_of
from components.event_grid.grants import EventGrants
from components.event_grid.operators import OPERATORS
from components.event_grid.rules import AdvancedFilterArgs, EventRuleArgs, subscribing

_SCHEMAS = {"event_grid": "EventGridSchema", "cloud_events": "CloudEventSchemaV1_0"}
_TOPICS_IDENTITY = {"type": "SystemAssigned"}


def subscription_args(
    name: str, rule: EventRuleArgs, grants: EventGrants, opts: pulumi.ResourceOptions
) -> dict[str, Any]:
    """What an event subscription of any topic takes, but for its topic.

    Args:
        name: its logical name.
        rule: which events go where.
        grants: what the topic's identity needs for it.
        opts: its options otherwise.
    """
    delivery = {"destination": _destination(rule)}
    return {
        "event_subscription_name": rule["name"],
        "event_delivery_schema": _SCHEMAS[rule.get("schema", "event_grid")],
        "filter": _filter(rule),
        "retry_policy": {
            "max_delivery_attempts": rule["max_delivery_attempts"],
            "event_time_to_live_in_minutes": rule["time_to_live_minutes"],
        },
        "dead_letter_with_resource_identity": dead_letters(grants.dead_letter_container_id),
        "opts": also(opts, depends_on=grants.of(rule), hooks=subscribing(name, rule)),
        **(
            delivery
            if rule["endpoint_type"] == "WebHook"
            else {"delivery_with_resource_identity": {"identity": _TOPICS_IDENTITY, **delivery}}
        ),
    }


def _destination(rule: EventRuleArgs) -> Any:
    """The class of azure-native that is called after the type: a dict's keys are not translated."""
    kind = rule["endpoint_type"]
    of_the_type = getattr(eventgrid, f"{kind}EventSubscriptionDestinationArgs")
    if kind == "WebHook":
        return of_the_type(
            endpoint_type=kind,
            endpoint_url=pulumi.Output.secret(rule.get("endpoint_url")),
            max_events_per_batch=rule.get("max_events_per_batch", 1),
            preferred_batch_size_in_kilobytes=rule.get("preferred_batch_kilobytes", 64),
            minimum_tls_version_allowed="1.2",
        )
    of_a_queue = {"queue_name": rule.get("queue_name")} if kind == "StorageQueue" else {}
    return of_the_type(endpoint_type=kind, resource_id=rule.get("resource_id"), **of_a_queue)


def _filter(rule: EventRuleArgs) -> eventgrid.EventSubscriptionFilterArgs:
    conditions = rule.get("advanced_filters") or []
    return eventgrid.EventSubscriptionFilterArgs(
        included_event_types=rule["event_types"],
        subject_begins_with=rule.get("subject_begins_with"),
        subject_ends_with=rule.get("subject_ends_with"),
        is_subject_case_sensitive=rule.get("subject_case_sensitive", False),
        advanced_filters=[condition(each) for each in conditions] or None,
        enable_advanced_filtering_on_arrays=rule.get("advanced_filtering_on_arrays", False),
    )


def condition(told: AdvancedFilterArgs) -> Any:
    """The class of azure-native that is called after the operator."""
    operator, values = told["operator"], told.get("values") or []
    of_the_operator = getattr(eventgrid, f"{operator}AdvancedFilterArgs")
    field = OPERATORS[operator].field
    given = {"values": {"values": values}, "value": {"value": values and values[0]}, "": {}}[field]
    return of_the_operator(operator_type=operator, key=told["key"], **given)


def dead_letters(
    container_id: pulumi.Input[str],
) -> eventgrid.DeadLetterWithResourceIdentityArgs:
    """A container for events that could not be delivered, written by the topic's identity."""
    return eventgrid.DeadLetterWithResourceIdentityArgs(
        identity=eventgrid.EventSubscriptionIdentityArgs(type="SystemAssigned"),
        dead_letter_destination=eventgrid.StorageBlobDeadLetterDestinationArgs(
            endpoint_type="StorageBlob",
            resource_id=account_of(container_id),
            blob_container_name=name_of(container_id),
        ),
    )
