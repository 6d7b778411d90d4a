"""Who gets the events that are sent to a domain's topics: a subscription for each rule."""

from typing import TypedDict

import pulumi
from pulumi_azure_native import eventgrid

from components.azure.component import Component, Options
from components.azure.resource_id import parse
from components.event_grid.grants import EventGrants
from components.event_grid.rules import EventRuleArgs
from components.event_grid.subscription_args import subscription_args
from components.identity import access


class DomainSubscriptionArgs(TypedDict):
    """A rule for the events of one topic."""

    topic_id: pulumi.Input[str]
    """Resource id of the topic."""

    rule: EventRuleArgs
    """Which of its events go where."""


class DomainSubscriptionsArgs(TypedDict):
    """Arguments of DomainSubscriptions."""

    subscriptions: list[DomainSubscriptionArgs]
    """Who gets what."""

    principal_id: pulumi.Input[str]
    """Object id of the domain's identity."""

    dead_letter_container_id: pulumi.Input[str]
    """Resource id of the container for what could not be delivered, where a rule has no other."""


class DomainSubscriptions(Component):
    """Subscriptions with filters, retry and dead letters, and the roles that they need."""

    subscription_ids: pulumi.Output[dict[str, str]]
    """Resource id of each event subscription, by the name of its rule."""

    def __init__(self, name: str, args: DomainSubscriptionsArgs, opts: Options = None) -> None:
        super().__init__(name, opts)
        who, container_id = args["principal_id"], args["dead_letter_container_id"]
        grants = EventGrants(name, access.Principal(who), container_id, self.child)
        subscriptions = {}
        for each in args["subscriptions"]:
            rule, topic = each["rule"], pulumi.Output.from_input(each["topic_id"]).apply(parse)
            to = f"{name}-to-{rule['name']}"
            subscriptions[rule["name"]] = eventgrid.DomainTopicEventSubscription(
                to,
                resource_group_name=topic.resource_group,
                domain_name=topic.names[0],
                topic_name=topic.names[1],
                **subscription_args(to, rule, grants, self.child),
            ).id

        self.subscription_ids = pulumi.Output.all(**subscriptions)
        self.register_outputs({"subscription_ids": self.subscription_ids})
