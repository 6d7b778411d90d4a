"""What is read of JSON that comes from outside."""

import pytest

from local_azure.control_plane.strict_json import read


def test_what_is_json_is_read() -> None:
    assert read(b'{"a": [1, 2.5, null, true, "\\u00fc\\ud83d\\ude00"]}') == {
        "a": [1, 2.5, None, True, "\u00fc\U0001f600"]
    }


def test_a_hundred_levels_are_read() -> None:
    assert read("[" * 100 + "]" * 100) != []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "NaN",
        '{"a": -Infinity}',
        "[1e999]",
        '{"a": -1e999}',
        '"\\ud800"',
        '{"\\udc00": 1}',
        "[" * 101 + "]" * 101,
        "[" * 100_000 + "]" * 100_000,
        b"\xff",
    ],
)
def test_what_could_not_be_sent_again_is_refused(text: str | bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        read(text)
