"""The address of the page is for its owner: no command line and no other user has it."""

import stat
import webbrowser
from pathlib import Path

import pytest

from local_azure.commands import page
from local_azure.home import Home

URL = "http://127.0.0.1:1/?token=of-a-test"


def test_a_browser_is_started_with_a_private_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    monkeypatch.setenv("DISPLAY", ":0")

    page.show(Home(tmp_path), URL)

    file = tmp_path / "page.html"
    assert opened == [file.as_uri()]
    assert URL in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_without_a_screen_no_browser_takes_the_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    monkeypatch.setattr("sys.platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)

    page.show(Home(tmp_path), URL)

    assert opened == []
