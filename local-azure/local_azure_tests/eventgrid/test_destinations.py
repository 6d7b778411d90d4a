"""Deliveries to storage queues, event hubs and Service Bus, by identities and their roles."""

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest

from local_azure.control_plane.entra.directory import Principal
from local_azure.control_plane.faults import Fault
from local_azure_tests.conftest import known
from local_azure_tests.eventgrid.conftest import Grid
from local_azure_tests.messaging import world as bus
from local_azure_tests.storage import world

Json = dict[str, Any]
QUEUE = f"{world.ACCOUNT}/queueServices/default/queues/events"
QUEUE_SENDER = "c6a89b2d-59bc-44d0-9896-0f6e12d7b80a"
SENDERS = {
    QUEUE: QUEUE_SENDER,
    bus.HUB: bus.HUB_SENDER,
    bus.QUEUE: bus.BUS_SENDER,
    bus.TOPIC: bus.BUS_SENDER,
}
USERS_IDENTITY = f"{bus.GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/courier"
USER = Principal("00000004-0000-4000-8000-000000000000", None, "ManagedIdentity", "courier")


@pytest.fixture(scope="module")
def shared(shared: Grid) -> Grid:
    world.build(shared, ["letters"])
    for make in (bus.build, _identity):
        shared.call(make, shared.azure)
    return shared


def _identity(azure: Any) -> None:
    azure.directory.add(USER)
    known(azure, USERS_IDENTITY, told={"principalId": USER.object_id})


@pytest.fixture
def courier(grid: Grid, monkeypatch: pytest.MonkeyPatch) -> Iterator[Grid]:
    """A server whose topic may send everywhere; the queue is empty."""
    grid.lead(monkeypatch)
    azure = grid.azure
    grid.run(azure.storage.create_queue(world.NAME, "events", {}))
    for entity in SENDERS:
        _give(grid, entity)
        grid.call(azure.messaging.forget, entity)
    yield grid
    grid.run(azure.storage.delete_queue(world.NAME, "events"))


def _give(grid: Grid, entity: str, to: Principal = world.TOPIC_IDENTITY) -> None:
    assign = grid.azure.authorization.assign
    grid.call(assign, entity, to.object_id, SENDERS[entity], entity)


def _take(grid: Grid, entity: str) -> None:
    grid.call(grid.azure.authorization.unassign, entity)


OWN = {"type": "SystemAssigned"}


def _subscribe(grid: Grid, entity: str, kind: str, identity: Json = OWN, **more: Any) -> None:
    destination = {"endpointType": kind, "resourceId": entity}
    delivery = {"destination": destination, "identity": identity}
    grid.subscribe(deliveryWithResourceIdentity=delivery, **more)


def _subscribe_queue(grid: Grid, **more: Any) -> None:
    where = {"resourceId": world.ACCOUNT, "queueName": "events", **more}
    delivery = {"destination": {"endpointType": "StorageQueue", **where}, "identity": OWN}
    grid.subscribe(deliveryWithResourceIdentity=delivery)


def _events() -> list[Json]:
    """The events in the storage queue."""
    messages = world.queues().get_queue_client("events").receive_messages()
    return [json.loads(base64.b64decode(message.content)) for message in messages]


EXPECTED = {"topic": world.ACCOUNT, **world.event()}


def test_a_storage_queue_gets_each_event_in_base64(courier: Grid) -> None:
    _subscribe_queue(courier)

    world.publish(courier, world.event(), world.event("ünd'\"<&>"))

    found = sorted(_events(), key=lambda event: str(event["subject"]))
    assert found == [EXPECTED, {"topic": world.ACCOUNT, **world.event("ünd'\"<&>")}]
    assert {each["state"] for each in world.deliveries(courier)} == {"delivered"}


@pytest.mark.parametrize(("life", "year"), [(-1, 9999), (3600, None)])
def test_a_queue_message_lives_as_long_as_the_subscription_says(
    courier: Grid, life: int, year: int | None
) -> None:
    _subscribe_queue(courier, queueMessageTimeToLiveInSeconds=life)

    world.publish(courier)

    [message] = world.queues().get_queue_client("events").peek_messages()
    assert message.expires_on
    assert message.inserted_on
    seconds = (message.expires_on - message.inserted_on).total_seconds()
    assert message.expires_on.year == year if year else seconds == life


def test_without_its_role_a_queue_refuses_for_good_and_the_history_says_why(courier: Grid) -> None:
    _take(courier, QUEUE)
    _subscribe_queue(courier)

    world.publish(courier)

    [delivery] = world.deliveries(courier)
    assert (delivery["state"], delivery["outcome"]) == ("dropped", "Forbidden")
    assert "queues/messages/add/action" in delivery["detail"]
    assert "'topic'" in delivery["detail"]


def test_a_queue_that_was_deleted_is_tried_again_after_five_minutes(courier: Grid) -> None:
    _subscribe_queue(courier)
    courier.run(courier.azure.storage.delete_queue(world.NAME, "events"))
    world.publish(courier)
    outcome = world.deliveries(courier)[0]["outcome"]
    courier.run(courier.azure.storage.create_queue(world.NAME, "events", {}))
    world.advance(courier, seconds=299)
    early = _events()
    world.advance(courier, seconds=1)

    assert (outcome, early, _events()) == ("NotFound", [], [EXPECTED])


def test_an_event_that_is_too_large_for_a_queue_is_not_tried_again(courier: Grid) -> None:
    _subscribe_queue(courier)

    world.publish(courier, world.event(padding="x" * 50_000))

    [delivery] = world.deliveries(courier)
    assert (delivery["state"], delivery["outcome"]) == ("dropped", "RequestEntityTooLarge")


@pytest.mark.parametrize(
    ("entity", "kind", "body"),
    [
        (bus.HUB, "EventHub", [EXPECTED]),
        (bus.QUEUE, "ServiceBusQueue", EXPECTED),
        (bus.TOPIC, "ServiceBusTopic", EXPECTED),
    ],
)
def test_a_message_carries_the_event_and_the_documented_properties(
    courier: Grid, entity: str, kind: str, body: Any
) -> None:
    _subscribe(courier, entity, kind)

    world.publish(courier)

    [message] = bus.messages(courier, entity)
    assert json.loads(message["body"]) == body
    assert message["user_properties"] == {
        "aeg-output-event-id": message["broker_properties"]["MessageId"],
        "aeg-event-type": "Notification",
        "aeg-subscription-name": "TO-HOOK",
        "aeg-delivery-count": "0",
        "aeg-data-version": "",
        "aeg-metadata-version": "1",
    }


def test_without_its_role_an_event_hub_is_tried_again_and_gets_it_once_the_role_is_there(
    courier: Grid,
) -> None:
    _take(courier, bus.HUB)
    _subscribe(courier, bus.HUB, "EventHub")
    world.publish(courier)
    [refused] = world.deliveries(courier)
    _give(courier, bus.HUB)
    world.advance(courier, seconds=299)
    early = bus.messages(courier, bus.HUB)
    world.advance(courier, seconds=1)

    assert (refused["state"], refused["outcome"], early) == ("waiting", "Unauthorized", [])
    assert "Microsoft.EventHub/namespaces/messages/send/action" in refused["detail"]
    [delivery] = world.deliveries(courier)
    assert (len(bus.messages(courier, bus.HUB)), delivery["detail"]) == (1, None)


def test_an_event_that_comes_twice_has_the_same_message_id(courier: Grid) -> None:
    _subscribe(courier, bus.QUEUE, "ServiceBusQueue")

    world.publish(courier)
    number = courier.call(courier.azure.state.rows, "SELECT max(id) FROM deliveries")[0][0]
    again = "UPDATE deliveries SET state = 'waiting' WHERE id = ?"
    courier.call(courier.azure.state.execute, again, number)
    subscription = f"{world.TOPIC}/eventSubscriptions/to-hook"
    courier.call(courier.azure.eventgrid._courier.add, 0, number, subscription)
    courier.run(courier.azure.eventgrid.settled())

    first, second = bus.messages(courier, bus.QUEUE)
    assert first["broker_properties"] == second["broker_properties"]


def test_a_user_assigned_identity_delivers_with_its_own_role(courier: Grid) -> None:
    identity = {"type": "UserAssigned", "userAssignedIdentity": USERS_IDENTITY}
    _subscribe(courier, bus.TOPIC, "ServiceBusTopic", identity=identity)
    world.publish(courier)
    assert "'courier'" in world.deliveries(courier)[0]["detail"]

    _give(courier, bus.TOPIC, USER)
    world.advance(courier, minutes=5)
    assert len(bus.messages(courier, bus.TOPIC)) == 1


def test_an_identity_that_is_gone_delivers_nothing(courier: Grid) -> None:
    identity = {"type": "UserAssigned", "userAssignedIdentity": f"{USERS_IDENTITY}-gone"}
    _subscribe(courier, bus.TOPIC, "ServiceBusTopic", identity=identity)

    world.publish(courier)

    assert "courier-gone does not exist" in world.deliveries(courier)[0]["detail"]


def test_a_destination_that_is_gone_ends_in_a_drop_after_the_last_attempt(courier: Grid) -> None:
    gone = f"{bus.HUBS}/eventhubs/gone"
    _subscribe(courier, gone, "EventHub", retryPolicy={"maxDeliveryAttempts": 2})

    world.publish(courier)
    world.advance(courier, minutes=5)

    [delivery] = world.deliveries(courier)
    assert (delivery["state"], delivery["attempts"]) == ("dropped", 2)
    assert delivery["detail"] == f"The resource {gone} does not exist."


def test_a_cloud_event_comes_with_its_own_version(courier: Grid) -> None:
    _subscribe(courier, bus.QUEUE, "ServiceBusQueue", eventDeliverySchema="CloudEventSchemaV1_0")

    world.publish(courier)

    [message] = bus.messages(courier, bus.QUEUE)
    assert json.loads(message["body"])["specversion"] == "1.0"
    assert message["user_properties"]["aeg-metadata-version"] == "1.0"
    assert "aeg-data-version" not in message["user_properties"]


def test_a_user_assigned_identity_writes_the_dead_letter_of_what_no_role_delivers(
    courier: Grid,
) -> None:
    _take(courier, bus.HUB)
    world.let_bury(courier, USER)
    identity = {"type": "UserAssigned", "userAssignedIdentity": USERS_IDENTITY}
    dead = {**world.DEAD_LETTERS, "identity": identity}
    once = {"maxDeliveryAttempts": 1}
    _subscribe(courier, bus.HUB, "EventHub", retryPolicy=once, deadLetterWithResourceIdentity=dead)

    world.publish(courier)
    world.advance(courier, minutes=5)

    [letter] = world.letters().values()
    assert letter["lastDeliveryOutcome"] == "Unauthorized"
    told = world.find(courier, str(EXPECTED["id"]))
    assert told["deliveries"][0]["state"] == "dead-lettered"


def test_a_busy_namespace_is_tried_again(courier: Grid) -> None:
    courier.call(courier.azure.faults.add, Fault("*.servicebus.windows.net", status=503))
    _subscribe(courier, bus.QUEUE, "ServiceBusQueue")
    world.publish(courier)
    assert world.deliveries(courier)[0]["outcome"] == "ServiceUnavailable"

    world.advance(courier, seconds=30)
    assert len(bus.messages(courier, bus.QUEUE)) == 1
