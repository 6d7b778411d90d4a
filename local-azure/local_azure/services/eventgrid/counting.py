"""What is counted of events and their deliveries, by the names of Event Grid's metrics.

Source: MET:eventgrid-systemtopics and MET:eventgrid-domains (azure-monitor-docs, supported
metrics). UNVERIFIED: that a dead letter is counted once it is written, and what Azure tells as
``Error`` (here the attempt's outcome); ``ErrorType`` is not told.
"""

from collections.abc import Iterable, Sequence

from local_azure.control_plane.metrics import Metrics
from local_azure.services.eventgrid.schedule import (
    DEAD_LETTERED,
    DELIVERED,
    DROPPED,
    WAITING,
    Delivery,
    Outcome,
    Step,
)
from local_azure.services.eventgrid.subscriptions import Subscription


def event(metrics: Metrics, topics: Iterable[str], wanting: Sequence[Subscription]) -> None:
    """An event came in at topics, for these subscriptions."""
    for topic in topics:
        metrics.count(topic, "PublishSuccessCount")
        if not wanting:
            metrics.count(topic, "UnmatchedEventCount")
    for subscription in wanting:
        _count(metrics, subscription.id, "MatchedEventCount")


def delivery(metrics: Metrics, before: Delivery, step: Step, outcome: Outcome | None) -> None:
    """An attempt was made, or a delivery came to its end."""
    subscription = before.subscription
    if outcome and before.state == WAITING:
        if step.state == DELIVERED:
            _count(metrics, subscription, "DeliverySuccessCount")
        else:
            _count(metrics, subscription, "DeliveryAttemptFailCount", Error=outcome.word)
    reason = step.reason or before.reason
    if step.state == DEAD_LETTERED:
        _count(metrics, subscription, "DeadLetteredCount", DeadLetterReason=reason)
    elif step.state == DROPPED:
        _count(metrics, subscription, "DroppedEventCount", DropReason=reason)


def _count(metrics: Metrics, subscription: str, name: str, **told: str | None) -> None:
    """Count at a subscription's topic; at the domain where it is to a domain topic."""
    parent, _, own = subscription.rpartition("/eventSubscriptions/")
    domain, _, topic = parent.partition("/topics/") if "/domains/" in parent else (parent, "", "")
    is_of_domain = "/domains/" in domain
    dimension = "DomainEventSubscriptionName" if is_of_domain else "EventSubscriptionName"
    if is_of_domain and topic:
        told["Topic"] = topic
    metrics.count(domain, name, **{dimension: own}, **told)
