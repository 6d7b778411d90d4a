"""The cache's entries are whole or absent."""

import fcntl
import subprocess
import sys
from pathlib import Path

import pytest

from tools import cache


def test_the_cache_lies_in_the_users_cache_folder() -> None:
    assert cache.folder({"XDG_CACHE_HOME": "/var/cache/me"}) == Path(
        "/var/cache/me/azureml-batch-events"
    )


def test_a_relative_cache_folder_is_ignored() -> None:
    assert cache.folder({"XDG_CACHE_HOME": "here"}) == Path.home() / ".cache/azureml-batch-events"


def test_an_entry_is_made_once(tmp_path: Path) -> None:
    made: list[Path] = []

    first = cache.entry("tool", made.append, tmp_path)
    second = cache.entry("tool", made.append, tmp_path)

    assert first == second == tmp_path / "tool"
    assert len(made) == 1


def test_a_failed_make_leaves_no_entry(tmp_path: Path) -> None:
    def fail(folder: Path) -> None:
        (folder / "half").touch()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cache.entry("tool", fail, tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["tool.lock"]


def test_what_a_killed_run_left_is_not_taken_for_whole(tmp_path: Path) -> None:
    left = tmp_path / "tool.part-1"
    left.mkdir()
    (left / "half").touch()

    entry = cache.entry("tool", lambda folder: (folder / "whole").touch(), tmp_path)

    assert [path.name for path in entry.iterdir()] == ["whole"]
    assert not left.exists()


def test_a_second_run_waits_and_takes_what_the_first_made(tmp_path: Path) -> None:
    program = (
        "import pathlib, sys; from tools import cache;"
        "cache.entry('tool', lambda folder: (folder / 'second').touch(), pathlib.Path(sys.argv[1]))"
    )
    with (tmp_path / "tool.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with subprocess.Popen(
            [sys.executable, "-u", "-c", program, str(tmp_path)], stdout=subprocess.PIPE, text=True
        ) as second:
            told = next(second.stdout or iter(()))
            (tmp_path / "tool").mkdir()
            fcntl.flock(lock, fcntl.LOCK_UN)

    assert told == "tool: waiting for another run that is setting it up\n"
    assert second.returncode == 0
    assert list((tmp_path / "tool").iterdir()) == []
