"""What a dead letter tells, and what is asked before any is replayed."""

import io
import json
from collections.abc import Iterable
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest
from azure.core import MatchConditions

from batch_client import cli, commands_operating, dead_letters, operating, replaying
from batch_client.caller import Caller
from batch_client.dead_letters import Letter, _events, shown
from batch_client.errors import ClientError, Exit
from batch_client.jobs import Job
from batch_client.replaying import KEPT, Replayed, Replaying
from batch_client.said_operating import _moment
from batch_client.session import post_signed
from batch_client.verify.resources import Resources
from tests.client.manager import asking, refused
from tests.client.scripted import Answer, Scripted

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
BLOB = "TO-WORKFLOW/2026/6/1/12/0a1b.json"
ENDED = {
    "deadLetterReason": "MaxDeliveryAttemptsExceeded",
    "deliveryAttempts": 30,
    "lastDeliveryOutcome": "Busy",
    "publishTime": "2026-06-01T00:00:00Z",
    "lastDeliveryAttemptTime": "2026-06-01T11:00:00Z",
}
EVENT = {
    "id": "e-1",
    "eventType": "Microsoft.Storage.BlobCreated",
    "eventTime": "2026-06-01T00:00:00.1234567Z",
    "data": {"url": "https://a.blob.core.windows.net/in/a%20b.pgm"},
}
CLOUD = {"id": "e-2", "type": "Team.Done", "specversion": "1.0", "source": "/x", "subject": "done"}
LETTER = Letter({**EVENT, **ENDED}, NOW, BLOB)
WHERE = ("--scoring-uri", "https://e.r.inference.ml.azure.com/jobs")


def test_a_letter_tells_the_event_and_how_it_ended() -> None:
    told = LETTER.id, LETTER.what, LETTER.why, LETTER.attempts, LETTER.subscription

    assert told == (
        "e-1",
        "https://a.blob.core.windows.net/in/a b.pgm",
        "MaxDeliveryAttemptsExceeded, Busy",
        30,
        "TO-WORKFLOW",
    )
    assert LETTER.event == EVENT
    assert LETTER.raised.isoformat() == "2026-06-01T00:00:00.123456+00:00"


def test_a_cloud_event_tells_the_same_in_lower_case() -> None:
    ended = {key.lower(): value for key, value in ENDED.items()}
    letter = Letter({**CLOUD, **ended}, NOW, BLOB)

    assert (letter.kind, letter.what, letter.why) == ("Team.Done", "done", LETTER.why)
    assert (letter.event, letter.raised) == (CLOUD, NOW)


@pytest.mark.parametrize(
    ("reason", "chosen"),
    [("busy", True), ("MaxDeliveryAttemptsExceeded", True), ("Max", False), ("BadRequest", False)],
)
def test_a_letter_is_chosen_by_its_reason_or_its_last_outcome(reason: str, chosen: bool) -> None:  # noqa: FBT001 a table
    assert LETTER.gave_up_for(reason) is chosen


def test_a_blob_that_cant_be_read_is_told() -> None:
    assert [each["deadLetterReason"] for each in _events(b"[1", "x.json")] == ["can't be read"]
    assert _events(json.dumps([EVENT]).encode(), "x.json") == [EVENT]


def test_no_signature_in_a_url_is_shown() -> None:
    told = {"data": {"url": "https://a/b?sig=secret", "more": ["x"]}, "text": "see https://a/b?s=1"}

    assert shown(told) == {
        "data": {"url": "https://a/b?…", "more": ["x"]},
        "text": "see https://a/b?…",
    }


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["replay"], "Which? Say either ID…, or --reason REASON, or --all."),
        (["replay", "e-1", "--all"], "Which? Say either ID…"),
        (["replay", "--all"], "2 dead letters would be replayed: say --yes."),
        (["replay", "e-2"], "There is no dead letter of the event e-2: "),
        (["show", "e-2"], "There is no dead letter of the event e-2: "),
        (["list", "--since", "yesterday"], "'yesterday': accepted is 2026-11-28 or 2026-11-28T"),
        (["lst"], "No such command 'lst'"),
    ],
)
def test_a_slip_replays_nothing(
    arguments: list[str],
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(dead_letters, "listed", lambda *_: iter([LETTER, LETTER]))
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))

    assert cli.main(["dead-letters", *arguments, *WHERE]) in {Exit.USAGE, Exit.ERROR}
    assert said in capsys.readouterr().err


def test_a_recording_is_not_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dead_letters, "listed", lambda *_: iter([LETTER]))
    save = ["dead-letters", "list", *WHERE, "--save", str(tmp_path / "letters.jsonl")]

    assert (cli.main(save), cli.main(save)) == (Exit.DONE, Exit.USAGE)
    assert json.loads((tmp_path / "letters.jsonl").read_text()) == EVENT
    assert "it exists already" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (
            Answer(
                503, {"reason": "Invoke Failed (503)", "answer": {"error": {"message": "Busy."}}}
            ),
            "503 Service Unavailable: Invoke Failed (503): Busy",
        ),
        (
            Answer(400, {"reason": "This takes one.", "event_id": "x"}),
            "400 Bad Request: This takes",
        ),
        (Answer(200, cut=True), "was lost"),
    ],
)
def test_what_the_trigger_refuses_is_told_and_its_signature_is_not(
    scripted: Scripted, answer: Answer, said: str
) -> None:
    scripted.posts = [answer]
    with pytest.raises(ClientError) as refused:
        post_signed(f"{scripted.uri}?sig=topsecret", {"properties": {}})

    assert said in str(refused.value)
    assert "topsecret" not in str(refused.value)


def test_a_host_that_is_not_there_keeps_the_signature_too() -> None:
    url = "https://127.0.0.1:9/x?sig=topsecret"
    with pytest.raises(ClientError) as refused:
        post_signed(url, {})

    assert "topsecret" not in str(refused.value)


class Letters:
    """The container, as far as it is looked at."""

    def __init__(self, blobs: dict[str, tuple[int, list[Any]]]) -> None:
        self.blobs = blobs
        self.done: list[Any] = []

    def list_blobs(self) -> list[Any]:
        return [
            SimpleNamespace(name=name, last_modified=NOW + timedelta(minutes=minutes))
            for name, (minutes, _) in self.blobs.items()
        ]

    def download_blob(self, name: str) -> Any:
        read = json.dumps(self.blobs[name][1]).encode()
        return SimpleNamespace(readall=lambda: read, properties=SimpleNamespace(etag="e"))

    def upload_blob(self, name: str, content: str, **how: Any) -> None:
        self.done.append((name, [each["id"] for each in json.loads(content)], how))

    def delete_blob(self, name: str, **how: Any) -> None:
        self.done.append((name, [], how))


OUTPUTS = {
    "dead_letter_account": "a",
    "dead_letter_container": "b",
    "storage_account_name": "drops",
}


def looking(letters: Letters) -> Caller:
    return asking(OUTPUTS, container=lambda *_, **__: nullcontext(letters))


def test_letters_are_told_newest_first_from_a_moment_on() -> None:
    held = Letters({"old": (-9, [EVENT]), "first": (1, [{"id": "1"}]), "second": (2, [CLOUD])})

    assert [each.id for each in dead_letters.listed(looking(held), NOW)] == ["e-2", "1"]


@pytest.mark.parametrize(
    ("held", "left", "how"), [([EVENT, CLOUD], ["e-2"], {"overwrite": True}), ([EVENT], [], {})]
)
def test_a_letter_goes_out_of_a_blob_that_nobody_has_changed_since(
    held: list[Any], left: list[str], how: Any
) -> None:
    letters = Letters({BLOB: (0, held)})
    dead_letters.remove(looking(letters), LETTER)

    same = {"etag": "e", "match_condition": MatchConditions.IfNotModified}
    assert letters.done == [(BLOB, left, {**how, **same})]


AT = {"topic": "/subscriptions/s/providers/Microsoft.Storage/storageAccounts/drops"}
MINE = {**EVENT, **ENDED, **AT}
INPUT = "https://a.blob.core.windows.net/in/"


def made(status: str = "Completed", created: str = "2026-06-01T00:00:01Z", **more: Any) -> Job:
    return Job("job", status, more, created)


def given(uri: str) -> dict[str, Any]:
    return {"inputData": {"in": {"uri": uri}}}


def replayed(
    monkeypatch: pytest.MonkeyPatch, told: list[Any], jobs: Iterable[Job] = (), marker: str = ""
) -> list[Replayed]:
    """What becomes of letters where there are these jobs."""
    monkeypatch.setattr(replaying, "_callback_url", lambda _: "https://u")
    monkeypatch.setattr(Resources, "workflow_parameters", lambda _: {"marker_name": marker})
    monkeypatch.setattr(operating, "listed", lambda *_: iter(jobs))
    return list(Replaying(asking(OUTPUTS)).all([Letter(each, NOW, BLOB) for each in told]))


@pytest.mark.parametrize(
    ("told", "jobs", "state"),
    [
        (MINE, [], "replayed"),
        (MINE, [made(tags={"event_id": "e-1"})], "had its job"),
        (MINE, [made("Running", tags={"event_id": "e-1"})], "had its job"),
        (MINE, [made("Failed", tags={"event_id": "e-1"})], "replayed"),
        (MINE, [made(**given(f"{INPUT}a b.pgm"))], "had its job"),
        (MINE, [made(created="2026-05-31T23:59:59Z", **given(f"{INPUT}a b.pgm"))], "replayed"),
        (MINE | {"data": {"url": f"{INPUT}_SUCCESS"}}, [made(**given(INPUT))], "had its job"),
        (MINE | {"eventType": "Team.Done"}, [], "kept"),
        (MINE | {"topic": f"{AT['topic']}2"}, [], "kept"),
    ],
)
def test_an_event_is_sent_once_to_the_workflow_that_takes_it(
    told: Any, jobs: list[Job], state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    marker = "_SUCCESS" if told["data"]["url"].endswith("_SUCCESS") else ""
    again = "kept" if state == "kept" else "had its job"
    monkeypatch.setattr(replaying, "post_signed", lambda *_: {"job": "new"})
    monkeypatch.setattr(dead_letters, "remove", lambda *_: None)

    done = replayed(monkeypatch, [told, told], jobs, marker)

    assert [each.state for each in done] == [state, again]


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (400, "400 : {} The event itself is refused, and will be again"),
        (403, "403 : {} Is your address in `workflows.allowed_caller_ip_ranges`?"),
        (503, "503 : {} Nothing was started: try it again later."),
    ],
)
def test_a_refused_replay_keeps_the_letter_and_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, status: int, said: str
) -> None:
    monkeypatch.setattr(replaying, "post_signed", mock.Mock(side_effect=refused(status)))

    (kept,) = replayed(monkeypatch, [MINE])

    assert kept.state == "kept"
    assert kept.why.startswith(said)


def test_a_letter_that_stays_is_no_success(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dead_letters, "listed", lambda *_: iter([LETTER]))
    stays = Replayed(LETTER, KEPT, why="Not now.")
    monkeypatch.setattr(commands_operating, "_replayed", lambda *_: iter([stays]))

    assert cli.main(["dead-letters", "replay", "--all", "--yes", *WHERE]) == Exit.ERROR


@pytest.mark.parametrize("how", [["show", "e-1"], ["list", "--save"]])
def test_no_signature_is_printed_or_saved(
    how: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    letter = Letter({**EVENT, "data": {"url": "https://a/b?sig=s3cret"}}, NOW, BLOB)
    monkeypatch.setattr(dead_letters, "listed", lambda *_: iter([letter]))
    file = tmp_path / "saved"
    into = [str(file)] if how[-1] == "--save" else []

    assert cli.main(["dead-letters", *how, *into, *WHERE]) == Exit.DONE
    said = capsys.readouterr().out + (file.read_text() if into else "")
    assert ("https://a/b" in said, "s3cret" in said) == (True, False)


def test_a_time_without_a_zone_is_in_utc() -> None:
    assert _moment("2026-06-01T12:00") == _moment("2026-06-01T14:00+02:00") == NOW
