"""Messages to event hubs, queues and topics over HTTPS: who may send, and what is kept."""

import json
from collections.abc import Iterator

import pytest

from local_azure.command_line import cli
from local_azure.control_plane.clock import Clock
from local_azure_tests.conftest import NOON, Running, Storage, known
from local_azure_tests.messaging import world
from local_azure_tests.storage.world import account

pytestmark = pytest.mark.usefixtures("client_environment")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, lasting: Storage) -> Iterator[Running]:
    """Its clock stands still."""
    with lasting.serve(Running, tmp_path_factory.mktemp("messaging"), Clock(NOON)) as server:
        server.call(world.build, server.azure)
        yield server


@pytest.fixture(autouse=True)
def empty(running: Running) -> None:
    for entity in (world.HUB, world.QUEUE, world.TOPIC):
        running.call(running.azure.messaging.forget, entity)


@pytest.mark.parametrize(
    ("url", "entity"),
    [
        (world.HUB_URL, world.HUB),
        (f"{world.BUS_URL}/work/messages", world.QUEUE),
        (f"{world.BUS_URL}/news/messages?timeout=60", world.TOPIC),
    ],
)
def test_a_message_is_kept_where_it_was_sent_to(running: Running, url: str, entity: str) -> None:
    broker = {"ContentType": "application/json"}
    answer = world.send(
        running, url, json.dumps([{"Body": '{"ä": 1}', "BrokerProperties": broker}])
    )

    assert answer.status_code == 201
    [message] = world.messages(running, entity)
    assert (message["body"], message["content_type"]) == ('{"ä": 1}', "application/json")
    assert message["sequence_number"] > 0


def test_a_batch_keeps_the_order_and_the_spelling_of_properties(running: Running) -> None:
    entries = [{"Body": "a", "UserProperties": {"Alert": "Wind"}}, {"Body": "b"}]
    world.send(running, world.HUB_URL, json.dumps(entries))

    first, second = world.messages(running, world.HUB)
    assert (first["body"], second["body"]) == ("a", "b")
    assert first["user_properties"] == {"Alert": "Wind"}


@pytest.mark.parametrize(
    ("url", "action"),
    [
        (world.HUB_URL, "Microsoft.EventHub/namespaces/messages/send/action"),
        (f"{world.BUS_URL}/work/messages", "Microsoft.ServiceBus/namespaces/messages/send/action"),
    ],
)
def test_without_the_role_the_refusal_names_the_action(
    running: Running, url: str, action: str
) -> None:
    answer = world.send(running, url, person=world.STRANGER)

    assert answer.status_code == 401
    assert action in answer.text


def test_a_role_on_a_queue_opens_nothing_else(running: Running) -> None:
    allow = running.azure.authorization.assign
    running.call(allow, "one", world.STRANGER.object_id, world.BUS_SENDER, world.QUEUE)
    try:
        answers = [
            world.send(running, f"{world.BUS_URL}/{name}/messages", person=world.STRANGER)
            for name in ("work", "news")
        ]
    finally:
        running.call(running.azure.authorization.unassign, "one")

    assert [answer.status_code for answer in answers] == [201, 401]


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("https://hubs01.servicebus.windows.net/other/messages", 404),
        ("https://bus001.servicebus.windows.net/other/messages", 410),
        ("https://nowhere.servicebus.windows.net/models/messages", 404),
        ("https://hubs01.servicebus.chinacloudapi.cn/models/messages", 404),
        ("https://hubs01.servicebus.windows.net/models/consumergroups/messages", 501),
        ("https://hubs01.servicebus.windows.net/models/messages?colour=blue", 501),
    ],
)
def test_what_is_not_there_takes_no_message(running: Running, url: str, status: int) -> None:
    assert world.send(running, url).status_code == status


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("[1]", 400),
        ("{", 400),
        ('[{"Body": "x", "BrokerProperties": 1}]', 400),
        ('[{"Body": "x"}, {"UserProperties": {"a": []}}]', 400),
        ('[{"UserProperties": {"a": NaN}}]', 400),
        ('[{"Body": "\\ud800"}]', 400),
        ("[" * 100_000, 400),
        ('[{"Body": {"a": 1}}]', 400),
        (f"[{','.join(['{}'] * 5001)}]", 400),
        (b"\xff", 501),
        ("x" * (256 * 1024 + 1), 403),
    ],
)
def test_what_is_no_batch_is_refused_and_not_kept(
    running: Running, body: str | bytes, status: int
) -> None:
    answer = world.send(running, f"{world.BUS_URL}/work/messages", body)

    assert answer.status_code == status
    assert world.messages(running, world.QUEUE) == []


@pytest.mark.parametrize(("tier", "most"), [("Basic", 256), ("Standard", 1024)])
def test_an_event_hub_takes_what_its_tier_allows(running: Running, tier: str, most: int) -> None:
    told = {"serviceBusEndpoint": "https://hubs01.servicebus.windows.net:443/"}
    running.call(known, running.azure, world.HUBS, told={**told, "sku": {"name": tier}})
    whole = '[{"Body": "%s"}]' % ("x" * (most * 1024 - len('[{"Body": ""}]')))

    assert world.send(running, world.HUB_URL, whole).status_code == 201
    assert world.send(running, world.HUB_URL, f"{whole} ").status_code == 413


def test_a_message_by_itself_is_refused(running: Running) -> None:
    answer = world.send(running, world.HUB_URL, "{}", content_type="application/json")

    assert (answer.status_code, "accepted: application" in answer.text) == (501, True)


def test_messages_are_sealed_in_the_state_folder(running: Running) -> None:
    world.send(running, world.HUB_URL, '[{"Body": "a very private message"}]')

    for path in running.home.folder.iterdir():
        assert path.is_dir() or b"a very private message" not in path.read_bytes()


@pytest.mark.usefixtures("console")
@pytest.mark.parametrize("named", ["hubs01/models", "HUBS01/Models", world.HUB])
def test_the_command_shows_what_was_sent(
    running: Running, named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    world.send(running, world.HUB_URL, '[{"Body": "hello"}]')

    cli.main(["show", "messages", named])
    assert capsys.readouterr().out.splitlines()[0] == f"{world.HUB}: 1 message(s)"

    cli.main(["show", "messages", named, "--json"])
    assert json.loads(capsys.readouterr().out)["messages"][0]["body"] == "hello"


@pytest.mark.usefixtures("console")
def test_the_command_names_what_there_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["show", "messages", "hubs01/a'b"]) == 1

    assert "found none. Accepted: the resource id of an event hub" in capsys.readouterr().err


@pytest.mark.usefixtures("console")
def test_the_command_shows_a_storage_queues_messages_in_clear(
    running: Running, capsys: pytest.CaptureFixture[str]
) -> None:
    azure = running.azure
    running.call(account, azure)
    running.run(azure.storage.create_queue("drops", "events", {}))
    running.call(world.put_queue, azure)
    running.run(world.put_message(azure, "eyJpZCI6IDF9"))

    assert cli.main(["show", "messages", "drops/events"]) == 0

    assert '{"id": 1}' in capsys.readouterr().out
