"""Custom topics, domains, domain topics and subscriptions on the control plane."""

from functools import partial
from typing import Any

import pytest

from local_azure.control_plane.clouds import CHINA, US_GOVERNMENT, Cloud
from local_azure.control_plane.resource_manager.errors import ControlPlaneError
from local_azure.control_plane.tenant import DEPLOYER
from local_azure_tests.conftest import Running
from local_azure_tests.eventgrid.publishers import publishing
from local_azure_tests.storage import world

CONTRIBUTOR = "1e241071-0855-49ea-94dc-649edcd759de"
SUBSCRIPTION_CONTRIBUTOR = "428e0ff0-5e57-4d9c-a221-2c70d0e0a443"

DIGGERS: dict[str, Any] = {"domainName": "fleet", "topicName": "diggers"}


def _exists(grid: Running, resource_id: str) -> bool:
    return grid.call(grid.azure.resources.find, resource_id) is not None


def test_a_topic_tells_its_endpoint_and_nothing_secret(grid: Running) -> None:
    made = publishing.topic(grid, location="West Europe")
    assert made.properties["endpoint"] == publishing.TOPIC_URL
    assert made.properties["inputSchema"] == "EventGridSchema"
    assert made.properties["disableLocalAuth"] is False
    assert all(key not in str(made) for key in publishing.keys(grid, made.id))


@pytest.mark.parametrize(
    ("cloud", "suffix"),
    [(CHINA, "eventgrid.azure.cn"), (US_GOVERNMENT, "eventgrid.azure.us")],
)
def test_each_cloud_has_hosts_of_its_own(grid: Running, cloud: Cloud, suffix: str) -> None:
    inputs = {**publishing.GROUP, "topicName": "orders", "location": "westeurope"}
    kind = publishing.KINDS["Topic"]
    made = grid.run(grid.azure.manager.put(kind, inputs, DEPLOYER, cloud, new=True))
    assert made.properties["endpoint"] == f"https://orders.westeurope-1.{suffix}/api/events"


def test_keys_stay_the_same_until_the_topic_is_deleted(grid: Running) -> None:
    publishing.topic(grid)
    keys = publishing.keys(grid, publishing.TOPIC)
    publishing.topic(grid, new=False, tags={"a": "b"})
    assert publishing.keys(grid, publishing.TOPIC) == keys
    publishing.delete(grid, publishing.TOPIC)
    publishing.topic(grid)
    assert not set(keys) & set(publishing.keys(grid, publishing.TOPIC))


def test_keys_lie_nowhere_in_clear(grid: Running) -> None:
    publishing.topic(grid)
    keys = publishing.keys(grid, publishing.TOPIC)
    kept = b"".join(path.read_bytes() for path in grid.home.folder.glob("*.db*"))
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
def test_a_topic_that_can_not_be_is_refused(
    grid: Running, inputs: dict[str, Any], told: str
) -> None:
    with pytest.raises(ControlPlaneError, match=told):
        publishing.put(grid, "Topic", **{"topicName": "orders", "location": "westeurope", **inputs})


def test_an_input_schema_stays_what_it_is(grid: Running) -> None:
    publishing.topic(grid)
    with pytest.raises(ControlPlaneError, match="inputSchema: can't be changed"):
        publishing.topic(grid, new=False, inputSchema="CloudEventSchemaV1_0")


def test_a_host_name_belongs_to_one_topic_or_domain(grid: Running) -> None:
    publishing.topic(grid)
    with pytest.raises(ControlPlaneError, match="already taken in westeurope"):
        publishing.put(grid, "Domain", domainName="ORDERS", location="westeurope")


def test_a_domain_that_leaves_its_topics_to_others_needs_them_first(
    grid: Running, hook: world.Hook
) -> None:
    made = publishing.domain(grid)
    with pytest.raises(ControlPlaneError, match="does not exist"):
        publishing.subscribe(grid, f"{made.id}/topics/diggers")
    with pytest.raises(ControlPlaneError, match=r"Parent resource .* not found"):
        publishing.subscribe(grid, "", kind="DomainTopicEventSubscription", **DIGGERS)
    assert hook.got == []


@pytest.mark.parametrize("kind", ["EventSubscription", "DomainTopicEventSubscription"])
def test_a_domain_topic_comes_with_its_first_and_goes_with_its_last_subscription(
    grid: Running, kind: str
) -> None:
    made = publishing.put(grid, "Domain", domainName="fleet", location="westeurope")
    topic = f"{made.id}/topics/diggers"
    by_scope = kind == "EventSubscription"
    place = {} if by_scope else DIGGERS
    subscriptions = [
        publishing.subscribe(grid, topic if by_scope else "", name, kind=kind, **place)
        for name in ("first", "second")
    ]
    assert _exists(grid, topic)
    publishing.delete(grid, subscriptions[0].id)
    assert _exists(grid, topic)
    publishing.delete(grid, subscriptions[1].id)
    assert not _exists(grid, topic)


def test_a_domain_topic_stays_where_the_domain_says_so(grid: Running) -> None:
    made = publishing.domain(grid, "diggers")
    subscription = publishing.subscribe(grid, f"{made.id}/topics/diggers")
    publishing.delete(grid, subscription.id)
    assert _exists(grid, f"{made.id}/topics/diggers")


def test_a_deleted_domain_takes_all_below_it_along_and_says_farewell(
    grid: Running, hook: world.Hook
) -> None:
    made = publishing.domain(grid, "diggers")
    subscription = publishing.subscribe(grid, f"{made.id}/topics/diggers")
    publishing.delete(grid, made.id)
    assert not _exists(grid, subscription.id)
    assert hook.got[-1][1]["aeg-event-type"] == "SubscriptionDeletion"


@pytest.mark.parametrize(
    ("comes_in", "goes_out"),
    [
        ("EventGridSchema", "CustomInputSchema"),
        ("CloudEventSchemaV1_0", "EventGridSchema"),
        ("CloudEventSchemaV1_0", "CustomInputSchema"),
    ],
)
def test_events_go_out_in_forms_that_they_can_have_only(
    grid: Running, comes_in: str, goes_out: str
) -> None:
    publishing.topic(grid, inputSchema=comes_in)
    with pytest.raises(ControlPlaneError, match=f"eventDeliverySchema: found '{goes_out}'"):
        publishing.subscribe(grid, publishing.TOPIC, eventDeliverySchema=goes_out)


def test_a_subscription_has_one_form_of_its_id(grid: Running) -> None:
    publishing.topic(grid)
    publishing.subscribe(grid, publishing.TOPIC)
    with pytest.raises(ControlPlaneError, match="exists already as"):
        publishing.subscribe(grid, "", kind="TopicEventSubscription", topicName="orders")


def test_a_resource_that_raises_no_events_has_no_subscriptions(grid: Running) -> None:
    scope = "/".join(publishing.TOPIC.split("/")[:5])
    with pytest.raises(ControlPlaneError, match="resourceGroups are not emulated"):
        publishing.subscribe(grid, scope)


def test_an_extension_of_a_source_gets_its_events(grid: Running, hook: world.Hook) -> None:
    subscription = publishing.subscribe(grid, world.ACCOUNT)
    small = "microsoft.storage/storageaccounts"
    told = world.ACCOUNT.replace("Microsoft.Storage/storageAccounts", small)
    assert subscription.properties["topic"] == told
    assert {*subscription.properties["filter"]}.isdisjoint(
        ("isSubjectCaseSensitive", "enableAdvancedFilteringOnArrays")
    )
    assert subscription.properties["filter"]["includedEventTypes"] == [
        "Microsoft.Storage.BlobCreated",
        "Microsoft.Storage.BlobDeleted",
    ]
    world.publish(grid)
    assert publishing.got(grid, hook) == [("/to-hook", [{"topic": world.ACCOUNT, **world.event()}])]
    publishing.delete(grid, subscription.id)


@pytest.mark.parametrize("role", [CONTRIBUTOR, SUBSCRIPTION_CONTRIBUTOR])
def test_a_subscription_is_made_and_deleted_by_who_may(grid: Running, role: str) -> None:
    publishing.topic(grid)
    guest = world.GUEST
    subscribe = partial(publishing.subscribe, grid, publishing.TOPIC, caller=guest)

    with pytest.raises(ControlPlaneError, match="EventGrid/eventSubscriptions/write"):
        subscribe()
    grid.call(grid.azure.authorization.assign, "guest", guest.object_id, role, publishing.TOPIC)
    made = subscribe().id
    grid.call(grid.azure.authorization.unassign, "guest")
    with pytest.raises(ControlPlaneError, match="EventGrid/eventSubscriptions/delete"):
        publishing.delete(grid, made, guest)
    assert _exists(grid, made)


def test_a_subscription_needs_the_right_on_its_source_as_well(grid: Running) -> None:
    guest, assign = world.GUEST, grid.azure.authorization.assign
    grid.call(assign, "guest", guest.object_id, SUBSCRIPTION_CONTRIBUTOR, world.TOPIC)
    with pytest.raises(ControlPlaneError, match=f"eventSubscriptions/write.*{world.ACCOUNT}"):
        publishing.subscribe(grid, world.TOPIC, caller=guest)
    grid.call(grid.azure.authorization.unassign, "guest")
