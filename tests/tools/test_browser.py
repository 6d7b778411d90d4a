"""Where no browser can be had, nothing is judged, and one sentence says so."""

import subprocess

import pytest

from tools import browser


def test_without_a_browser_nothing_is_judged(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    monkeypatch.setattr(subprocess, "run", None)

    assert browser.main() == 0
    assert capsys.readouterr().out == (
        "Browser: nothing was judged, because there is none here. Chromium is missing. "
        "Install Chromium (its command has to be on PATH) and run make browser again.\n"
    )
