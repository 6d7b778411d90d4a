"""Event Grid: takes events in, and sees that each reaches every subscription that wants it."""

import json
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from local_azure.control_plane.clouds import CLOUDS
from local_azure.control_plane.hosts import Host
from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.resource_manager.resource_type import ResourceType
from local_azure.control_plane.service import Service
from local_azure.control_plane.web import not_emulated, router, unheeded
from local_azure.services.eventgrid import counting, incoming, provisional, publishers, trial
from local_azure.services.eventgrid.delivery import Courier
from local_azure.services.eventgrid.destinations import kinds
from local_azure.services.eventgrid.destinations.destination import Batch
from local_azure.services.eventgrid.keys import Keys
from local_azure.services.eventgrid.place import place
from local_azure.services.eventgrid.publishers import Entrances
from local_azure.services.eventgrid.resources import DOMAIN, TOPIC
from local_azure.services.eventgrid.resources.subscription import SUBSCRIPTIONS, prepare
from local_azure.services.eventgrid.schemas import as_filtered, rendered
from local_azure.services.eventgrid.store import Deliveries
from local_azure.services.eventgrid.subscriptions import Subscription, Subscriptions
from local_azure.services.eventgrid.validations import Validations


class EventGrid(Service):
    """Topics, domains and their subscriptions.

    Args:
        control: the control plane.

    Attributes:
        keys: the access keys of custom topics and domains.
    """

    def __init__(self, control: ControlPlane) -> None:
        self._control = control
        self.keys = Keys(control.state)
        self._entrances = Entrances(control.resources)
        self._validations = Validations(control.clock)
        self._subscriptions = Subscriptions(control.resources)
        self._deliveries = Deliveries(control.state, control.metrics)
        self._courier = Courier(control, self._deliveries, self._subscriptions)

    def hosts(self) -> Iterable[Host]:
        """Topics and domains, and who asks webhooks for their consent."""
        patterns = [f"{{topic}}.{{region}}.{cloud.event_grid}" for cloud in CLOUDS]
        routes = [Route("/api/events", self._publish, methods=["POST"])]
        yield Host(patterns, router(routes, "Event Grid"))
        patterns = [f"rp-{{region}}.{cloud.event_grid}" for cloud in CLOUDS]
        yield Host(patterns, self._validations.router())

    async def start(self) -> None:
        """Take up every delivery that has not come to its end, and deliver."""
        provisional.drop(self._control.resources)
        for due, delivery, subscription in self._deliveries.all_unfinished():
            self._courier.add(due, delivery, subscription)
        self._courier.start()

    async def stop(self) -> None:
        """Leave off delivering."""
        await self._courier.stop()

    def types(self) -> Iterable[ResourceType]:
        """Topics have keys; destinations are asked at a subscription's beginning, told its end."""
        for topic in (TOPIC, DOMAIN):
            yield replace(
                topic,
                commit=lambda put, _: self.keys.make(put.id),
                forget=lambda _, gone: self.keys.forget(gone.id),
            )
        for kind in SUBSCRIPTIONS:
            yield replace(
                kind,
                prepare=partial(prepare, self._validations),
                release=lambda _, gone: self.leave(gone.id),
            )

    def watches(self, source: str) -> bool:
        """Whether a resource has a system topic: without one its events go nowhere."""
        return self._subscriptions.watches(source)

    def publish(self, source: str, events: Iterable[dict[str, Any]]) -> None:
        """Take in events of a resource, inside the caller's transaction or one of its own.

        Every source that a system topic can stand on (storage, a workspace) comes in here.

        Args:
            source: the resource's id, which becomes the events' topic.
            events: Event Grid schema, without ``topic``.
        """
        if not self._subscriptions.watches(source):
            return
        now = self._control.clock.timestamp()
        with self._control.state.transaction():
            for event in events:
                self._take({"topic": source, **event}, (source,), now)

    def again(self, ids: Iterable[str]) -> int:
        """Take in once more the events of these ids, all of them or none; how many there are."""
        now = self._control.clock.timestamp()
        with self._control.state.transaction():
            found = [told for each in ids for told in self._deliveries.of(each)[-1:]]
            for told in found:
                self._take(told["event"], _sources(told["source"]), now)
        return len(found)

    async def _publish(self, request: Request) -> Response:
        """Take in what is published to a custom topic or a domain, all of it or nothing.

        A domain topic's events are also those of the domain. What was answered with 200 is in the
        state before, so a crash loses none of it.
        """
        if name := unheeded(request, "aeg-sas-key"):
            return not_emulated(f"The query's parameter {name!r} is not emulated.")
        entrance = self._entrances.find(str(request.url.hostname))
        publishers.admit(self._control, self.keys, entrance, request)
        events = await incoming.read(request, entrance)
        incoming.check_topics(self._control.resources, entrance, events)
        now = self._control.clock.timestamp()
        with self._control.state.transaction():
            for each in events:
                self._take(each.event, tuple(dict.fromkeys((each.topic, entrance.id))), now)
        return Response(status_code=200)

    def try_events(self, document: Any) -> list[dict[str, Any]]:
        """What each subscription would do with events that nobody publishes.

        Args:
            document: an event, or an array of events, of Event Grid or CloudEvents 1.0.

        Raises:
            NoEventError: something in it is no event.
        """
        rules = [self._rule(each) for each in self._subscriptions.all()]
        return [trial.try_event(event, rules) for event in trial.events(document)]

    async def replay(self, document: Any) -> list[dict[str, Any]]:
        """Deliver events of somewhere else, once, to each subscription here that wants them.

        Nothing is kept of it and nothing tried again: what the destination answers is told.

        Args:
            document: an event, or an array of events, of either form; dead letters too.

        Raises:
            NoEventError: something in it is no event.
        """
        return [
            {"id": event.get("id"), "deliveries": [each async for each in self._replayed(event)]}
            for event in trial.events(document)
        ]

    async def _replayed(self, event: Mapping[str, Any]) -> AsyncIterator[dict[str, Any]]:
        known = self._subscriptions.of(event["topic"])
        for subscription in known or self._subscriptions.all():
            here = trial.moved(event, subscription.source)
            if here and subscription.filter.wants(here):
                body = rendered(json.dumps(here), subscription.schema)
                batch = Batch(subscription, (body,), 0)
                kind = kinds.known(subscription.endpoint.properties)
                outcome = await kind.deliver(self._control, batch)
                yield {"subscription": subscription.name, **vars(outcome)}

    def _rule(self, subscription: Subscription) -> trial.Rule:
        where = place(self._control.resources, subscription.id)
        raised = where.event_types if where else ()
        return trial.Rule(
            subscription.name,
            subscription.filter,
            subscription.source,
            raised,
        )

    async def leave(self, subscription_id: str) -> None:
        """Tell a destination that its subscription is being deleted, once."""
        found = self._subscriptions.find(subscription_id)
        if found:
            await kinds.known(found.endpoint.properties).leave(self._control, found)

    async def settled(self) -> None:
        """Return once no delivery is under way or due."""
        await self._courier.settled()

    def given_up(self, limit: int) -> list[str]:
        """Ids of the last events of which a delivery was given up, without those sent again since.

        The newest first.
        """
        return self._deliveries.given_up(limit)

    def history(self, limit: int) -> list[dict[str, Any]]:
        """The last events, newest first: ``published``, ``event``, ``deliveries``, ``verdicts``."""
        return [self._judged(each) for each in self._deliveries.history(limit)]

    def begun(self, limit: int, until: str, containing: str) -> list[tuple[str, str, str]]:
        """When the newest events were published, and their ids."""
        return self._deliveries.begun(limit, until, containing)

    def of(self, event: str) -> list[dict[str, Any]]:
        """The events of this id, as ``history`` tells them."""
        return [self._judged(each) for each in self._deliveries.of(event)]

    def _judged(self, told: dict[str, Any]) -> dict[str, Any]:
        """With the verdict of each subscription that did not get it, by its filter of now."""
        asked = {each["subscription"].lower() for each in told["deliveries"]}
        missed = (each for of in _sources(told["source"]) for each in self._subscriptions.of(of))
        verdicts = [
            {"subscription": each.id, "reasons": trial.reasons(each.filter, told["event"])}
            for each in missed
            if each.id.lower() not in asked
        ]
        return {**told, "verdicts": verdicts}

    def _take(self, event: dict[str, Any], sources: tuple[str, ...], now: float) -> None:
        """Keep an event of the first source, and let it be due where it is wanted."""
        seen = as_filtered(event)
        wanting = [
            subscription
            for source in sources
            for subscription in self._subscriptions.of(source)
            if subscription.filter.wants(seen)
        ]
        names = [each.id for each in wanting]
        taken = self._deliveries.take(sources[0], event, names, now)
        for delivery, subscription_id in zip(taken, names, strict=True):
            self._courier.add(now, delivery, subscription_id)
        counting.event(self._control.metrics, self._subscriptions.topics(sources), wanting)


def _sources(source: str) -> tuple[str, ...]:
    """Whose subscriptions hear of an event: a domain's as well as those of its topic."""
    domain, below, _ = source.partition("/topics/")
    return (source, domain) if below else (source,)
