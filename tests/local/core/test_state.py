"""The state file: all or nothing, and sealed where it must be."""

from __future__ import annotations

import sqlite3
import stat
from typing import TYPE_CHECKING

import pytest
from cryptography.fernet import Fernet

from local_azure.errors import LocalAzureError
from local_azure.home import Home, write_private
from local_azure.state import State

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    made = State(tmp_path / "state.db", Fernet.generate_key())
    made.define("CREATE TABLE IF NOT EXISTS things (name TEXT PRIMARY KEY)")
    yield made
    made.close()


def test_what_another_version_wrote_is_refused_and_kept(tmp_path: Path) -> None:
    before = sqlite3.connect(tmp_path / "state.db")
    before.execute("CREATE TABLE things (name TEXT PRIMARY KEY)")
    before.close()

    with pytest.raises(LocalAzureError, match="another version of the embedded Azure"):
        State(tmp_path / "state.db", Fernet.generate_key())


def _names(state: State) -> list[str]:
    return [row["name"] for row in state.rows("SELECT name FROM things ORDER BY name")]


def test_a_transaction_that_fails_leaves_nothing(state: State) -> None:
    def half() -> None:
        with state.transaction():
            state.execute("INSERT INTO things VALUES ('first')")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half()
    assert _names(state) == []


def test_an_inner_transaction_ends_with_the_outer_one(state: State) -> None:
    def outer_fails() -> None:
        with state.transaction():
            with state.transaction():
                state.execute("INSERT INTO things VALUES ('inner')")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        outer_fails()
    assert _names(state) == []


def test_a_sealed_value_is_not_readable_and_opens_again(state: State) -> None:
    sealed = state.seal({"secret": "s3cr3t"})
    assert b"s3cr3t" not in sealed
    assert state.open(sealed) == {"secret": "s3cr3t"}


def test_only_the_owner_reads_the_state(state: State, tmp_path: Path) -> None:
    assert state.row("SELECT 1") is not None
    assert stat.S_IMODE((tmp_path / "state.db").stat().st_mode) == 0o600


def test_a_private_file_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_private(path, "old")
    write_private(path, "new")
    assert path.read_text() == "new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_secret_is_made_once(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert home.secret("console") == home.secret("console")
    assert home.secret("console") != home.secret("sealing")
