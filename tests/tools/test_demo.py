"""The demo: what is shown while something is waited for."""

from typing import Any

import pytest

from local_azure.commands.console_client import Console
from local_azure.errors import LocalAzureError
from tools import demo


def test_what_takes_long_is_told_with_its_seconds_and_not_waited_for_for_ever(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = [0.0]
    console: Any = type("Silent", (Console,), {"get": lambda *_: {"traces": []}})(1, "")
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    monkeypatch.setattr("time.sleep", lambda _: now.append(now.pop() + 5))
    monkeypatch.setattr(demo, "_PATIENCE", 40.0)

    with pytest.raises(LocalAzureError, match="Nothing came of it within 40 s"):
        demo._await(console, "a.pgm", "job")

    told = capsys.readouterr().err.splitlines()
    assert told == ["  waiting for the job: 15 s", "  waiting for the job: 30 s"]
