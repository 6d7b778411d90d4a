"""Definitions with a part of any other kind: each is checked to its end, none breaks the check."""

from __future__ import annotations

import copy
import json
import random
from typing import TYPE_CHECKING, Any

import pytest

from local_azure.lint.linter import lint
from tools.oracle import definitions

if TYPE_CHECKING:
    from collections.abc import Iterator

JUNK: list[Any] = [None, 1, True, "", "@", "@triggerBody()", [], {}, [1], {"x": 1}, {"type": []}]
CHANGES = 150


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    children = value.items() if isinstance(value, dict) else enumerate(value)
    for key, child in children:
        yield (*path, key)
        if isinstance(child, dict | list):
            yield from places(child, (*path, key))


@pytest.mark.parametrize("file", definitions.files(), ids=lambda file: file.stem)
def test_no_part_of_another_kind_breaks_the_check(file: Any) -> None:
    document = json.loads(file.read_text())
    chosen = random.Random(file.stem)  # noqa: S311 the same changes in each run
    everywhere = list(places(document))
    for _ in range(CHANGES):
        changed = copy.deepcopy(document)
        *path, last = chosen.choice(everywhere)
        parent = changed
        for key in path:
            parent = parent[key]
        parent[last] = chosen.choice(JUNK)
        assert isinstance(lint(changed, {}), list)


def test_what_a_switch_contains_is_checked_too() -> None:
    document = json.loads((definitions.BROKEN / "unknown_action_type.json").read_text())
    cases = {"One": {"case": 1, "actions": document["actions"]}}
    switch = {"type": "Switch", "expression": "@triggerBody()", "cases": cases, "runAfter": {}}
    (finding,) = lint(document | {"actions": {"Which": switch}}, {})
    assert finding.where == "Action 'Notify'"
    assert "the type 'Office365' is not emulated" in finding.message
