"""Recorded events and dead letters, delivered to who wants such events here."""

import json
from pathlib import Path
from typing import Any

import pytest

from local_azure.command_line import cli
from local_azure.commands import replay
from local_azure.commands.console_client import Console
from local_azure.errors import LocalAzureError
from local_azure.services.eventgrid.trial import moved
from local_azure_tests.eventgrid.conftest import Grid
from local_azure_tests.storage import world

THERE = "/subscriptions/s/resourceGroups/g/providers"
REAL = f"{THERE}/Microsoft.Storage/storageAccounts/real"
BLOB = {**world.event(url="https://real.blob.core.windows.net/input/a%20b"), "topic": REAL}
MOVED = world.event(url="https://drops.blob.core.windows.net/input/a%20b")
WORKSPACE = f"{THERE}/Microsoft.MachineLearningServices/workspaces/there"
HERE = WORKSPACE.replace("there", "here")
REGISTERED = {"topic": WORKSPACE, "eventType": "Microsoft.MachineLearningServices.ModelRegistered"}
LAKE = "https://there.dfs.core.windows.net/input"
DOMAIN = f"{THERE}/Microsoft.EventGrid/domains/there/topics/team"


@pytest.mark.parametrize(
    ("event", "source", "expected"),
    [
        (BLOB, world.ACCOUNT, MOVED),
        (
            {**BLOB, "data": {"sourceUrl": f"{LAKE}/a", "destinationUrl": f"{LAKE}/b"}},
            world.ACCOUNT,
            world.event(
                sourceUrl="https://drops.dfs.core.windows.net/input/a",
                destinationUrl="https://drops.dfs.core.windows.net/input/b",
            ),
        ),
        ({**REGISTERED, "deadletterreason": "x", "publishTime": "y"}, HERE, REGISTERED),
        ({"topic": DOMAIN, "eventType": "Any"}, DOMAIN.replace("there", "h"), {"eventType": "Any"}),
        (BLOB, HERE, None),
        (REGISTERED, world.ACCOUNT, None),
        ({"topic": DOMAIN, "eventType": "Any"}, f"{DOMAIN}-other", None),
    ],
    ids=[
        "blob",
        "rename",
        "dead letter",
        "domain topic",
        "no workspace",
        "no account",
        "another topic",
    ],
)
def test_an_event_is_moved_to_a_source_that_raises_such(
    event: dict[str, Any], source: str, expected: dict[str, Any] | None
) -> None:
    assert moved(event, source) == (expected and {**expected, "topic": source})


def test_each_event_is_delivered_once_and_the_answer_told(
    grid: Grid, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    wanted = {"subjectEndsWith": "/blobs/a"}
    grid.subscribe(filter=wanted)
    before = grid.call(grid.azure.eventgrid.history, 10)
    grid.answer(monkeypatch)
    ended = {"deadLetterReason": "MaxDeliveryAttemptsExceeded", "deliveryAttempts": 30}
    (tmp_path / "letter.json").write_text(json.dumps([{**BLOB, **ended}]))
    other = {**BLOB, "id": "other", "subject": "/blobs/b"}
    (tmp_path / "recorded.jsonl").write_text(f"{json.dumps(BLOB)}\n{json.dumps(other)}\n")

    code = cli.main(["act", "replay", str(tmp_path)])

    told = capsys.readouterr().out.splitlines()
    event = f"event {BLOB['id']}"
    unwanted = "  no subscription wants it; `local-azure try event` says why"
    delivered = "  to to-hook: 200 OK"
    assert (code, told) == (1, [event, delivered, event, delivered, "event other", unwanted])
    assert [events for _, _, events in grid.hook.got] == [[{**MOVED, "topic": world.ACCOUNT}]] * 2
    assert grid.call(grid.azure.eventgrid.history, 10) == before


def test_what_holds_no_events_is_told(tmp_path: Path) -> None:
    file = tmp_path / "no.json"
    file.write_text("x")

    with pytest.raises(LocalAzureError, match="It has to hold events as JSON, whole or one a line"):
        replay.outcome(Console(0, ""), [str(file)])
