"""Azurite is pinned, and starts with what the set-up has put here."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tools import azurite
from tools.azurite import node
from tools.errors import SetupError

LOCK = Path(azurite.__file__).parent / "package-lock.json"


def test_the_command_starts_azurites_blob_service() -> None:
    run = subprocess.run(
        [*azurite.command(), "--version"], capture_output=True, text=True, check=True
    )

    assert run.stdout.strip() == "3.37.0"


def test_where_it_is_not_set_up_the_message_says_what_to_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(azurite, "PACKAGES", tmp_path)

    with pytest.raises(SetupError, match="`make setup`"):
        azurite.command()


@pytest.mark.parametrize(
    ("version", "accepted"),
    [("v22.0.0", True), ("v24.19.0", True), ("v20.20.2", False), ("", False), ("bun", False)],
)
def test_node_is_taken_from_the_version_that_azurite_asks_for(
    version: str, *, accepted: bool
) -> None:
    assert node.new_enough(version) is accepted


def test_the_lock_file_pins_every_package_by_hash_and_names_no_host_to_fetch_it_from() -> None:
    packages = json.loads(LOCK.read_text())["packages"]
    fetched = {name: package for name, package in packages.items() if name}

    assert packages[""]["dependencies"] == {"azurite": "3.37.0"}
    assert [name for name, package in fetched.items() if "integrity" not in package] == []
    assert [name for name, package in fetched.items() if "resolved" in package] == []
