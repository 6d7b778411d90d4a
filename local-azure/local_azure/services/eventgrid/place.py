"""Where an event subscription lies, and what that says about its events.

A subscription is a child of a system topic, a custom topic, a domain or a domain topic, or an
extension of any of these or of the source itself (``…/providers/Microsoft.EventGrid/
eventSubscriptions/<name>``).
"""

import re
from dataclasses import dataclass

from local_azure.control_plane.resource_manager.store import Resource, Resources
from local_azure.services.eventgrid.schemas import EVENT_GRID
from local_azure.services.eventgrid.sources import EVENT_TYPES

SYSTEM_TOPIC = "Microsoft.EventGrid/systemTopics"
TOPIC = "Microsoft.EventGrid/topics"
DOMAIN = "Microsoft.EventGrid/domains"
DOMAIN_TOPIC = "Microsoft.EventGrid/domains/topics"

PARENTS = (SYSTEM_TOPIC, TOPIC, DOMAIN, DOMAIN_TOPIC)
"""What subscriptions can be children of."""
EXTENSION = "Microsoft.EventGrid/eventSubscriptions"
SUBSCRIPTION_TYPES = (EXTENSION, *(f"{parent}/eventSubscriptions" for parent in PARENTS))

_TAIL = re.compile(r"(?:/providers/Microsoft\.EventGrid)?/eventSubscriptions/[^/]+", re.IGNORECASE)


@dataclass(frozen=True)
class Place:
    """What a subscription inherits from where it lies.

    Attributes:
        source: resource id of what raises the events; the events' topic.
        owner: the topic or domain whose identity delivers; None where there is none.
        schema: the schema in which the events come in.
        event_types: the only types that there are; empty where publishers choose their own.
    """

    source: str
    owner: Resource | None
    schema: str = EVENT_GRID
    event_types: tuple[str, ...] = ()


def parent_id(subscription_id: str) -> str:
    """The id of what a subscription lies on."""
    found = _TAIL.search(subscription_id)
    return subscription_id[: found.start()] if found else ""


def place(resources: Resources, subscription_id: str) -> Place | None:
    """Where a subscription lies; None where nothing there raises events, or nothing is there."""
    where = parent_id(subscription_id)
    parent = resources.find(where)
    if parent is None:
        domain = _automatic_domain(resources, where)
        return Place(where, domain, _schema(domain)) if domain else None
    if parent.type == SYSTEM_TOPIC:
        source = parent.body["source"]
        return Place(source, parent, event_types=_event_types(resources, source))
    if parent.type in {TOPIC, DOMAIN}:
        return Place(parent.id, parent, _schema(parent))
    if parent.type == DOMAIN_TOPIC:
        domain = resources.find(parent.id.rpartition("/topics/")[0])
        return Place(parent.id, domain, _schema(domain) if domain else EVENT_GRID)
    if parent.type in EVENT_TYPES:
        owner = system_topic(resources, parent.id)
        return Place(parent.id, owner, event_types=EVENT_TYPES[parent.type])
    return None


def comes_with_subscription(resources: Resources, resource_id: str) -> bool:
    """Whether a missing resource is a domain topic that its first subscription makes."""
    return _automatic_domain(resources, resource_id) is not None


def system_topic(resources: Resources, source: str) -> Resource | None:
    """The system topic on a source, if there is one."""
    wanted = source.rstrip("/").lower()
    for topic in resources.select(SYSTEM_TOPIC):
        if topic.body["source"].rstrip("/").lower() == wanted:
            return topic
    return None


def _automatic_domain(resources: Resources, topic_id: str) -> Resource | None:
    domain = resources.find(topic_id.rpartition("/topics/")[0])
    if domain is None or domain.type != DOMAIN:
        return None
    return domain if domain.properties.get("autoCreateTopicWithFirstSubscription", True) else None


def _event_types(resources: Resources, source: str) -> tuple[str, ...]:
    found = resources.find(source)
    return EVENT_TYPES.get(found.type, ()) if found else ()


def _schema(resource: Resource) -> str:
    return str(resource.body.get("inputSchema") or EVENT_GRID)
