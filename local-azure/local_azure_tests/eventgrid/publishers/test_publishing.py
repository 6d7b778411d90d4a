"""Events that publishers send to custom topics and domains, by the real client."""

import json
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from azure.core.credentials import AzureKeyCredential, AzureSasCredential
from azure.core.exceptions import (
    ClientAuthenticationError,
    HttpResponseError,
    ResourceNotFoundError,
)
from azure.core.messaging import CloudEvent
from azure.eventgrid import EventGridEvent, EventGridPublisherClient, generate_sas

from local_azure.control_plane.clock import Clock
from local_azure.home import Home
from local_azure_tests.conftest import NOON, Running
from local_azure_tests.eventgrid.conftest import Grid
from local_azure_tests.eventgrid.publishers import publishing
from local_azure_tests.eventgrid.publishers.publishing import event as _event
from local_azure_tests.storage import world

CLOUD_EVENT = {"id": "1", "source": "/orders", "specversion": "1.0", "type": "t"}
HOUR = timedelta(hours=1)
_NOT_STATE = shutil.ignore_patterns("azurite*", "server.*", "*-shm")


def _post(grid: Grid, body: Any, **headers: str) -> requests.Response:
    """What a publisher is answered who writes the request by hand."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    given = {
        "content-type": "application/json",
        "aeg-sas-key": publishing.keys(grid, publishing.TOPIC)[0],
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    return requests.post(publishing.TOPIC_URL, content, headers=given, timeout=5)


def _signature(grid: Grid, index: int = 0, url: str = publishing.TOPIC_URL) -> str:
    """A signature that is good for an hour, made with one of the topic's keys."""
    key = publishing.keys(grid, publishing.TOPIC)[index]
    return generate_sas(url, key, grid.azure.clock.now() + HOUR)


def test_an_event_of_a_publisher_with_a_key_reaches_its_subscriber(subscribed: Grid) -> None:
    sent = EventGridEvent("orders/1", "Order.Placed", {"price": 3}, "1.0", id="1", event_time=NOON)
    publishing.by_key(subscribed).send(sent)
    told = {"topic": publishing.TOPIC, "eventTime": "2026-06-01T12:00:00.000Z"}
    expected = {**_event(**told), "metadataVersion": "1"}
    assert publishing.got(subscribed) == [("/to-hook", [expected])]


@pytest.mark.parametrize("index", [0, 1])
def test_a_signature_made_with_either_key_is_good_until_it_ends(topic: Grid, index: int) -> None:
    credential = AzureSasCredential(_signature(topic, index))
    client = EventGridPublisherClient(publishing.TOPIC_URL, credential, retry_total=0)
    client.send(_event())
    world.advance(topic, hours=1)
    with pytest.raises(ClientAuthenticationError, match="The signature has expired"):
        client.send(_event())


@pytest.mark.parametrize(
    ("change", "status", "told"),
    [
        (lambda text: text.replace("orders", "others"), 401, "not made with a key"),
        (lambda text: text.replace("s=", "s=A", 1), 401, "not made with a key"),
        (lambda text: text.partition("&s=")[0], 400, "Invalid key in aeg-sas-token."),
        (lambda _: "r=%5B&e=tomorrow&s=x", 401, "not made with a key"),
        (lambda _: "\u00e4", 400, "Invalid key in aeg-sas-token."),
    ],
)
def test_a_signature_that_was_changed_opens_nothing(
    topic: Grid, change: Any, status: int, told: str
) -> None:
    changed = change(_signature(topic))
    answer = _post(topic, [_event()], aeg_sas_key="", aeg_sas_token=changed)
    assert answer.status_code == status
    assert told in answer.json()["error"]["message"]


def test_a_signature_for_another_host_opens_nothing(topic: Grid) -> None:
    signed = f"SharedAccessSignature {_signature(topic, url='https://other.example/')}"
    answer = _post(topic, [_event()], aeg_sas_key="", authorization=signed)
    assert answer.status_code == 401
    assert "for another resource" in answer.text


@pytest.mark.parametrize("key", ["", "wrong", "\u00e4"])
def test_without_the_right_key_nothing_is_taken(topic: Grid, key: str) -> None:
    answer = _post(topic, [_event()], aeg_sas_key=key)
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "Unauthorized"
    assert all(one not in answer.text for one in publishing.keys(topic, publishing.TOPIC))


def test_a_key_in_the_query_opens_the_topic(topic: Grid) -> None:
    key = publishing.keys(topic, publishing.TOPIC)[0]
    url, body = publishing.TOPIC_URL, json.dumps([_event()])
    answer = requests.post(url, body, params={"aeg-sas-key": key}, timeout=5)
    assert answer.status_code == 200


@pytest.mark.usefixtures("topic")
def test_a_parameter_that_nothing_heeds_is_refused_by_name() -> None:
    answer = requests.post(publishing.TOPIC_URL, "[]", params={"colour": "blue"}, timeout=5)

    assert (answer.status_code, "'colour'" in answer.text) == (501, True)


def test_a_token_needs_the_right_to_send(grid: Grid) -> None:
    publishing.topic(grid, disableLocalAuth=True)
    publishing.subscribe(grid, publishing.TOPIC)
    client = publishing.as_person(world.GUEST)
    with pytest.raises(ClientAuthenticationError, match="does not have permission to send data"):
        client.send(_event())
    guest = world.GUEST.object_id
    assign = grid.azure.authorization.assign
    grid.call(assign, "send", guest, publishing.SENDER, publishing.TOPIC)
    client.send(_event())
    grid.call(grid.azure.authorization.unassign, "send")
    assert len(publishing.got(grid)) == 1


def test_keys_are_of_no_use_where_local_authentication_is_off(grid: Grid) -> None:
    publishing.topic(grid, disableLocalAuth=True)
    with pytest.raises(ClientAuthenticationError, match="switched off"):
        publishing.by_key(grid).send(_event())


@pytest.mark.parametrize(
    ("event", "told"),
    [
        ("text", "An event is an object"),
        (_event(source="x"), "Received unexpected property 'source'"),
        ({**_event(), "id": ""}, "Required property 'id'"),
        ({**_event(), "subject": None}, "Required property 'subject'"),
        ({**_event(), "eventType": 5}, "Required property 'eventType'"),
        ({**_event(), "eventTime": "noon"}, "'eventTime' is a time"),
        ({key: value for key, value in _event().items() if key != "data"}, "'data' was not found"),
        (_event(dataVersion=1), "'dataVersion' is a text"),
        (_event(metadataVersion="2"), "'metadataVersion' is '1'"),
        (_event(topic="another"), "'topic' is left out or is"),
    ],
)
def test_a_wrong_event_refuses_its_whole_request(subscribed: Grid, event: Any, told: str) -> None:
    answer = _post(subscribed, [_event(), event])
    [detail] = answer.json()["error"]["details"]
    assert (answer.status_code, detail["code"]) == (400, "InputJsonInvalid")
    assert told in detail["message"]
    assert publishing.got(subscribed) == []


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"{}", "Token Expected: StartArray"),
        (b"[", "no JSON"),
        (b"[NaN]", "no JSON"),
        (b"[1e999]", "no JSON"),
        (rb'["\ud800"]', "no JSON"),
        (b"\xff", "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b"", "no JSON"),
    ],
)
def test_a_body_that_is_no_array_of_json_is_refused(topic: Grid, body: bytes, told: str) -> None:
    answer = _post(topic, body)
    assert answer.status_code == 400
    assert told in answer.json()["error"]["message"]


def test_a_request_holds_at_most_a_mebibyte_and_5000_events(topic: Grid) -> None:
    room = 1024 * 1024 - len(json.dumps([_event(data="")]))
    small = {"id": "1", "subject": "s", "eventType": "t", "eventTime": "2026-06-01", "data": 0}
    large = _post(topic, [_event(data="x" * (room + 1))])
    many = _post(topic, [small] * 5001)

    assert _post(topic, [_event(data="x" * room)]).status_code == 200
    assert _post(topic, [small] * 5000).status_code == 200
    found = (large.status_code, many.status_code, many.json()["error"]["message"])
    assert found == (413, 413, "The request has 5001 events; accepted: 5000.")


def test_a_domain_hands_events_to_the_topic_that_they_name(grid: Grid) -> None:
    made = publishing.domain(grid, "diggers", "tractors")
    publishing.subscribe(grid, f"{made.id}/topics/diggers", "diggers")
    publishing.subscribe(grid, made.id, "everything")
    tractors = f"{made.id}/topics/tractors"
    sent = [_event(id="a", topic="diggers"), _event(id="b", topic=tractors)]
    publishing.domain_by_key(grid).send(sent)
    got = publishing.got(grid)
    assert sorted((path, body[0]["id"], body[0]["topic"]) for path, body in got) == [
        ("/diggers", "a", f"{made.id}/topics/diggers"),
        ("/everything", "a", f"{made.id}/topics/diggers"),
        ("/everything", "b", tractors),
    ]


@pytest.mark.parametrize(
    ("topic", "told"),
    [
        (None, "should be just the name of the domain topic. Found: None"),
        ("a/b", "should be just the name"),
        ("https://elsewhere.example", "should be just the name"),
        ("unknown", "There is no domain topic"),
    ],
)
def test_a_domain_refuses_an_event_without_a_topic_of_its_own(
    grid: Grid, topic: str | None, told: str
) -> None:
    publishing.domain(grid, "diggers")
    client = publishing.domain_by_key(grid)
    with pytest.raises(HttpResponseError, match=told):
        client.send(_event(topic=topic))


def test_a_domain_that_makes_its_topics_takes_events_for_any(grid: Grid) -> None:
    made = publishing.domain(grid, autoCreateTopicWithFirstSubscription=True)
    publishing.subscribe(grid, made.id)
    publishing.domain_by_key(grid).send(_event(topic="unheard-of"))
    [(_, [event])] = publishing.got(grid)
    assert event["topic"] == f"{made.id}/topics/unheard-of"


def test_an_event_of_a_domain_is_sent_again_to_all_who_had_heard_of_it(grid: Grid) -> None:
    made = publishing.domain(grid, "diggers")
    publishing.subscribe(grid, f"{made.id}/topics/diggers", "diggers")
    publishing.subscribe(grid, made.id, "everything")
    publishing.domain_by_key(grid).send(_event(id="a", topic="diggers"))
    first = publishing.got(grid)

    grid.call(grid.azure.eventgrid.again, ["a"])

    assert sorted(publishing.got(grid)) == sorted(first * 2)
    assert sorted(path for path, _ in first) == ["/diggers", "/everything"]


def test_cloud_events_come_in_and_go_out_as_they_are(cloud_topic: Grid) -> None:
    publishing.subscribe(cloud_topic, publishing.TOPIC, eventDeliverySchema="CloudEventSchemaV1_0")
    event = CloudEvent(
        "/orders", "Order.Placed", data={"price": 3}, id="1", time=NOON, extensions={"shop": "x"}
    )
    publishing.by_key(cloud_topic).send([event])
    expected = {
        "id": "1",
        "source": "/orders",
        "specversion": "1.0",
        "type": "Order.Placed",
        "time": "2026-06-01T12:00:00.000Z",
        "data": {"price": 3},
        "shop": "x",
    }
    assert publishing.got(cloud_topic) == [("/to-hook", expected)]
    headers = cloud_topic.hook.got[-1][1]
    assert (headers["content-type"], headers["origin"]) == (
        "application/cloudevents+json; charset=utf-8",
        "eventgrid.azure.net",
    )


def test_a_single_cloud_event_comes_in_without_an_array(cloud_topic: Grid) -> None:
    for media_type in ("application/cloudevents+json", "application/json; charset=utf-8"):
        assert _post(cloud_topic, CLOUD_EVENT, content_type=media_type).status_code == 200
        assert _post(cloud_topic, [CLOUD_EVENT], content_type=media_type).status_code == 400
    answer = _post(cloud_topic, CLOUD_EVENT, content_type="text/plain")
    assert "Content-Type: found 'text/plain'" in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"source": None}, "Required property 'source'"),
        ({"specversion": "0.3"}, "'specversion' is '1.0'"),
        ({"type": ""}, "'type' of a CloudEvent is a text"),
        ({"time": "noon"}, "'time' is a time"),
        ({"eventType": "x"}, "'eventType' is no attribute"),
        ({"shop": {}}, "'shop' is no attribute"),
        ({"data": 1, "data_base64": "AA=="}, "either 'data' or 'data_base64'"),
    ],
)
def test_a_wrong_cloud_event_is_refused(
    cloud_topic: Grid, fields: dict[str, Any], told: str
) -> None:
    answer = _post(cloud_topic, {**CLOUD_EVENT, **fields})
    assert answer.status_code == 400
    assert told in answer.json()["error"]["message"]


def test_events_of_event_grid_go_out_as_cloud_events(topic: Grid) -> None:
    publishing.subscribe(topic, publishing.TOPIC, eventDeliverySchema="CloudEventSchemaV1_0")
    publishing.by_key(topic).send(_event())
    expected = {
        "specversion": "1.0",
        "id": "1",
        "source": publishing.TOPIC,
        "subject": "orders/1",
        "type": "Order.Placed",
        "time": "2026-06-01T12:00:00Z",
        "dataversion": "1.0",
        "data": {"price": 3},
    }
    assert publishing.got(topic) == [("/to-hook", expected)]


@pytest.mark.usefixtures("grid")
def test_a_topic_that_does_not_exist_takes_nothing() -> None:
    url = publishing.TOPIC_URL.replace("orders", "nobody")
    client = EventGridPublisherClient(url, AzureKeyCredential("x"), retry_total=0)
    with pytest.raises(ResourceNotFoundError):
        client.send(_event())


def test_what_was_answered_with_200_survives_a_kill_at_that_moment(
    subscribed: Grid, tmp_path: Path
) -> None:
    subscribed.call(subscribed.hook.hold.clear)
    publishing.by_key(subscribed).send([_event(id=str(number)) for number in range(3)])
    # What lies on the disk now is what a kill of the process leaves.
    killed = shutil.copytree(subscribed.home.folder, tmp_path / "killed", ignore=_NOT_STATE)
    second = Running(Home(killed), Clock(subscribed.call(subscribed.azure.clock.now)))
    later = second.call(world.Hook, second.azure)
    second.run(second.azure.eventgrid.settled())
    world.advance(second, seconds=10)
    second.stop()
    assert sorted(event["id"] for event in later.events()) == ["0", "1", "2"]


@pytest.mark.parametrize(("depth", "status", "count"), [(98, 200, 1), (99, 400, 0), (1100, 400, 0)])
def test_data_that_is_nested_too_deeply_is_refused_and_not_lost_later(
    topic: Grid, depth: int, status: int, count: int
) -> None:
    publishing.subscribe(topic, publishing.TOPIC, eventDeliverySchema="CloudEventSchemaV1_0")
    body = json.dumps([_event(data=None)]).replace("null", "[" * depth + "]" * depth)
    assert _post(topic, body.encode()).status_code == status
    assert len(publishing.got(topic)) == count
