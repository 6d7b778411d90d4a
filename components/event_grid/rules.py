"""A rule for events, in the arguments of components: which events go where, and how."""

from typing import Any, NotRequired, TypedDict

import pulumi

from components.azure.moves import stays
from components.identity.propagation import (
    EVENT_GRID_NOT_READY,
    NEW_WEBHOOK_NOT_READY,
    retried,
)


class AdvancedFilterArgs(TypedDict):
    """A condition on one field of an event."""

    operator: str
    """As azure-native has it, such as `StringIn`."""

    key: str
    """The field, such as `data.runType`."""

    values: NotRequired[list[Any] | None]
    """What the field is compared with: one value, several, or none, as the operator takes them."""


class EventRuleArgs(TypedDict):
    """Which events go where, and how."""

    name: str
    """Name of the event subscription."""

    subject_begins_with: NotRequired[str | None]
    """Start of the subject."""

    subject_ends_with: NotRequired[str | None]
    """End of the subject."""

    subject_case_sensitive: NotRequired[bool]
    """Whether their case matters; false by default."""

    advanced_filtering_on_arrays: NotRequired[bool]
    """Whether the filters look at the elements of arrays; false by default."""

    max_events_per_batch: NotRequired[int]
    """Events sent at a time, to webhooks only; 1 by default."""

    preferred_batch_kilobytes: NotRequired[int]
    """Size of a batch at which no more is added; 64 by default."""

    time_to_live_minutes: int
    """Minutes, 1 to 1440, before an event becomes a dead letter."""

    event_types: list[str]
    """Full names of the types."""

    advanced_filters: NotRequired[list[AdvancedFilterArgs] | None]
    """Further conditions, all of which must hold."""

    endpoint_type: str
    """WebHook, EventHub, StorageQueue, ServiceBusQueue or ServiceBusTopic."""

    endpoint_url: NotRequired[pulumi.Input[str] | None]
    """URL of a webhook: a secret."""

    webhook_is_new: NotRequired[bool]
    """Whether it is made in the same `up`, so that its handshake may fail at first."""

    resource_id: NotRequired[str | None]
    """Resource id of another destination; of a storage queue, its account's."""

    queue_name: NotRequired[str | None]
    """Name of a storage queue."""

    max_delivery_attempts: int
    """Attempts, 1 to 30, before an event becomes a dead letter."""

    schema: NotRequired[str]
    """event_grid, the default, or cloud_events."""


def passing_refusals(rule: EventRuleArgs) -> tuple[str, ...]:
    """What Azure may answer to the rule's subscription only until it knows all that is new."""
    return EVENT_GRID_NOT_READY + (NEW_WEBHOOK_NOT_READY if rule.get("webhook_is_new") else ())


def subscribing(name: str, rule: EventRuleArgs) -> pulumi.ResourceHookBinding:
    """What has a rule's subscription made once Azure knows all that is new, and keep its schema.

    Azure never changes that (MicrosoftDocs/azure-docs#17010).

    Args:
        name: logical name of the subscription.
        rule: which events go where.
    """
    kept = stays(
        f"{name}-schema-stays",
        lambda inputs: inputs.get("eventDeliverySchema"),
        f"The schema of the rule '{rule['name']}' can't become {{after}}, it is {{before}}: give "
        "the rule another name, and its subscription is made before the former one goes",
    )
    return pulumi.ResourceHookBinding.merge(retried(name, passing_refusals(rule)), kept)
