"""Custom topics, domains and subscriptions, put through the control plane, and their clients."""

from collections.abc import Coroutine
from typing import Any

from azure.core.credentials import AzureKeyCredential
from azure.eventgrid import EventGridPublisherClient

from local_azure.catalogue import TYPES
from local_azure.control_plane.clouds import PUBLIC, Cloud
from local_azure.control_plane.entra.directory import Principal
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.control_plane.tenant import DEPLOYER, SUBSCRIPTION
from local_azure_tests.conftest import Running
from local_azure_tests.eventgrid.conftest import Grid
from local_azure_tests.storage import world

GROUP = {"resourceGroupName": "events"}
PROVIDERS = f"{SUBSCRIPTION}/resourceGroups/events/providers"
TOPICS = f"{PROVIDERS}/Microsoft.EventGrid/topics"
TOPIC = f"{TOPICS}/orders"
DOMAIN = f"{PROVIDERS}/Microsoft.EventGrid/domains/fleet"
TOPIC_URL = "https://orders.westeurope-1.eventgrid.azure.net/api/events"
DOMAIN_URL = "https://fleet.westeurope-1.eventgrid.azure.net/api/events"
SENDER = "d5a91429-5739-47e2-a06b-3470a27159e7"
KINDS = {kind.pulumi_type.rpartition(":")[2]: kind for kind in TYPES}


def putting(
    server: Running,
    kind: str,
    /,
    caller: Principal = DEPLOYER,
    cloud: Cloud = PUBLIC,
    *,
    new: bool = True,
    **inputs: Any,
) -> Coroutine[Any, Any, Resource]:
    """The PUT of a resource as the provider does it, in the resource group of these tests."""
    found = KINDS[kind]
    given = {**(GROUP if "resourceGroupName" in found.path_keys else {}), **inputs}
    manager = server.azure.manager
    return manager.put(manager.kind(found.arm_type) or found, given, caller, cloud, new=new)


def put(server: Running, kind: str, /, *more: Any, **inputs: Any) -> Resource:
    """The resource that was put so."""
    return server.run(putting(server, kind, *more, **inputs))


def delete(server: Running, resource_id: str, caller: Principal = DEPLOYER) -> None:
    """Delete a resource and all below it."""
    server.run(server.azure.manager.delete(resource_id, caller))


def group(server: Running) -> None:
    """The resource group."""
    put(server, "ResourceGroup", location="westeurope")


def topic(server: Running, *, new: bool = True, **inputs: Any) -> Resource:
    """A custom topic."""
    given = {"topicName": "orders", "location": "westeurope", **inputs}
    return put(server, "Topic", new=new, **given)


def domain(server: Running, *topics: str, **inputs: Any) -> Resource:
    """A domain with domain topics, which no subscription makes or takes away."""
    manual = {
        "autoCreateTopicWithFirstSubscription": False,
        "autoDeleteTopicWithLastSubscription": False,
    }
    made = put(server, "Domain", domainName="fleet", location="westeurope", **{**manual, **inputs})
    for name in topics:
        put(server, "DomainTopic", domainName="fleet", domainTopicName=name)
    return made


def subscribe(
    server: Running,
    scope: str,
    name: str = "to-hook",
    caller: Principal = DEPLOYER,
    kind: str = "EventSubscription",
    **inputs: Any,
) -> Resource:
    """A subscription to the webhook, which is named like it; a scope is said by it or otherwise."""
    given = {**({"scope": scope} if scope else {}), "destination": world.webhook(name), **inputs}
    return put(server, kind, caller, eventSubscriptionName=name, **given)


def event(**fields: Any) -> dict[str, Any]:
    """An event as a publisher sends it."""
    return {
        "id": "1",
        "subject": "orders/1",
        "eventType": "Order.Placed",
        "eventTime": "2026-06-01T12:00:00Z",
        "data": {"price": 3},
        "dataVersion": "1.0",
        **fields,
    }


def keys(server: Running, resource_id: str) -> tuple[str, str]:
    """The two access keys."""
    return server.call(server.azure.eventgrid.keys.of, resource_id)


def by_key(server: Running, resource_id: str = TOPIC, url: str = TOPIC_URL) -> Any:
    """A client that has the second key."""
    return EventGridPublisherClient(
        url, AzureKeyCredential(keys(server, resource_id)[1]), retry_total=0
    )


def as_person(person: Principal, url: str = TOPIC_URL) -> Any:
    """A client that signs in."""
    return EventGridPublisherClient(url, world.credential(person), retry_total=0)


def domain_by_key(server: Running) -> Any:
    """A client of the domain."""
    return by_key(server, DOMAIN, DOMAIN_URL)


def got(grid: Grid) -> list[tuple[str, Any]]:
    """Path and body of every delivery so far, without handshakes and farewells."""
    grid.run(grid.azure.eventgrid.settled())
    return [
        (path, body)
        for path, headers, body in grid.hook.got
        if headers.get("aeg-event-type") == "Notification"
    ]
