"""Who is told about a workspace's events: a system topic on it, and a subscription for each rule.

It does not look at whether a rule makes sense: settings do.
"""

from typing import TypedDict

import pulumi
from pulumi_azure_native import eventgrid

from components.azure.component import Component, Options
from components.azure.placement import PlacementArgs
from components.azure.resource_id import group_of
from components.event_grid import system_topic
from components.event_grid.grants import EventGrants
from components.event_grid.rules import EventRuleArgs
from components.event_grid.subscription_args import subscription_args
from components.identity import access


class RulesArgs(TypedDict):
    """What is in both forms."""

    rules: list[EventRuleArgs]
    """Which events go where."""

    dead_letter_container_id: pulumi.Input[str]
    """Resource id of the container for what could not be delivered, where a rule has no other."""


class WorkspaceEventsArgs(PlacementArgs, RulesArgs):
    """Arguments of WorkspaceEvents; the location is the workspace's."""

    workspace_id: pulumi.Input[str]
    """Resource id of the workspace."""


class ExistingTopicWorkspaceEventsArgs(RulesArgs):
    """Arguments of ExistingTopicWorkspaceEvents."""

    topic_id: str
    """Resource id of the workspace's system topic."""


class WorkspaceEventsOutputs:
    """What both forms tell."""

    topic_id: pulumi.Output[str]
    """Resource id of the system topic."""

    subscription_ids: pulumi.Output[dict[str, str]]
    """Resource id of each event subscription, by the name of its rule."""

    def _subscribe(
        self, name: str, topic: eventgrid.SystemTopic, args: RulesArgs, opts: pulumi.ResourceOptions
    ) -> None:
        who, container_id = system_topic.principal_of(topic), args["dead_letter_container_id"]
        grants = EventGrants(name, access.Principal(who), container_id, opts)
        subscriptions = {}
        for rule in args["rules"]:
            to = f"{name}-to-{rule['name']}"
            subscriptions[rule["name"]] = eventgrid.SystemTopicEventSubscription(
                to,
                resource_group_name=group_of(topic.id),
                system_topic_name=topic.name,
                **subscription_args(to, rule, grants, opts),
            ).id
        self.topic_id = topic.id
        self.subscription_ids = pulumi.Output.all(**subscriptions)


class WorkspaceEvents(WorkspaceEventsOutputs, Component):
    """System topic with an identity, and subscriptions with filters, retry and dead letters."""

    def __init__(self, name: str, args: WorkspaceEventsArgs, opts: Options = None) -> None:
        super().__init__(name, opts)
        kind, workspace_id = system_topic.WORKSPACE, args["workspace_id"]
        topic = system_topic.create(name, kind, workspace_id, args, self.child)
        self._subscribe(name, topic, args, self.child)
        self.register_outputs({"subscription_ids": self.subscription_ids})


class ExistingTopicWorkspaceEvents(WorkspaceEventsOutputs, Component):
    """The same subscriptions at a system topic that exists already."""

    formerly = "WorkspaceEvents"

    def __init__(
        self, name: str, args: ExistingTopicWorkspaceEventsArgs, opts: Options = None
    ) -> None:
        super().__init__(name, opts)
        topic = eventgrid.SystemTopic.get(f"{name}-topic", args["topic_id"], self.child)
        self._subscribe(name, topic, args, self.child)
        self.register_outputs({"subscription_ids": self.subscription_ids})
