"""From settings to what is seen of a stack: who is told of what, and a page that shows it."""

from collections.abc import Iterator

import pulumi

from components.azure.resource_id import name_of
from components.monitoring import conditions
from components.monitoring.alerts import Alerts
from components.monitoring.conditions import AlertArgs, WatchedArgs
from components.monitoring.workbook import Workbook
from components.settings.monitoring import WEBHOOK
from components.stack.stack import Stack, title


def alerts(stack: Stack) -> Alerts | None:
    """Who is told of what; none where nobody is."""
    notify = stack.settings.monitoring.notify
    if notify is None:
        return None
    webhook = stack.settings.event_secrets.get(WEBHOOK) if notify.webhook else None
    return Alerts(
        "alerts",
        {
            **stack.place,
            "emails": list(notify.emails),
            "webhook_url": webhook,
            "alerts": list(_conditions(stack)),
        },
    )


def _conditions(stack: Stack) -> Iterator[AlertArgs]:
    """Of jobs, of pipelines that somebody starts, and of deliveries."""
    workspace_id = stack.workspace.workspace_id
    yield from conditions.jobs(workspace_id, stack.endpoint.endpoint_name)
    if stack.cluster:
        yield from conditions.nodes(workspace_id, name_of(stack.cluster.compute_id))
    if stack.factory:
        names: list[pulumi.Input[str]] = [stack.factory.pipeline_name]
        names += [stack.retraining.pipeline_name] if stack.retraining else []
        yield from conditions.pipelines(stack.factory.factory_id, names)
    for name, what in _topics(stack):
        most = stack.settings.monitoring.failed_deliveries_an_hour
        yield from conditions.deliveries(name, what, most)


def _topics(stack: Stack) -> Iterator[tuple[str, WatchedArgs]]:
    """Whose deliveries are looked at, by what their alerts are called.

    Of a domain's subscriptions Azure has two dimensions, and no source tells which one those to a
    domain topic are counted by: an alert on the other would never fire. The domain is the stack's
    own, so all of it is looked at.
    """
    if files := stack.blob_events:
        yield "files", _topic("systemTopics", files.topic_id, [files.subscription_id])
    if events := stack.workspace_events:
        names = [each.name for each in stack.settings.workspace_events.all_rules]
        ids = [events.subscription_ids[name] for name in names]
        yield "workspace-events", _topic("systemTopics", events.topic_id, ids)
    if stack.event_domain:
        yield "domain-events", _topic("domains", stack.event_domain.domain_id, [])


def _topic(
    kind: str, topic_id: pulumi.Input[str], subscription_ids: list[pulumi.Output[str]]
) -> WatchedArgs:
    names: list[pulumi.Input[str]] = [name_of(each) for each in subscription_ids]
    return {
        "resource_id": topic_id,
        "namespace": f"Microsoft.EventGrid/{kind}",
        "dimensions": {"EventSubscriptionName": names} if names else {},
    }


def workbook(stack: Stack) -> Workbook | None:
    """A page that shows the logs, where the stack file asks for it."""
    if not stack.settings.monitoring.workbook:
        return None
    return Workbook(
        "monitoring", {**stack.place, "display_name": f"{title()}: batch jobs and events"}
    )
