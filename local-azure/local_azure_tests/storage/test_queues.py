"""Queues through the front, by the real client, with the rights that each call needs."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from azure.core.exceptions import HttpResponseError, ResourceExistsError, ResourceNotFoundError
from azure.storage.queue import QueueClient

from local_azure.control_plane.authorization.roles import Role
from local_azure_tests.conftest import Running, known
from local_azure_tests.storage import world
from local_azure_tests.storage.alone import running

__all__ = ["running"]
pytestmark = pytest.mark.usefixtures("client_environment")

READER = "19e7f393-937e-4f77-808e-94535e297925"
SENDER = "c6a89b2d-59bc-44d0-9896-0f6e12d7b80a"
PROCESSOR = "8a0f0c08-91a1-4084-bc3d-661d67233fed"


@pytest.fixture(scope="module", autouse=True)
def built(running: Running) -> None:
    world.build(running)


@pytest.fixture
def queue(request: pytest.FixtureRequest) -> QueueClient:
    name = re.sub("[^a-z]+", "-", request.node.name.removeprefix("test_"))[:60].strip("-")
    client = world.queues().get_queue_client(name)
    client.create_queue()
    return client


@pytest.fixture
def guest(queue: QueueClient, running: Running) -> Iterator[QueueClient]:
    """The guest's client of the test's queue, which has one message."""
    queue.send_message("first")
    yield world.queues(world.GUEST).get_queue_client(queue.queue_name)
    running.call(running.azure.authorization.unassign, "guest")


def _give(running: Running, role: str, queue: QueueClient) -> None:
    scope = f"{world.ACCOUNT}/queueServices/default/queues/{queue.queue_name}"
    running.call(running.azure.authorization.assign, "guest", world.GUEST.object_id, role, scope)


def _contents(queue: QueueClient) -> list[str]:
    return [message.content for message in queue.peek_messages()]


def test_a_message_comes_out_as_it_went_in_until_it_is_changed_or_gone(queue: QueueClient) -> None:
    queue.send_message("Grüße & <Küsse> \"%41'")
    peeked, taken = _contents(queue), queue.receive_message()
    contents = [*peeked, taken and taken.content]
    assert contents == ["Grüße & <Küsse> \"%41'"] * 2

    changed = queue.update_message(taken or "", content="new", visibility_timeout=0)
    assert _contents(queue) == ["new"]
    queue.delete_message(changed)
    deleted = queue.get_queue_properties().approximate_message_count
    queue.send_message("b")
    queue.clear_messages()
    assert (deleted, _contents(queue)) == (0, [])


def test_metadata_is_kept(queue: QueueClient) -> None:
    queue.set_queue_metadata({"owner": "team"})

    assert queue.get_queue_properties().metadata == {"owner": "team"}


def test_a_listing_has_the_queues_of_the_account(queue: QueueClient) -> None:
    found = world.queues().list_queues(name_starts_with=queue.queue_name)

    assert [each.name for each in found] == [queue.queue_name]


def test_a_second_queue_of_the_same_name_with_other_metadata_is_refused(queue: QueueClient) -> None:
    with pytest.raises(ResourceExistsError):
        queue.create_queue(metadata={"other": "metadata"})


def test_a_queue_that_does_not_exist_takes_no_message() -> None:
    with pytest.raises(ResourceNotFoundError):
        world.queues().get_queue_client("nowhere").send_message("lost")


def test_a_message_of_more_than_64_kib_is_refused(queue: QueueClient) -> None:
    with pytest.raises(HttpResponseError, match="RequestBodyTooLarge"):
        queue.send_message("x" * 65_537)


def test_a_refusal_names_the_action_and_the_queue(guest: QueueClient) -> None:
    with pytest.raises(HttpResponseError, match="AuthorizationPermissionMismatch") as refusal:
        guest.send_message("x")

    message = str(refusal.value.message)
    assert f"{world.QUEUES}/messages/add/action" in message
    assert f"queueServices/default/queues/{guest.queue_name}" in message


CALLS: dict[str, Callable[[QueueClient], Any]] = {
    "messages/add/action": lambda queue: queue.send_message("x"),
    "messages/read": lambda queue: queue.peek_messages(),
    "queues/read": lambda queue: queue.get_queue_properties(),
    "messages/process/action": lambda queue: queue.delete_message(queue.receive_message() or ""),
    "messages/write": lambda queue: queue.update_message("id", "receipt", content="x"),
    "messages/delete": lambda queue: queue.clear_messages(),
    "queues/delete": lambda queue: queue.delete_queue(),
}
"""By the action that each needs."""


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (SENDER, {"messages/add/action"}),
        (READER, {"messages/read", "queues/read"}),
        (PROCESSOR, {"messages/read", "messages/process/action"}),
    ],
    ids=["sender", "reader", "processor"],
)
def test_a_role_opens_its_own_calls_alone(
    guest: QueueClient, running: Running, role: str, may: set[str]
) -> None:
    _give(running, role, guest)

    for action in may:
        CALLS[action](guest)
    for action in CALLS.keys() - may:
        with pytest.raises(HttpResponseError, match=action):
            CALLS[action](guest)


def test_who_may_delete_messages_but_not_process_them_deletes_one(
    guest: QueueClient, queue: QueueClient, running: Running
) -> None:
    remover = "ffffffff-0000-4000-8000-000000000001"
    only = Role("remover", data_actions=(f"{world.QUEUES}/messages/delete",))
    running.call(running.azure.authorization.define_role, remover, only)
    _give(running, remover, guest)

    guest.delete_message(queue.receive_message() or "")

    assert _contents(queue) == []


def test_a_queue_that_a_client_deletes_is_gone_for_resource_manager(
    queue: QueueClient, running: Running
) -> None:
    resource_id = f"{world.ACCOUNT}/queueServices/default/queues/{queue.queue_name}"
    running.call(known, running.azure, resource_id)

    queue.delete_queue()

    assert running.call(running.azure.resources.find, resource_id) is None


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/q?comp=acl", 501),
        ("/?restype=service&comp=stats", 501),
        ("/q/messages?popreceipt=x", 501),
        ("/q/other", 400),
        ("/q/messages/1/2", 400),
        ("/q%2Fmessages", 400),
        ("/%FF", 400),
    ],
)
def test_what_is_no_operation_of_queues_is_refused(
    path: str, status: int, running: Running
) -> None:
    assert world.ask(running, "GET", path, service="queue").status_code == status


def test_keys_and_anonymous_calls_are_refused() -> None:
    url = f"https://{world.NAME}.queue.core.windows.net/q/messages"

    assert requests.get(url, timeout=10).status_code == 401
    assert requests.get(f"{url}?sig=x", timeout=10).status_code == 403


def test_messages_survive_a_stop_and_a_start(queue: QueueClient, running: Running) -> None:
    queue.send_message("kept")

    running.run(running.azure.storage.stop())
    running.run(running.azure.storage.start())

    assert _contents(queue) == ["kept"]


@pytest.mark.usefixtures("client_environment", "queue")
def test_a_new_account_in_a_deleted_ones_place_has_none_of_its_queues(running: Running) -> None:
    running.run(running.azure.storage.delete_account(world.NAME))
    running.run(running.azure.storage.provision(world.NAME))

    assert [each.name for each in world.queues().list_queues()] == []
