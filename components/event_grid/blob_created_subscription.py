"""What brings created blobs to the workflow: a system topic on the account and a subscription.

An account has one system topic: where somebody else's exists, it is used, with its own resource
group and identity. One event is delivered at a time, because a reply can speak for one only.
Identity cannot sign deliveries to a webhook; it is used for the dead letters
(D:event-grid/managed-service-identity), and Event Grid looks for its role at the account, which is
what the destination's `resource_id` names (UNVERIFIED for dead letters; so it is for queues).
"""

from typing import NotRequired, TypedDict

import pulumi
from pulumi_azure_native import eventgrid

from components.azure.component import Component, Options
from components.azure.options import also
from components.azure.placement import PlacementArgs
from components.azure.resource_id import account_of, group_of
from components.event_grid import created_blobs, system_topic
from components.event_grid.subscription_args import condition, dead_letters
from components.identity import access
from components.identity.propagation import EVENT_GRID_NOT_READY, NEW_WEBHOOK_NOT_READY, retried


class CreatedBlobsArgs(TypedDict):
    """What is in both forms."""

    dead_letter_container_id: pulumi.Input[str]
    """Resource id of the container for events that could not be delivered."""

    endpoint_url: pulumi.Input[str]
    """Callback URL of the workflow: a secret."""

    subject_begins_with: pulumi.Input[str]
    """Such as `/blobServices/default/containers/inputs/blobs/incoming/`."""

    subject_ends_with: NotRequired[pulumi.Input[str] | None]
    """Such as `.csv`; without it every blob under the prefix."""

    skip_empty_blobs: NotRequired[pulumi.Input[bool]]
    """Whether blobs of zero bytes start nothing; true by default."""

    renamed_blobs: NotRequired[bool]
    """Whether files that are moved under the prefix come too; false by default."""

    max_delivery_attempts: int
    """Attempts, 1 to 30, before an event becomes a dead letter."""

    time_to_live_minutes: int
    """Minutes, 1 to 1440, before an event becomes a dead letter."""


class BlobCreatedSubscriptionArgs(PlacementArgs, CreatedBlobsArgs):
    """Arguments of BlobCreatedSubscription; the location is the account's."""

    storage_account_id: pulumi.Input[str]
    """Resource id of the account that raises the events."""


class ExistingTopicBlobCreatedSubscriptionArgs(CreatedBlobsArgs):
    """Arguments of ExistingTopicBlobCreatedSubscription."""

    topic_id: str
    """Resource id of the account's system topic."""

    subscription_name: str
    """Name of the subscription, which must be new at the topic."""


class BlobCreatedSubscriptionOutputs:
    """What both forms tell."""

    topic_id: pulumi.Output[str]
    """Resource id of the system topic."""

    subscription_id: pulumi.Output[str]
    """Resource id of the event subscription."""

    def _tell(
        self, subscription: eventgrid.SystemTopicEventSubscription, topic_id: pulumi.Output[str]
    ) -> None:
        self.topic_id = topic_id
        self.subscription_id = subscription.id


class BlobCreatedSubscription(BlobCreatedSubscriptionOutputs, Component):
    """System topic with an identity, and a subscription with filters, retry and dead letters."""

    def __init__(self, name: str, args: BlobCreatedSubscriptionArgs, opts: Options = None) -> None:
        super().__init__(name, opts)
        account_id = args["storage_account_id"]
        topic = system_topic.create(name, system_topic.STORAGE, account_id, args, self.child)
        self._tell(_subscription(name, topic, args, self.child), topic.id)
        self.register_outputs({"subscription_id": self.subscription_id})


class ExistingTopicBlobCreatedSubscription(BlobCreatedSubscriptionOutputs, Component):
    """The same subscription at a system topic that exists already."""

    formerly = "BlobCreatedSubscription"

    def __init__(
        self, name: str, args: ExistingTopicBlobCreatedSubscriptionArgs, opts: Options = None
    ) -> None:
        super().__init__(name, opts)
        topic = eventgrid.SystemTopic.get(f"{name}-topic", args["topic_id"], self.child)
        subscription = _subscription(name, topic, args, self.child, args["subscription_name"])
        self._tell(subscription, topic.id)
        self.register_outputs({"subscription_id": self.subscription_id})


def _subscription(
    name: str,
    topic: eventgrid.SystemTopic,
    args: CreatedBlobsArgs,
    opts: pulumi.ResourceOptions,
    subscription_name: str | None = None,
) -> eventgrid.SystemTopicEventSubscription:
    grant = access.may_write_blobs(
        f"{name}-writes-dead-letters",
        access.Principal(system_topic.principal_of(topic)),
        account_of(args["dead_letter_container_id"]),
        opts,
    )
    hooks = retried(name, EVENT_GRID_NOT_READY + NEW_WEBHOOK_NOT_READY)
    return eventgrid.SystemTopicEventSubscription(
        f"{name}-subscription",
        resource_group_name=group_of(topic.id),
        system_topic_name=topic.name,
        event_subscription_name=subscription_name,
        destination={
            "endpoint_type": "WebHook",
            "endpoint_url": pulumi.Output.secret(args["endpoint_url"]),
            "max_events_per_batch": 1,
            "minimum_tls_version_allowed": "1.2",
        },
        event_delivery_schema="EventGridSchema",
        filter=_filter(args),
        retry_policy={
            "max_delivery_attempts": args["max_delivery_attempts"],
            "event_time_to_live_in_minutes": args["time_to_live_minutes"],
        },
        dead_letter_with_resource_identity=dead_letters(args["dead_letter_container_id"]),
        opts=also(opts, depends_on=[grant], hooks=hooks),
    )


def _filter(args: CreatedBlobsArgs) -> eventgrid.EventSubscriptionFilterArgs:
    renamed = args.get("renamed_blobs", False)
    skip_empty = pulumi.Output.from_input(args.get("skip_empty_blobs", True))
    return eventgrid.EventSubscriptionFilterArgs(
        included_event_types=created_blobs.types(renamed=renamed),
        subject_begins_with=args["subject_begins_with"],
        subject_ends_with=args.get("subject_ends_with"),
        is_subject_case_sensitive=True,
        advanced_filters=skip_empty.apply(
            lambda skip: [
                *map(condition, created_blobs.conditions(skip_empty=skip, renamed=renamed))
            ]
        ),
    )
