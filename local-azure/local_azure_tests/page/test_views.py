"""What the page tells, without a browser: each view, what can be done, and what it costs."""

import asyncio
import html
from collections.abc import Iterator
from typing import Any

import pytest

from local_azure.azure import Azure
from local_azure.control_plane.arm_types import EVENT_HUBS
from local_azure.control_plane.messages import Message
from local_azure.page import dead_letters
from local_azure.services.receivers.service import Receiver
from local_azure_tests.conftest import Running, known
from local_azure_tests.page.conftest import Reader
from local_azure_tests.storage import world

RECEIVER = "https://receiver.example/hook"
HOSTILE = "%3Cscript%3Ealert(1)%3C%2Fscript%3E.pgm"


def landed(name: str, number: int = 0) -> dict[str, Any]:
    """The event of a file."""
    told = world.event(f"/blobServices/default/containers/input/blobs/{name}")
    return {**told, "id": f"id-{name}-{number}", "data": {"url": f"{world.URL}/input/{name}"}}


def leave(azure: Azure) -> None:
    """What left for the outside, with markup in it."""
    mail = {"To": ["a@b.example"], "Subject": "<b>Failed</b>", "Body": "<p>no</p>"}
    azure.connectors._mails.add("mails", mail, 0)
    payload = {"job": "<i>one</i>"}
    asked = {"repository": "o/r", "event_type": "<u>failed</u>", "client_payload": payload}
    azure.github._keep(asked)
    azure.handlers.put(Receiver(RECEIVER))
    hub = f"{world.GROUP}/providers/{EVENT_HUBS}/bus"
    known(azure, f"{hub}/eventhubs/hub")
    azure.messaging._messages.add(f"{hub}/eventhubs/hub", Message("<s>sent</s>"), 0)


@pytest.fixture(scope="module")
def served(running: Running) -> Running:
    """Files that are delivered, given up, refused by a filter, and one with a hostile name."""
    world.build(running)
    running.call(known, running.azure, world.CONTAINER)
    running.call(world.topic, running.azure)
    hook = running.call(world.Hook, running.azure)
    only = {"subjectEndsWith": ".pgm", "includedEventTypes": ["Microsoft.Storage.BlobCreated"]}
    retry = {"maxDeliveryAttempts": 1, "eventTimeToLiveInMinutes": 1440}
    running.call(world.subscribe, running.azure, filter=only, retryPolicy=retry)
    hook.answers = [400]
    running.call(leave, running.azure)
    for name in ("given-up.pgm", "fine.pgm", "notes.txt", HOSTILE):
        world.publish(running, landed(name))
    return running


@pytest.fixture(scope="module")
def visitor(served: Running) -> Iterator[Reader]:
    made = Reader(served)
    yield made
    made.session.close()


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/", "fine.pgm done 1"),
        ("/", "notes.txt to-hook: subject is"),
        ("/", "<script>alert(1)</script>.pgm done"),
        ("/?text=notes", "notes.txt"),
        ("/?state=failed", "given-up.pgm MaxDeliveryAttemptsExceeded: BadRequest failed 1"),
        ("/?text=nothing-like-it", "Nothing that fits."),
        ("/files/id-fine.pgm-0", "attempt 1 OK"),
        ("/files/id-notes.txt-0", "to-hook leaves it subject is"),
        (f"/files/id-{HOSTILE.replace('%', '%25')}-0", "<script>alert(1)</script>.pgm"),
        ("/dead-letters", "given-up.pgm MaxDeliveryAttemptsExceeded: BadRequest to-hook dropped 1"),
        ("/resources", "input Microsoft.Storage/storageAccounts/blobServices/containers group"),
        ("/resources", "writer ServicePrincipal Storage Blob Data Contributor"),
        ("/mail", "<b>Failed</b>"),
        ("/mail", "<p>no</p>"),
        ("/dispatches", "<u>failed</u>"),
        ("/dispatches", "<i>one</i>"),
        ("/messages", RECEIVER),
        ("/messages?entity=bus/hub", "<s>sent</s>"),
        ("/faults", "Faults that are still to happen"),
        ("/act/sample", f"{world.URL}/input"),
    ],
)
def test_each_view_tells(visitor: Reader, path: str, told: str) -> None:
    assert told in visitor.read(path)


@pytest.mark.parametrize(
    ("path", "markup"),
    [
        ("/", "<script>alert"),
        (f"/files/id-{HOSTILE.replace('%', '%25')}-0", "<script>alert"),
        ("/mail", "<b>"),
        ("/dispatches", "<u>"),
        ("/messages?entity=bus/hub", "<s>"),
        ("/?text=<em>", "<em>"),
        ("/files/<em>", "<em>"),
        ("/act/clock?seconds=%22%3E<em>", "<em>"),
    ],
)
def test_what_is_hostile_is_text(visitor: Reader, path: str, markup: str) -> None:
    assert markup not in visitor.get(path).text


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/files/nobody", "'nobody'"),
        ("/act/explode", "There is no such thing to do."),
        ("/nowhere", "Not Found"),
        ("/messages?entity=none/such", "'none/such': found none"),
    ],
)
def test_what_is_not_there_is_said_so(visitor: Reader, path: str, told: str) -> None:
    answer = visitor.get(path)

    assert answer.status_code == 404
    assert told in html.unescape(answer.text)


def test_a_fault_is_added_and_cleared(visitor: Reader) -> None:
    visitor.do("fault", host="*.example", status="503", delay="0", times="2")
    added = visitor.read("/faults")
    visitor.do("no-faults")

    assert "*.example * * answers 503 2" in added
    assert "*.example" not in visitor.read("/faults")


@pytest.mark.parametrize(
    ("act", "given", "told"),
    [
        ("fault", {"host": "*", "status": "9", "delay": "0", "times": "1"}, "status: found 9"),
        ("clock", {"seconds": "soon"}, "could not convert string to float"),
        ("clock", {}, "Missing: Seconds."),
        ("again", {"event": "nobody"}, "There is no event nobody any more."),
        ("again-all", {"text": "nothing like it"}, "There is no dead letter that fits any more."),
        ("authorise", {"connection": "nobody"}, "nobody"),
        ("sample", {"container": "/none", "name": "a"}, "There is no container /none."),
    ],
)
def test_what_can_t_be_done_is_said_so(
    visitor: Reader, act: str, given: dict[str, str], told: str
) -> None:
    answer = visitor.do(act, **given)

    assert answer.status_code == 409
    assert told in answer.text


def test_an_event_is_sent_again_with_its_id(served: Running, visitor: Reader) -> None:
    answer = visitor.do("again", event="id-fine.pgm-0")

    served.run(served.azure.eventgrid.settled())
    assert answer.url == f"{visitor.base}/files/id-fine.pgm-0"
    assert len(served.call(served.azure.eventgrid.of, "id-fine.pgm-0")) == 2


def test_the_dead_letters_that_are_listed_are_sent_again_together(
    served: Running, visitor: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dead_letters, "_MOST", 2)
    events, ids = served.azure.eventgrid, [f"id-mended-{n}.pgm-0" for n in (1, 2)]
    visitor.do("fault", host="hook.example.test", status="400", delay="0", times="2")
    world.publish(served, landed("mended-1.pgm"), landed("mended-2.pgm"))
    listed = visitor.read("/dead-letters?text=MENDED")

    visitor.do("again-all", text="mended")
    visitor.do("again-all", text="mended")  # which finds none any more
    served.run(events.settled())

    after = {
        "/dead-letters?text=mended": "None that fits.",
        "/dead-letters": "given-up.pgm",
        "/?text=mended": "mended-1.pgm done",
    }
    assert "Send 2 again" in listed
    assert [len(served.call(events.of, each)) for each in ids] == [2, 2]
    assert visitor.untold(after) == {}


def test_a_form_that_is_sent_twice_at_once_sends_each_event_again_once(
    served: Running, visitor: Reader
) -> None:
    azure, ids = served.azure, [f"id-twice-{n}.pgm-0" for n in (1, 2)]
    visitor.do("fault", host="hook.example.test", status="400", delay="0", times="2")
    world.publish(served, landed("twice-1.pgm"), landed("twice-2.pgm"))

    async def pressed() -> list[int]:
        return await asyncio.gather(*(dead_letters.send_again(azure, "twice") for _ in range(2)))

    assert served.run(pressed()) == [2, 0]
    served.run(azure.eventgrid.settled())
    assert [len(served.call(azure.eventgrid.of, each)) for each in ids] == [2, 2]


def test_a_file_is_dropped_and_copied(served: Running, visitor: Reader) -> None:
    one = {"container": f"{world.URL}/input", "name": "from the page.pgm", "content": "P2"}
    copy = {**one, "name": "copy.pgm", "copy": f"{world.URL}/input/from%20the%20page.pgm"}

    statuses = [visitor.do("sample", **each).status_code for each in (one, copy)]
    served.run(served.azure.eventgrid.settled())

    assert statuses == [200, 200]
    done = {"/?text=page": "from the page.pgm done", "/?text=copy": "copy.pgm done"}
    assert visitor.untold(done) == {}


def test_what_was_refused_is_remembered(served: Running, visitor: Reader) -> None:
    azure = served.azure
    served.call(azure.authorization.refusal, world.GUEST, "read/this", world.ACCOUNT)

    assert "does not have authorization to perform action 'read/this'" in visitor.read("/resources")


def test_whoever_listens_hears_of_a_change(served: Running, visitor: Reader) -> None:
    with visitor.session.get(f"{visitor.base}/changes", stream=True, timeout=5) as stream:
        lines = stream.iter_lines()
        first = [next(lines), next(lines)]
        world.publish(served, landed("heard.pgm"))

        assert [*first, next(lines)] == [b"data: changed", b"", b"data: changed"]


def test_ten_thousand_files_are_no_page_over_a_megabyte(served: Running, visitor: Reader) -> None:
    many = [landed(f"{'long name ' * 12}{number}.pgm", number) for number in range(10_000)]
    take = served.azure.eventgrid._deliveries.take

    def publish() -> None:
        with served.azure.state.transaction():
            for each in many:
                take(world.ACCOUNT, each, (), served.azure.clock.timestamp())

    served.call(publish)
    sizes = {path: len(visitor.get(path).content) for path in ("/", "/?text=9999")}

    assert max(sizes.values()) < 1_000_000
    assert visitor.untold({"/?text=9999": "9999.pgm", "/": "Older files"}) == {}
    assert visitor.get("/?state=unwanted").text.count('href="/files/') == 50
