"""What a dead letter tells, and what is asked before any is replayed."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from batch_client import cli, dead_letters
from batch_client.dead_letters import Letter, _events, shown
from batch_client.errors import ClientError, Exit
from batch_client.session import post_signed
from tests.client.scripted import Answer

if TYPE_CHECKING:
    from pathlib import Path

    from tests.client.scripted import Scripted

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
BUSY = {"message": "Busy."}
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
