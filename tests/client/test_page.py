"""The page's door, and what its views make of a stack."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from unittest import mock
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, Request, build_opener

import pytest

from batch_client import dead_letters, operating, predictions, reasoning
from batch_client.dead_letters import Letter
from batch_client.errors import ClientError, UsageError
from batch_client.jobs import Job
from batch_client.page import site as site_module
from batch_client.page import views
from batch_client.page.door import Answer, opened
from batch_client.page.elements import document, element
from batch_client.page.recent import Recent, Row
from batch_client.page.site import KEPT, Site
from batch_client.page.waterfall import bars, duration
from batch_client.rights import MissingRoleError
from batch_client.spans import Span
from batch_client.verify import filters
from batch_client.verify.resources import Resources
from batch_client.waiting import Clock
from tests.client.manager import asking

HOSTILE = "<script>alert(1)</script>"
INPUTS = "https://inputs.blob.core.windows.net/inputs"
LANDED = "2026-06-01T12:00:00+00:00"
EVENT = {"deadLetterReason": "MaxDeliveryAttemptsExceeded", "lastDeliveryOutcome": "Busy"}


def echo(path: str, query: Mapping[str, str]) -> Answer:
    """What is behind the door of these tests."""
    return Answer(f"{path} {dict(query)}".encode())


@pytest.fixture
def address() -> Iterator[str]:
    with opened(echo, 0) as found:
        yield found


def asked(url: str, method: str = "GET", **headers: str) -> tuple[int, str, Any]:
    """Status, text and headers of an answer; nothing goes through a proxy."""
    request = Request(url, method=method, headers=headers)  # noqa: S310 - loopback
    try:
        with build_opener(ProxyHandler({})).open(request, timeout=10) as answer:
            return answer.status, answer.read().decode(), answer.headers
    except HTTPError as refusal:
        with refusal:
            return refusal.code, refusal.read().decode(), refusal.headers


def root(address: str) -> str:
    return address.partition("?")[0]


def test_the_address_lets_in_by_a_cookie_that_is_not_its_token(
    address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _, _, headers = asked(address)
    cookie, *limits = headers["Set-Cookie"].split("; ")

    status, text, _ = asked(f"{root(address)}file?url=x", Cookie=f"a=b; {cookie}")

    assert (status, text, capsys.readouterr().err) == (200, "/file {'url': 'x'}", "")
    assert (headers["Refresh"], limits) == ("0; url=/", ["HttpOnly", "SameSite=Strict", "Path=/"])
    assert address.partition("token=")[2] not in cookie


REFUSED: dict[str, tuple[dict[str, Any], int]] = {
    "no cookie": ({}, 403),
    "another's cookie": ({"Cookie": "batch-events-1=x"}, 403),
    "a cookie that is no text": ({"Cookie": "\xff;;="}, 403),
    "a name that leads here": ({"Host": "rebound.example"}, 421),
    "a form": ({"method": "POST"}, 501),
}


@pytest.mark.parametrize(("given", "status"), REFUSED.values(), ids=REFUSED)
def test_nobody_else_is_let_in(address: str, given: dict[str, Any], status: int) -> None:
    assert asked(root(address), **given)[0] == status


def test_a_wrong_token_is_refused_and_nothing_is_loaded_from_elsewhere(address: str) -> None:
    status, _, headers = asked(f"{root(address)}?token=x")

    told = {
        "Content-Security-Policy": (
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
            "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        ),
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    }
    assert status == 403
    assert {name: headers[name] for name in told} == told


def test_a_port_that_is_taken_is_told(address: str) -> None:
    port = urlsplit(address).port or 0

    with (
        pytest.raises(UsageError, match=f"--port {port}: Address already in use."),
        opened(echo, port),
    ):
        pass


def row(name: str, *jobs: str, **more: Any) -> Row:
    made = [Job(f"job-{status}", status, {}, "2026-06-01T12:00:30+00:00") for status in jobs]
    return Row(f"{INPUTS}/{name}", f"{INPUTS}/{name}", LANDED, made, **more)


def why(row: Row) -> str:
    return row.letter.why if row.letter else ""


def shown(*rows: Row, **query: str) -> str:
    return document("Files", *views.files(rows, query, ["told"], why)).decode()


def test_a_row_has_the_state_and_how_long_the_first_job_took_to_come() -> None:
    told = shown(row("in/seven.pgm", "Completed"))

    assert re.search('id="/file-https://inputs.+>in/seven.pgm</a>', told, re.DOTALL)
    assert '<span class="state good">Completed</span>' in told
    assert "<td>30.0 s</td><td>2026-06-01 12:00:00</td>" in told


def test_a_file_that_was_given_up_says_why() -> None:
    letter = Letter(EVENT, datetime.fromisoformat(LANDED), "X/1.json")

    told = shown(row("in/seven.pgm", letter=letter))

    assert '<span class="state bad">given up</span>' in told
    assert "MaxDeliveryAttemptsExceeded, Busy" in told


def test_a_hostile_name_is_text() -> None:
    told = shown(row(f"{HOSTILE}\ud800", "Failed"))

    assert HOSTILE not in told
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in told


def test_a_name_is_shown_as_it_is_and_linked_as_a_url() -> None:
    told = shown(row("a#b%20c"))

    assert ">a#b%20c</a>" in told
    assert '%2Finputs%2Fa%2523b%252520c"' in told


def test_a_text_stays_behind_the_element_that_it_follows() -> None:
    assert b"<p>a<b></b>cd</p>" in document("Page", element("p", "a", element("b"), "c", "d"))


FILTERED: dict[str, tuple[dict[str, str], list[str]]] = {
    "all": ({}, ["one", "two", "three"]),
    "by name": ({"text": "TW"}, ["two"]),
    "by state": ({"state": "Failed"}, ["three"]),
    "after those before": ({"after": "2"}, ["three"]),
    "after what is no number": ({"after": "x"}, ["one", "two", "three"]),
}


@pytest.mark.parametrize(("query", "names"), FILTERED.values(), ids=FILTERED)
def test_the_rows_are_those_that_are_asked_for(query: dict[str, str], names: list[str]) -> None:
    told = shown(row("one", "Completed"), row("two"), row("three", "Failed"), **query)

    assert [name for name in ("one", "two", "three") if f">{name}</a>" in told] == names


def test_of_ten_thousand_files_a_page_has_fifty() -> None:
    told = shown(*(row(f"in/{number:05}.pgm", "Completed") for number in range(10_000)))

    assert told.count("</tr>") == 51
    assert "after=50" in told
    assert len(told) < 100_000


def test_older_files_are_those_of_the_filter_while_there_are_any() -> None:
    rows = [row(f"{number:02}.pgm") for number in range(60)]

    assert "text=PGM&amp;state=&amp;after=50" in shown(*rows, text="PGM")
    assert "Older files" not in shown(*rows, text="00.")


def test_what_is_no_blob_leads_to_its_job() -> None:
    job = Job("job", "Completed", {}, LANDED)

    assert 'href="/job?name=job"' in shown(Row("azureml://a/b", "azureml://a/b", jobs=[job]))


def test_steps_that_are_left_out_are_counted() -> None:
    steps = [Span("f", "", "action", "step", "Succeeded")] * 302

    assert b"2 more steps" in document("File", *views.trace("Told.", steps, []))


def test_only_the_studio_is_linked_from_a_job() -> None:
    job = list(views.job("Completed", "javascript:alert(1)", [], []))

    assert b"javascript" not in document("Job", *job)


@pytest.mark.parametrize(
    ("text", "shown"),
    [("one\ntwo", "one\ntwo"), (f"{'x' * 4000}\nlast\n", "last\n"), ("x" * 4001, "x" * 4000)],
    ids=["short", "long", "one line"],
)
def test_the_end_of_a_log_begins_with_a_line(text: str, shown: str) -> None:
    told = document("Job", *views.job("Failed", "", [], [("user/error.txt", text)])).decode()

    assert f">{shown}</pre>" in told


def test_a_job_that_wrote_nothing_has_no_empty_box() -> None:
    told = document("Job", *views.predictions("", "", [])).decode()

    assert "Nothing was written." in told
    assert "<pre" not in told


def test_steps_lie_on_one_scale_below_what_caused_them() -> None:
    spans = [
        Span("f", "", "file", "seven", "landed", LANDED, LANDED),
        Span("r", "f", "workflow run", "run", "Succeeded", LANDED, "2026-06-01T12:00:50.0000000Z"),
        Span("j", "r", "job", "job", "Running", "2026-06-01T12:00:50", ""),
        Span("p", "", "pipeline run", "run", "Failed"),
        Span("l", "r", "job", "last", "Completed", LANDED, "2026-06-01T14:01:40+02:00"),
        Span("e", "", "job", "end", "Failed", "2026-06-01T12:01:40Z", "2026-06-01T12:01:40Z"),
    ]

    found = [(each.depth, each.start, each.width, duration(each.seconds)) for each in bars(spans)]

    assert found == [
        (0, 0.0, 4.0, "0 ms"),
        (1, 0.0, 500.0, "50.0 s"),
        (2, 500.0, 500.0, "—"),
        (0, -1, 0, "—"),
        (2, 0.0, 1000.0, "1 min 40 s"),
        (0, 996.0, 4.0, "0 ms"),
    ]


def test_signatures_of_links_are_not_shown() -> None:
    values = {"outputs": {"url": "https://prod.logic.azure.com/workflows/x?sig=secret"}}

    told = document("Run", *views.steps([("Invoke", "Succeeded", values)])).decode()

    assert "https://prod.logic.azure.com/workflows/x?…" in told
    assert "secret" not in told


TABLES: dict[str, tuple[list[dict[str, Any]], str]] = {
    "by name": ([{"file": "a", "digit": 7}], "<td>a</td><td>7</td>"),
    "by number": ([{"columns": [*"abcdefghij"]}], '<th scope="col">10</th>'),
    "one column": ([{"columns": ["a"]}], "<pre"),
    "text": ([{"columns": ["a"]}, {"columns": ["a", "b"]}], "<pre"),
}


@pytest.mark.parametrize(("rows", "part"), TABLES.values(), ids=TABLES)
def test_predictions_are_a_table_where_they_are_one(rows: list[dict[str, Any]], part: str) -> None:
    told = document("Job", *views.predictions("https://x", "as it is", rows)).decode()

    assert part in told


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """When the list of files was read."""
    read: list[float] = []

    def recent(caller: Any, hours: float) -> Any:
        read.append(caller.clock.now())
        return SimpleNamespace(newest=list, untold=[f"{hours}"])

    monkeypatch.setattr(site_module, "Recent", recent)
    return read


def test_what_was_read_a_moment_ago_is_not_read_again(reads: list[float]) -> None:
    now = [0.0]
    looking = Site(asking({}, clock=Clock(now=lambda: now[0])), 24)
    for at in (0.0, KEPT - 1, KEPT, KEPT + 1):
        now[0] = at
        assert looking.answer("/", {"text": str(at)}).status == 200

    assert reads == [0.0, KEPT]


def test_of_failed_jobs_a_few_are_asked_for_at_a_time_and_each_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []

    def error(name: str) -> str:
        asked.append(name)
        if name == "job03":
            raise ClientError("why of job03")
        return f"why of {name}"

    letter = Letter(EVENT, datetime.fromisoformat(LANDED), "X/1.json")
    rows = [
        Row(f"{each}", f"{each}", LANDED, [Job(f"job{each:02}", "Failed", {}, LANDED)], letter)
        for each in range(12)
    ]
    recent = SimpleNamespace(newest=lambda: rows, untold=[])
    monkeypatch.setattr(site_module, "Recent", lambda *_: recent)
    looking = Site(asking({}, history=SimpleNamespace(error=error)), 24)

    first, second = (looking.answer("/", {}).body.decode() for _ in range(2))

    assert asked == [f"job{each:02}" for each in range(12)]
    assert [told.count("why of job") for told in (first, second)] == [10, 12]


def test_a_job_that_failed_says_why_and_what_can_t_be_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    failed = Job("job", "Failed", {}, LANDED)
    reason = SimpleNamespace(line="its script said no")
    monkeypatch.setattr(reasoning, "why", lambda *_: [reason])
    may_not = mock.Mock(side_effect=MissingRoleError("You may not."))
    monkeypatch.setattr(predictions, "places", may_not)
    more = SimpleNamespace(more=lambda: map(may_not, [0]))
    monkeypatch.setattr(site_module, "Logs", lambda *_: more)

    told = Site(asking({}, job=lambda _: failed), 24).answer("/job", {"name": "job"}).body.decode()

    assert "<p>its script said no</p>" in told
    assert "Log that could not be read, the end of it" in told
    assert "There are no predictions to show. You may not." in told


def test_what_can_t_be_read_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    fails = mock.Mock(side_effect=ClientError("The host can't be reached."))
    monkeypatch.setattr(site_module, "Recent", fails)
    looking = Site(asking({}), 24)

    answers = [
        looking.answer(*each) for each in (("/", {}), ("/nowhere", {}), ("/job", {"name": ".."}))
    ]

    assert [each.status for each in answers] == [502, 404, 400]
    assert b"The host can't be reached." in answers[0].body


def test_the_newest_row_is_by_its_landing_else_by_its_first_job() -> None:
    letter = Letter({}, datetime(2026, 6, 1, 11, tzinfo=UTC) + timedelta(minutes=5), "x")
    rows = [
        Row("a", "a", LANDED),
        Row("b", "b", "", [Job("j", "Running", {}, LANDED)]),
        Row("c", "c", letter=letter),
    ]

    assert [each.when[:16] for each in rows] == ["2026-06-01T12:00"] * 2 + ["2026-06-01T11:05"]
    assert [each.seconds for each in rows] == [None] * 3


def test_of_all_the_endpoint_s_jobs_those_of_these_hours_are_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    listed = mock.Mock(return_value=[])
    monkeypatch.setattr(operating, "listed", listed)
    caller = asking({"scoring_uri": "https://scoring"})

    Recent(caller, hours=2)

    assert datetime.now(UTC) - listed.call_args[0][1] >= timedelta(hours=2)


def test_a_file_has_all_its_jobs_and_a_letter_without_its_signature(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def job(second: int, status: str, uri: str = f"{INPUTS}/seven.pgm") -> Job:
        given = {"inputData": {"in": {"uri": uri}}}
        return Job(status, status, given, f"2026-06-01T12:00:0{second}Z")

    signed = job(1, "Queued", "https://c/d?sig=s3cret")
    jobs = [job(2, "Failed"), job(4, "Running"), job(3, "Canceled"), signed]
    told: list[dict[str, Any]] = [
        {"data": {"url": "https://a/b?sig=s3cret"}},
        {"id": "1"},
        {"id": "2"},
    ]
    when = datetime(2026, 5, 1, tzinfo=UTC)
    letters = [Letter(each, when, "x") for each in told]
    monkeypatch.setattr(operating, "listed", lambda *_: jobs)
    monkeypatch.setattr(dead_letters, "listed", lambda *_: letters)
    outputs = {"scoring_uri": "https://scoring", "dead_letter_account": "letters"}

    found = Recent(asking(outputs), hours=2).newest()

    assert [(each.file, each.state) for each in found] == [
        (f"{INPUTS}/seven.pgm", "Running"),
        ("https://c/d?…", "Queued"),
        ("https://a/b?…", "given up"),
        ("1", "given up"),
        ("2", "given up"),
    ]


def test_a_file_has_its_job_though_that_has_another_input(monkeypatch: pytest.MonkeyPatch) -> None:
    landed, when = f"{INPUTS}/seven.pgm", datetime.fromisoformat(LANDED)
    given = {"inputData": {"labels": {"uri": f"{INPUTS}/labels.csv"}, "in": {"uri": landed}}}
    blob = SimpleNamespace(name="seven.pgm", last_modified=when)
    monkeypatch.setattr(Resources, "filter", mock.Mock())
    monkeypatch.setattr(filters, "landed", lambda *_: [(landed, blob)])
    monkeypatch.setattr(operating, "listed", lambda *_: [Job("j", "Running", given, LANDED)])
    outputs = {"scoring_uri": "https://scoring", "blob_event_subscription_id": "/s"}

    found = Recent(asking(outputs | {"container_url": INPUTS}), hours=2).newest()

    assert [(each.file, each.state) for each in found] == [(landed, "Running")]


def test_what_may_not_be_read_is_told_beside_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    refused = mock.Mock(side_effect=MissingRoleError("You may not."))
    monkeypatch.setattr(operating, "listed", refused)

    found = Recent(asking({"scoring_uri": "https://scoring"}), hours=2)

    assert found.untold == ["The jobs could not be read. You may not."]
