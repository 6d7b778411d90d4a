"""A virtual environment is used as it is, or made anew."""

import re
from pathlib import Path

import pytest

from tools import progress, virtual_environment


def test_the_environment_that_runs_the_tests_works() -> None:
    assert virtual_environment.works(virtual_environment.ROOT / "venv")


@pytest.mark.parametrize("python", [None, "/no/such/python"], ids=["without one", "it has gone"])
def test_a_folder_without_a_python_does_not_work(tmp_path: Path, python: str | None) -> None:
    (tmp_path / "bin").mkdir()
    if python:
        (tmp_path / "bin" / "python").symlink_to(python)

    assert not virtual_environment.works(tmp_path)


def test_an_environment_of_an_older_python_does_not_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(virtual_environment, "OLDEST", (99, 0))

    assert not virtual_environment.works(virtual_environment.ROOT / "venv")


def test_one_that_works_is_kept_and_filled_by_hash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run: list[list[str]] = []
    (tmp_path / "venv").mkdir()
    monkeypatch.setattr(virtual_environment, "ROOT", tmp_path)
    monkeypatch.setattr(virtual_environment, "works", lambda _: True)
    monkeypatch.setattr(progress, "run", lambda _, command, **__: run.append(command))

    virtual_environment.install()

    assert (tmp_path / "venv").is_dir()
    assert [command[-3:] for command in run] == [
        ["--require-hashes", "-r", "requirements.lock"],
        [".", "-e", "./local-azure"],
    ]


def test_the_lock_has_each_pinned_package_in_its_version_and_by_hash() -> None:
    root = virtual_environment.ROOT
    pinned = {
        pin.lower()
        for file in ("requirements.txt", "requirements-dev.txt")
        for pin in re.findall(r"(?m)^[\w.-]+==\S+", (root / file).read_text())
    }
    locked = set(
        re.findall(
            r"(?m)^([\w.-]+==[^ ;]+).*\\\n +--hash", (root / "requirements.lock").read_text()
        )
    )

    assert pinned - locked == set(), "run `make lock`"
