"""Event subscriptions, read from their resources and kept by source."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from local_azure.control_plane.resource_manager.store import Resource, Resources
from local_azure.services.eventgrid import place
from local_azure.services.eventgrid.filters import EventFilter
from local_azure.services.eventgrid.place import Place
from local_azure.services.eventgrid.provisional import delivers
from local_azure.services.eventgrid.schemas import CLOUD_EVENTS, EVENT_GRID

_KINDS = (*place.PARENTS, *place.SUBSCRIPTION_TYPES)
_ATTEMPTS = 30
_MINUTES = 1440
_KILOBYTES = 64


@dataclass(frozen=True)
class Endpoint:
    """Where events or dead letters go.

    Attributes:
        properties: the destination as it was PUT, its secrets included.
        identity_id: resource id of whose identity writes: the topic's or domain's, or a
            user-assigned one's; empty without one.
    """

    properties: Mapping[str, Any]
    identity_id: str = ""


@dataclass(frozen=True)
class Subscription:
    """One event subscription.

    Attributes:
        id: resource id.
        name: its own name.
        source: resource id of what raises the events.
        endpoint: where they go.
        schema: the form in which they are delivered.
        batch_events: how many go in one delivery at most.
        batch_bytes: the size that a delivery of more than one event keeps to.
        filter: which events it wants.
        most_attempts: deliveries tried at most.
        time_to_live: seconds after its publication that an event is still delivered.
        dead_letters: where undelivered events go; None drops them.
    """

    id: str
    name: str
    source: str
    endpoint: Endpoint
    schema: str
    batch_events: int
    batch_bytes: int
    filter: EventFilter
    most_attempts: int
    time_to_live: float
    dead_letters: Endpoint | None


class Subscriptions:
    """All event subscriptions, read anew whenever a topic or subscription has changed."""

    def __init__(self, resources: Resources) -> None:
        self._resources = resources
        self._seen = -1
        self._version: tuple[int, ...] = ()
        self._by_source: dict[str, list[Subscription]] = {}
        self._by_id: dict[str, Subscription] = {}
        self._topics: dict[str, str] = {}

    def watches(self, source: str) -> bool:
        """Whether a resource has a system topic."""
        self._refresh()
        return source.lower() in self._by_source

    def of(self, source: str) -> list[Subscription]:
        """The subscriptions to a resource's events."""
        self._refresh()
        return self._by_source.get(source.lower(), [])

    def topics(self, sources: Iterable[str]) -> list[str]:
        """Resource ids of the topics that events of these come in at, be they system topics or not.

        Of a domain topic that is the domain.
        """
        self._refresh()
        found = (self._topics.get(each.lower(), each) for each in sources)
        return [each for each in found if "/domains/" not in each or "/topics/" not in each]

    def all(self) -> list[Subscription]:
        """Every subscription."""
        self._refresh()
        return list(self._by_id.values())

    def find(self, subscription_id: str) -> Subscription | None:
        """The subscription with this resource id, or None."""
        self._refresh()
        return self._by_id.get(subscription_id.lower())

    def _refresh(self) -> None:
        if self._seen == self._resources.changes:
            return
        self._seen = self._resources.changes
        version = tuple(map(self._resources.version, _KINDS))
        if version == self._version:
            return
        self._by_source, self._by_id, self._topics = {}, {}, {}
        for topic in self._resources.select(place.SYSTEM_TOPIC):
            self._by_source[topic.body["source"].lower()] = []
            self._topics[topic.body["source"].lower()] = topic.id
        for kind in place.SUBSCRIPTION_TYPES:
            for resource in self._resources.select(kind):
                self._keep(resource)
        self._version = version

    def _keep(self, resource: Resource) -> None:
        where = place.place(self._resources, resource.id)
        if where and delivers(resource):
            found = subscription(resource, where)
            self._by_source.setdefault(found.source.lower(), []).append(found)
            self._by_id[found.id.lower()] = found


def subscription(resource: Resource, where: Place) -> Subscription:
    """The subscription that a resource's body describes."""
    body = resource.body
    retry = body.get("retryPolicy") or {}
    endpoint = _endpoint(body, where)
    return Subscription(
        id=resource.id,
        name=resource.name,
        source=where.source,
        endpoint=endpoint,
        schema=body.get("eventDeliverySchema") or EVENT_GRID,
        batch_events=endpoint.properties.get("maxEventsPerBatch") or 1,
        batch_bytes=1024 * (endpoint.properties.get("preferredBatchSizeInKilobytes") or _KILOBYTES),
        filter=EventFilter.of(body.get("filter") or {}, cloud_events=where.schema == CLOUD_EVENTS),
        most_attempts=retry.get("maxDeliveryAttempts") or _ATTEMPTS,
        time_to_live=60.0 * (retry.get("eventTimeToLiveInMinutes") or _MINUTES),
        dead_letters=_dead_letters(body, where),
    )


def _endpoint(body: Mapping[str, Any], where: Place) -> Endpoint:
    if chosen := body.get("deliveryWithResourceIdentity"):
        return Endpoint(chosen["destination"], _identity(chosen, where))
    return Endpoint(body["destination"])


def _dead_letters(body: Mapping[str, Any], where: Place) -> Endpoint | None:
    chosen = body.get("deadLetterWithResourceIdentity")
    return Endpoint(chosen["deadLetterDestination"], _identity(chosen, where)) if chosen else None


def _identity(chosen: Mapping[str, Any], where: Place) -> str:
    """Resource id of the identity that ``…WithResourceIdentity`` names."""
    own = where.owner.id if where.owner else ""
    return (chosen.get("identity") or {}).get("userAssignedIdentity") or own
