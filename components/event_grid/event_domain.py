"""An Event Grid domain for events of the team's own: its topics, and who may send to them.

A workspace's own events never come here: see workspace_events. The topics are made and kept by
Pulumi: Azure would otherwise make one with its first subscription and remove it with the last
(D:event-grid/event-domains).
"""

from typing import NotRequired

import pulumi
from pulumi_azure_native import eventgrid

from components.azure.component import Component, Options
from components.azure.diagnostics import DOMAIN, send_logs
from components.azure.placement import PlacementArgs, placed
from components.event_grid import system_topic
from components.identity import access


class EventDomainArgs(PlacementArgs):
    """Arguments of EventDomain."""

    topics: list[str]
    """Names of the domain's topics."""

    publishers: list[access.PrincipalArgs]
    """Who may send events, with Entra tokens."""

    access_keys: NotRequired[bool]
    """Whether events may also be sent with the domain's keys; false by default."""


class EventDomain(Component):
    """Domain with an identity, and its topics."""

    domain_id: pulumi.Output[str]
    """Resource id of the domain."""

    endpoint: pulumi.Output[str]
    """URL that events are sent to; each names its topic."""

    principal_id: pulumi.Output[str]
    """Object id of the domain's identity, which delivers and writes dead letters."""

    topic_ids: pulumi.Output[dict[str, str]]
    """Resource id of each topic by its name."""

    def __init__(self, name: str, args: EventDomainArgs, opts: Options = None) -> None:
        super().__init__(name, opts)
        domain = eventgrid.Domain(
            f"{name}-domain",
            **placed(args),
            identity={"type": "SystemAssigned"},
            input_schema="EventGridSchema",
            disable_local_auth=not args.get("access_keys"),
            auto_create_topic_with_first_subscription=False,
            auto_delete_topic_with_last_subscription=False,
            minimum_tls_version_allowed="1.2",
            opts=self.child,
        )
        send_logs(f"{name}-domain", domain.id, DOMAIN, args.get("log_workspace_id"), self.child)
        topics = {
            topic: eventgrid.DomainTopic(
                f"{name}-topic-{topic}",
                resource_group_name=args["resource_group_name"],
                domain_name=domain.name,
                domain_topic_name=topic,
                opts=self.child,
            )
            for topic in args["topics"]
        }
        for publisher in args["publishers"]:
            who, of = access.Principal(**publisher), publisher["object_id"]
            access.may_send_events(f"{name}-send-{of}", who, domain.id, self.child)

        self.domain_id = domain.id
        self.endpoint = domain.endpoint
        self.principal_id = system_topic.principal_of(domain)
        self.topic_ids = pulumi.Output.all(**{name: topic.id for name, topic in topics.items()})
        self.register_outputs({"domain_id": self.domain_id, "endpoint": self.endpoint})
