"""From settings to what is seen of a stack: who is told of what, and a page that shows it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import pulumi

from components.azure.placement import PlacementArgs
from components.azure.resource_id import name_of
from components.data_factory.batch_pipeline_factory import BatchPipelineFactoryOutputs
from components.data_factory.retraining_pipeline import RetrainingPipeline
from components.event_grid.blob_created_subscription import BlobCreatedSubscriptionOutputs
from components.event_grid.event_domain import EventDomain
from components.event_grid.workspace_events import WorkspaceEventsOutputs
from components.machine_learning.batch_cluster import BatchCluster, ExistingBatchCluster
from components.machine_learning.machine_learning_workspace import MachineLearningWorkspaceOutputs
from components.monitoring import conditions
from components.monitoring.alerts import Alerts
from components.monitoring.conditions import AlertArgs, WatchedArgs
from components.monitoring.workbook import Workbook
from components.settings import Settings
from components.settings.event_rules import EventRule
from components.settings.monitoring import WEBHOOK
from components.stack.identity import Scoring
from components.stack.place import title


@dataclass
class Seen:
    """What a stack has that can be seen, filled in as it is made."""

    settings: Settings
    alerts: list[AlertArgs] = field(default_factory=list)

    def nodes(
        self,
        workspace: MachineLearningWorkspaceOutputs,
        cluster: BatchCluster | ExistingBatchCluster,
    ) -> None:
        """What jobs run on."""
        name = name_of(cluster.compute_id)
        self.alerts += conditions.nodes(workspace.workspace_id, name)

    def jobs(self, scoring: Scoring) -> None:
        """The endpoint's jobs."""
        name = scoring.endpoint.endpoint_name
        self.alerts += conditions.jobs(scoring.workspace.workspace_id, name)

    def pipelines(
        self, factory: BatchPipelineFactoryOutputs, retraining: RetrainingPipeline | None
    ) -> None:
        """The pipelines that somebody starts."""
        names: list[pulumi.Input[str]] = [factory.pipeline_name]
        if retraining:
            names.append(retraining.pipeline_name)
        self.alerts += conditions.pipelines(factory.factory_id, names)

    def files(self, events: BlobCreatedSubscriptionOutputs) -> None:
        """The deliveries of files' events."""
        self._of_system_topic("files", events.topic_id, [name_of(events.subscription_id)])

    def workspace_events(self, events: WorkspaceEventsOutputs) -> None:
        """The deliveries of the workspace's events."""
        rules = self.settings.workspace_events.all_rules
        names = _names(events.subscription_ids, rules)
        self._of_system_topic("workspace-events", events.topic_id, names)

    def domain_events(self, domain: EventDomain) -> None:
        """The deliveries of the team's own events.

        Azure has two dimensions for subscriptions here, and no source tells which one those to a
        domain topic are counted by: an alert on the other would never fire. The domain is the
        stack's own, so all of it is looked at.
        """
        self._deliveries(
            "domain-events",
            {
                "resource_id": domain.domain_id,
                "namespace": "Microsoft.EventGrid/domains",
                "dimensions": {},
            },
        )

    def _of_system_topic(
        self, name: str, topic_id: pulumi.Input[str], names: list[pulumi.Input[str]]
    ) -> None:
        self._deliveries(
            name,
            {
                "resource_id": topic_id,
                "namespace": "Microsoft.EventGrid/systemTopics",
                "dimensions": {"EventSubscriptionName": names},
            },
        )

    def _deliveries(self, name: str, what: WatchedArgs) -> None:
        most = self.settings.monitoring.failed_deliveries_an_hour
        self.alerts += conditions.deliveries(name, what, most)


def alerts(place: PlacementArgs, seen: Seen) -> Alerts | None:
    """Who is told of what; none where nobody is."""
    notify = seen.settings.monitoring.notify
    if notify is None:
        return None
    webhook = seen.settings.event_secrets.get(WEBHOOK) if notify.webhook else None
    return Alerts(
        "alerts",
        {
            **place,
            "emails": list(notify.emails),
            "webhook_url": webhook,
            "alerts": seen.alerts,
        },
    )


def workbook(settings: Settings, place: PlacementArgs) -> Workbook | None:
    """A page that shows the logs, where the stack file asks for it."""
    if not settings.monitoring.workbook:
        return None
    return Workbook("monitoring", {**place, "display_name": f"{title()}: batch jobs and events"})


def _names(
    subscription_ids: pulumi.Output[dict[str, str]], rules: Iterable[EventRule]
) -> list[pulumi.Input[str]]:
    return [name_of(subscription_ids[each.name]) for each in rules]
