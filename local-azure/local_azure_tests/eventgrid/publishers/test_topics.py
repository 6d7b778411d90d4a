"""Custom topics, domains, domain topics and subscriptions on the control plane."""

from functools import partial
from typing import Any

import pytest

from local_azure.control_plane.clouds import CHINA, US_GOVERNMENT, Cloud
from local_azure.control_plane.resource_manager.errors import ControlPlaneError
from local_azure_tests.eventgrid.conftest import Grid
from local_azure_tests.eventgrid.publishers import publishing
from local_azure_tests.storage import world

CONTRIBUTOR = "1e241071-0855-49ea-94dc-649edcd759de"
SUBSCRIPTION_CONTRIBUTOR = "428e0ff0-5e57-4d9c-a221-2c70d0e0a443"

DIGGERS: dict[str, Any] = {"domainName": "fleet", "topicName": "diggers"}


def _exists(grid: Grid, resource_id: str) -> bool:
    return grid.call(grid.azure.resources.find, resource_id) is not None


def test_a_topic_tells_its_endpoint_and_nothing_secret(grid: Grid) -> None:
    made = publishing.topic(grid, location="West Europe")
    told = (made.properties["endpoint"], made.properties["disableLocalAuth"])
    assert told == (publishing.TOPIC_URL, False)
    assert [key for key in publishing.keys(grid, made.id) if key in str(made)] == []


@pytest.mark.parametrize(
    ("cloud", "suffix"), [(CHINA, "eventgrid.azure.cn"), (US_GOVERNMENT, "eventgrid.azure.us")]
)
def test_each_cloud_has_hosts_of_its_own(grid: Grid, cloud: Cloud, suffix: str) -> None:
    made = publishing.topic(grid, cloud=cloud)
    assert made.properties["endpoint"] == f"https://orders.westeurope-1.{suffix}/api/events"


def test_keys_stay_the_same_until_the_topic_is_deleted(topic: Grid) -> None:
    keys = publishing.keys(topic, publishing.TOPIC)
    publishing.topic(topic, new=False, tags={"a": "b"})
    assert publishing.keys(topic, publishing.TOPIC) == keys
    publishing.delete(topic, publishing.TOPIC)
    publishing.topic(topic)
    assert set(keys).isdisjoint(publishing.keys(topic, publishing.TOPIC))


def test_keys_lie_nowhere_in_clear(topic: Grid) -> None:
    keys = publishing.keys(topic, publishing.TOPIC)
    kept = b"".join(path.read_bytes() for path in topic.home.folder.glob("*.db*"))
    assert b"event_grid_keys" in kept
    assert all(key.encode() not in kept for key in keys)


@pytest.mark.parametrize(
    ("inputs", "told"),
    [
        ({"publicNetworkAccess": "Disabled"}, "private links are not emulated"),
        ({"inboundIpRules": [{"ipMask": "10.0.0.0/8"}]}, "inboundIpRules: not emulated"),
        ({"inputSchema": "Other"}, "found 'Other'"),
        ({"inputSchema": "CustomEventSchema"}, "emulated: 'EventGridSchema'"),
        ({"inputSchemaMapping": {"inputSchemaMappingType": "Json"}}, "inputSchemaMapping: not emu"),
        ({"topicName": "a_b"}, "found 'a_b', accepted: names that match"),
    ],
)
def test_a_topic_that_can_not_be_is_refused(grid: Grid, inputs: dict[str, Any], told: str) -> None:
    with pytest.raises(ControlPlaneError, match=told):
        publishing.topic(grid, **inputs)


def test_an_input_schema_stays_what_it_is(topic: Grid) -> None:
    with pytest.raises(ControlPlaneError, match="inputSchema: can't be changed"):
        publishing.topic(topic, new=False, inputSchema="CloudEventSchemaV1_0")


def test_a_host_name_belongs_to_one_topic_or_domain(topic: Grid) -> None:
    with pytest.raises(ControlPlaneError, match="already taken in westeurope"):
        publishing.put(topic, "Domain", domainName="ORDERS", location="westeurope")


def test_a_domain_that_leaves_its_topics_to_others_needs_them_first(grid: Grid) -> None:
    made = publishing.domain(grid)
    with pytest.raises(ControlPlaneError, match="does not exist"):
        publishing.subscribe(grid, f"{made.id}/topics/diggers")
    with pytest.raises(ControlPlaneError, match=r"Parent resource .* not found"):
        publishing.subscribe(grid, "", kind="DomainTopicEventSubscription", **DIGGERS)
    assert grid.hook.got == []


@pytest.mark.parametrize("kind", ["EventSubscription", "DomainTopicEventSubscription"])
def test_a_domain_topic_comes_with_its_first_and_goes_with_its_last_subscription(
    grid: Grid, kind: str
) -> None:
    publishing.put(grid, "Domain", domainName="fleet", location="westeurope")
    topic = f"{publishing.DOMAIN}/topics/diggers"
    scope, place = (topic, {}) if kind == "EventSubscription" else ("", DIGGERS)
    subscriptions = [
        publishing.subscribe(grid, scope, name, kind=kind, **place) for name in ("first", "second")
    ]
    exists = [_exists(grid, topic)]
    for each in subscriptions:
        publishing.delete(grid, each.id)
        exists.append(_exists(grid, topic))

    assert exists == [True, True, False]


def test_a_domain_topic_stays_where_the_domain_says_so(grid: Grid) -> None:
    made = publishing.domain(grid, "diggers")
    subscription = publishing.subscribe(grid, f"{made.id}/topics/diggers")
    publishing.delete(grid, subscription.id)
    assert _exists(grid, f"{made.id}/topics/diggers")


def test_a_deleted_domain_takes_all_below_it_along_and_says_farewell(grid: Grid) -> None:
    made = publishing.domain(grid, "diggers")
    subscription = publishing.subscribe(grid, f"{made.id}/topics/diggers")
    publishing.delete(grid, made.id)
    assert not _exists(grid, subscription.id)
    assert grid.hook.got[-1][1]["aeg-event-type"] == "SubscriptionDeletion"


@pytest.mark.parametrize(
    ("comes_in", "goes_out"),
    [
        ("EventGridSchema", "CustomInputSchema"),
        ("CloudEventSchemaV1_0", "EventGridSchema"),
        ("CloudEventSchemaV1_0", "CustomInputSchema"),
    ],
)
def test_events_go_out_in_forms_that_they_can_have_only(
    grid: Grid, comes_in: str, goes_out: str
) -> None:
    publishing.topic(grid, inputSchema=comes_in)
    with pytest.raises(ControlPlaneError, match=f"eventDeliverySchema: found '{goes_out}'"):
        publishing.subscribe(grid, publishing.TOPIC, eventDeliverySchema=goes_out)


def test_a_subscription_has_one_form_of_its_id(subscribed: Grid) -> None:
    with pytest.raises(ControlPlaneError, match="exists already as"):
        publishing.subscribe(subscribed, "", kind="TopicEventSubscription", topicName="orders")


def test_a_resource_that_raises_no_events_has_no_subscriptions(grid: Grid) -> None:
    scope = "/".join(publishing.TOPIC.split("/")[:5])
    with pytest.raises(ControlPlaneError, match="resourceGroups are not emulated"):
        publishing.subscribe(grid, scope)


def test_an_extension_of_a_source_gets_its_events(grid: Grid) -> None:
    subscription = publishing.subscribe(grid, world.ACCOUNT)
    # What is off is not told.
    assert subscription.properties["filter"] == {
        "subjectBeginsWith": "",
        "subjectEndsWith": "",
        "includedEventTypes": ["Microsoft.Storage.BlobCreated", "Microsoft.Storage.BlobDeleted"],
    }
    world.publish(grid)
    assert publishing.got(grid) == [("/to-hook", [{"topic": world.ACCOUNT, **world.event()}])]
    publishing.delete(grid, subscription.id)


@pytest.mark.parametrize("role", [CONTRIBUTOR, SUBSCRIPTION_CONTRIBUTOR])
def test_a_subscription_is_made_and_deleted_by_who_may(topic: Grid, role: str) -> None:
    guest = world.GUEST
    subscribe = partial(publishing.subscribe, topic, publishing.TOPIC, caller=guest)

    with pytest.raises(ControlPlaneError, match="EventGrid/eventSubscriptions/write"):
        subscribe()
    topic.call(topic.azure.authorization.assign, "guest", guest.object_id, role, publishing.TOPIC)
    made = subscribe().id
    topic.call(topic.azure.authorization.unassign, "guest")
    with pytest.raises(ControlPlaneError, match="EventGrid/eventSubscriptions/delete"):
        publishing.delete(topic, made, guest)
    assert _exists(topic, made)


def test_a_subscription_needs_the_right_on_its_source_as_well(grid: Grid) -> None:
    guest, assign = world.GUEST, grid.azure.authorization.assign
    grid.call(assign, "guest", guest.object_id, SUBSCRIPTION_CONTRIBUTOR, world.TOPIC)
    with pytest.raises(ControlPlaneError, match=f"eventSubscriptions/write.*{world.ACCOUNT}"):
        publishing.subscribe(grid, world.TOPIC, caller=guest)
    grid.call(grid.azure.authorization.unassign, "guest")
