"""Definitions with a part of any other kind: each is checked to its end, none breaks the check."""

import json
import random
from collections.abc import Iterator
from typing import Any

import pytest

from local_azure.lint.linter import lint
from local_azure.services.datafactory.check import check_definition
from local_azure_tests.datafactory.pipelines import VARIABLES
from local_azure_tests.datafactory.test_check import SOUND
from tests.templates.test_pipeline_types import FOLDER
from tools.oracle import definitions

JUNK: list[Any] = [None, 1, True, "", "@", "@triggerBody()", [], {}, [1], {"x": 1}, {"type": []}]
CHANGES = pytest.mark.parametrize("count", [10, pytest.param(400, marks=pytest.mark.long)])


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    children = value.items() if isinstance(value, dict) else enumerate(value)
    for key, child in children:
        yield (*path, key)
        if isinstance(child, dict | list):
            yield from places(child, (*path, key))


def changed(document: Any, seed: str, count: int) -> Iterator[Any]:
    """The document with one part of another kind, so many times; the same ones in each run."""
    chosen = random.Random(seed)  # noqa: S311 nothing secret
    everywhere, written = list(places(document)), json.dumps(document)
    for _ in range(count):
        copied = json.loads(written)
        *path, last = chosen.choice(everywhere)
        parent = copied
        for key in path:
            parent = parent[key]
        parent[last] = chosen.choice(JUNK)
        yield copied


@CHANGES
@pytest.mark.parametrize("file", definitions.files(), ids=lambda file: file.stem)
def test_no_part_of_another_kind_breaks_the_check(file: Any, count: int) -> None:
    for each in changed(json.loads(file.read_text()), file.stem, count):
        assert isinstance(lint(each, {}), list)


@CHANGES
@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.json")), ids=lambda file: file.stem)
def test_no_part_of_another_kind_breaks_the_check_of_a_pipeline(file: Any, count: int) -> None:
    for each in changed(json.loads(file.read_text())["properties"], file.stem, count):
        assert isinstance(check_definition(each), list)


@CHANGES
@pytest.mark.parametrize("activities", SOUND)
def test_nor_that_of_an_activity(activities: Any, count: int) -> None:
    whole = {"activities": list(activities), "variables": VARIABLES}
    for each in changed(json.loads(json.dumps(whole)), str(activities), count):
        assert isinstance(check_definition(each), list)


def test_what_a_switch_contains_is_checked_too() -> None:
    document = json.loads((definitions.BROKEN / "unknown_action_type.json").read_text())
    cases = {"One": {"case": 1, "actions": document["actions"]}}
    switch = {"type": "Switch", "expression": "@triggerBody()", "cases": cases, "runAfter": {}}
    (finding,) = lint(document | {"actions": {"Which": switch}}, {})
    assert finding.where == "Action 'Notify'"
    assert "the type 'Office365' is not emulated" in finding.message
