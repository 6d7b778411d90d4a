"""Custom topics, domains and domain topics: what publishers send their own events to.

Each topic and each domain has an endpoint of its own and two access keys. A domain topic has
neither: its events come in at the domain, which they name it to. It may come with its first
subscription and go with its last one, be it made by hand or not (the SDK's
``autoCreateTopicWithFirstSubscription`` and ``autoDeleteTopicWithLastSubscription``,
D:event-grid/event-domains).
"""

from collections.abc import Iterator

from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.resource_manager.answers import chosen, proxied, system_data, tracked
from local_azure.control_plane.resource_manager.errors import NameTakenError
from local_azure.control_plane.resource_manager.resource_type import Json, Put, ResourceType
from local_azure.control_plane.resource_manager.shape import Problem, not_emulated
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.control_plane.resource_manager.unknown import UNKNOWN
from local_azure.services.eventgrid import place
from local_azure.services.eventgrid.schemas import DELIVERED_AS, EVENT_GRID

_KEPT = ("dataResidencyBoundary", "minimumTlsVersionAllowed")
_AUTOMATIC = ("autoCreateTopicWithFirstSubscription", "autoDeleteTopicWithLastSubscription")
TOPIC_PATH = f"{place.TOPIC}/{{topicName}}"
DOMAIN_PATH = f"{place.DOMAIN}/{{domainName}}"


def _rules(inputs: Json) -> Iterator[Problem]:
    yield from not_emulated(inputs, "eventTypeInfo", "inboundIpRules", "inputSchemaMapping")
    if inputs.get("publicNetworkAccess", "Enabled") not in {"Enabled", UNKNOWN}:
        yield Problem("publicNetworkAccess", "private links are not emulated; accepted: 'Enabled'")
    schema = inputs.get("inputSchema", EVENT_GRID)
    if schema not in {*DELIVERED_AS, UNKNOWN}:
        accepted = ", ".join(map(repr, DELIVERED_AS))
        yield Problem("inputSchema", f"found {schema!r}, emulated: {accepted}")


def _check(put: Put) -> None:
    """A host name belongs to one topic or domain, and what comes in keeps its form."""
    for kind in (place.TOPIC, place.DOMAIN):
        for other in put.control.resources.select(kind):
            if other.id.lower() != put.id.lower() and other.properties["endpoint"] == _url(put):
                raise NameTakenError(str(put), put.name, f"in {put.location}")
    if put.before and put.before.body.get("inputSchema") != put.body.get("inputSchema"):
        reason = "can't be changed once events have come in by it; make another"
        raise put.refuse("inputSchema", reason)


def _url(put: Put) -> str:
    host = f"{put.name.lower()}.{put.location}-1.{put.cloud.event_grid}"
    return f"https://{host}/api/events"


def _answer(put: Put) -> Json:
    return {
        **tracked(put, untagged=None),
        "minimumTlsVersionAllowed": "1.0",
        **chosen(put.body, _KEPT),
        "disableLocalAuth": put.body.get("disableLocalAuth", False),
        "endpoint": _url(put),
        "inputSchema": put.body.get("inputSchema", EVENT_GRID),
        "metricResourceId": put.kept("metricResourceId"),
        "provisioningState": "Succeeded",
        "publicNetworkAccess": "Enabled",
    }


def _domain_answer(put: Put) -> Json:
    return {**_answer(put), **{key: put.body.get(key, True) for key in _AUTOMATIC}}


def _domain_topic_answer(put: Put) -> Json:
    return {**proxied(put), "provisioningState": "Succeeded"}


TOPIC = ResourceType(
    pulumi_type="azure-native:eventgrid:Topic",
    path=TOPIC_PATH,
    api_version="2025-02-15",
    answer=_answer,
    rules=_rules,
    check=_check,
)

DOMAIN = ResourceType(
    pulumi_type="azure-native:eventgrid:Domain",
    path=DOMAIN_PATH,
    api_version="2025-02-15",
    answer=_domain_answer,
    rules=_rules,
    check=_check,
)

DOMAIN_TOPIC = ResourceType(
    pulumi_type="azure-native:eventgrid:DomainTopic",
    path=f"{DOMAIN_PATH}/topics/{{domainTopicName}}",
    autoname="random",
    api_version="2025-02-15",
    answer=_domain_topic_answer,
)


def make_domain_topic(put: Put, answer: Json) -> None:
    """Let the domain topic of a subscription exist."""
    topic_id, resources = place.parent_id(put.id), put.control.resources
    if resources.find(topic_id) is not None:
        return
    name = topic_id.rpartition("/")[2]
    properties = {
        "name": name,
        "type": place.DOMAIN_TOPIC,
        "azureApiVersion": answer["azureApiVersion"],
        "provisioningState": "Succeeded",
        "systemData": system_data(put),
    }
    resources.put(Resource(topic_id, place.DOMAIN_TOPIC, name, {}, properties))


def forget_domain_topic(control: ControlPlane, subscription: Resource) -> None:
    """Let the domain topic go whose last subscription goes, where the domain says so."""
    topic_id = place.parent_id(subscription.id)
    topic = control.resources.find(topic_id)
    if topic is None or topic.type != place.DOMAIN_TOPIC:
        return
    domain = control.resources.find(topic_id.rpartition("/topics/")[0])
    automatic = domain and domain.properties["autoDeleteTopicWithLastSubscription"]
    if automatic and len(control.resources.below(topic_id)) == 1:
        control.resources.delete(topic_id)
