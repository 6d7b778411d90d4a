"""Event Grid: takes events in, and sees that each reaches every subscription that wants it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local_azure.eventgrid import handshake
from local_azure.eventgrid.delivery import Courier
from local_azure.eventgrid.store import Deliveries
from local_azure.eventgrid.subscriptions import Subscriptions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from local_azure.azure import Azure
    from local_azure.resource_manager.store import Resource


class EventGrid:
    """System topics and their subscriptions.

    Args:
        azure: everything around it.
    """

    def __init__(self, azure: Azure) -> None:
        self._azure = azure
        self._subscriptions = Subscriptions(azure.resources)
        self._deliveries = Deliveries(azure.state)
        self._courier = Courier(azure, self._deliveries, self._subscriptions)

    async def start(self) -> None:
        """Take up every delivery that has not come to its end, and deliver."""
        self._deliveries.prune()
        for due, delivery, subscription in self._deliveries.unfinished():
            self._courier.add(due, delivery, subscription)
        self._courier.start()

    async def stop(self) -> None:
        """Leave off delivering."""
        await self._courier.stop()

    def watches(self, source: str) -> bool:
        """Whether a resource has a system topic: without one its events go nowhere."""
        return self._subscriptions.watches(source)

    def publish(self, source: str, events: Iterable[dict[str, Any]]) -> None:
        """Take in events of a resource, inside the caller's transaction or one of its own.

        Args:
            source: the resource's id, which becomes the events' topic.
            events: Event Grid schema, without ``topic``.
        """
        if not self._subscriptions.watches(source):
            return
        now = self._azure.clock.timestamp()
        with self._azure.state.transaction():
            for event in events:
                self._take({"topic": source, **event}, source, now)

    async def handshake(self, url: str, topic: str = "", subscription: str = "") -> None:
        """Ask a webhook whether it wants events.

        Args:
            url: its whole address.
            topic: resource id of the events' source.
            subscription: name of the subscription.

        Raises:
            HandshakeError: when it does not say so; with what came back.
        """
        await handshake.shake_hands(self._azure, url, topic, subscription)

    async def announce_deletion(self, subscription: Resource, source: str) -> None:
        """Tell a webhook that its subscription was deleted, once; its answer does not matter."""
        url = subscription.body["destination"]["endpointUrl"]
        await handshake.announce_deletion(
            self._azure, url, source, subscription.id, subscription.name
        )

    async def settled(self) -> None:
        """Return once no delivery is under way or due."""
        await self._courier.settled()

    def history(self, limit: int) -> list[dict[str, Any]]:
        """The last events, newest first: ``published``, ``event`` and ``deliveries``."""
        return self._deliveries.history(limit)

    def _take(self, event: dict[str, Any], source: str, now: float) -> None:
        number = self._deliveries.add_event(source, event, now)
        for subscription in self._subscriptions.of(source):
            if subscription.wants(event, now):
                delivery = self._deliveries.add(number, subscription.id, now)
                self._courier.add(now, delivery, subscription.id)
