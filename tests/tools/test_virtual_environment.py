"""A virtual environment is used as it is, or made anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools import virtual_environment

if TYPE_CHECKING:
    from pathlib import Path


def test_the_environment_that_runs_the_tests_works() -> None:
    assert virtual_environment.works(virtual_environment.ROOT / "venv")


def test_a_folder_without_a_python_does_not_work(tmp_path: Path) -> None:
    assert not virtual_environment.works(tmp_path)


def test_an_environment_whose_python_has_gone_does_not_work(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").symlink_to("/no/such/python")

    assert not virtual_environment.works(tmp_path)
