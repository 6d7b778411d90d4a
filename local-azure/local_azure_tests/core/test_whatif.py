"""What what-if tells of two bodies, and what it keeps to itself."""

from typing import Any

import pytest

from local_azure.control_plane.resource_manager.whatif import _delta, _visible


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": "Hot"}, {"a": "hot"}, []),
        ({"a": {"b": 1}}, {"a": {"b": 2}}, [("a.b", "Modify")]),
        ({"a": 1}, {}, [("a", "Delete")]),
        ({}, {"a": 1}, [("a", "Create")]),
        ({"a": [1, 2]}, {"a": [1, 3]}, [("a", "Array")]),
    ],
)
def test_a_difference_is_told_by_its_path(
    before: dict[str, Any], after: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    told = [(each["path"], each["propertyChangeType"]) for each in _delta(before, after)]

    assert told == expected


def test_what_was_said_and_no_answer_tells_is_not_shown() -> None:
    said = {"name": "a", "key": "hidden", "deep": {"password": "hidden", "user": "u"}}
    answered = {"name": "a", "deep": {"user": "u"}}

    assert _visible(said, said, answered) == {"name": "a", "deep": {"user": "u"}}
    assert _visible({"key": "new", "tag": 1}, said, answered) == {"tag": 1}
