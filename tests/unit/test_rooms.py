"""Which folder of components/ knows which: arrows go one way."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "components"
KNOWS = {
    "azure": set(),
    "identity": {"azure"},
    "storage": {"azure"},
    "machine_learning": {"azure", "identity", "storage"},
    "event_grid": {"azure", "identity"},
    "logic_apps": {"azure", "identity"},
    "data_factory": {"azure", "identity"},
    # operators of filters, what a pipeline component's file says, and the pipelines that there are
    "settings": {"azure", "event_grid", "machine_learning", "data_factory"},
}


def _known(room: str) -> set[str]:
    modules = {
        module
        for file in (FOLDER / room).rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
        for module in _imported(node)
    }
    return {name for _, name, *_ in (f"{each}.".split(".") for each in modules)} - {room, ""}


def _imported(node: ast.ImportFrom) -> list[str]:
    if node.module == "components":
        return [f"components.{alias.name}" for alias in node.names]
    module = node.module or ""
    return [module] if module.startswith("components.") else []


@pytest.mark.parametrize("room", KNOWS)
def test_a_room_knows_only_those_below_it(room: str) -> None:
    assert _known(room) == KNOWS[room]


def test_every_room_has_its_line() -> None:
    rooms = {file.parent.name for file in FOLDER.glob("*/__init__.py")}
    assert rooms == {*KNOWS, "stack"}
