"""What publishers can send events to: custom topics and domains, by host name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from local_azure.services.eventgrid import place
from local_azure.services.eventgrid.schemas import EVENT_GRID

if TYPE_CHECKING:
    from local_azure.control_plane.resource_manager.store import Resource, Resources


@dataclass(frozen=True)
class Entrance:
    """A custom topic or a domain.

    Attributes:
        id: resource id.
        url: where events are posted to.
        schema: the form in which they come in.
        local_auth: whether keys and signatures open it.
        is_domain: whether its events name the domain topic that they are for.
        automatic: whether a domain topic need not exist before it gets events.
    """

    id: str
    url: str
    schema: str
    local_auth: bool
    is_domain: bool
    automatic: bool


class Entrances:
    """All of them, read anew whenever a topic or domain has changed.

    Args:
        resources: where they are.
    """

    def __init__(self, resources: Resources) -> None:
        self._resources = resources
        self._version: tuple[int, ...] = ()
        self._by_host: dict[str, Entrance] = {}

    def find(self, host: str) -> Entrance | None:
        """The topic or domain that answers under a host name."""
        version = tuple(map(self._resources.version, (place.TOPIC, place.DOMAIN)))
        if version != self._version:
            found = map(_entrance, self._all())
            self._by_host = {str(urlsplit(each.url).hostname): each for each in found}
            self._version = version
        return self._by_host.get(host.lower())

    def _all(self) -> list[Resource]:
        return [*self._resources.select(place.TOPIC), *self._resources.select(place.DOMAIN)]


def _entrance(resource: Resource) -> Entrance:
    told = resource.properties
    return Entrance(
        id=resource.id,
        url=told["endpoint"],
        schema=told.get("inputSchema", EVENT_GRID),
        local_auth=not told.get("disableLocalAuth", False),
        is_domain=resource.type == place.DOMAIN,
        automatic=told.get("autoCreateTopicWithFirstSubscription", False),
    )
