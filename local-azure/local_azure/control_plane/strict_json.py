"""JSON from outside, read so that it can be kept, shown and sent again."""

import json
from typing import Any

DEEPEST = 100
"""Levels of nesting that are read."""
_TOO_DEEP = f"it is nested more than {DEEPEST} deep"


def read(text: str | bytes) -> Any:
    """The value of a JSON text.

    Raises:
        ValueError: it is no JSON (NaN and infinities are none, nor is what only fits an infinity,
            such as 1e999), holds half of a surrogate pair, or is nested too deep.
    """
    try:
        found = json.loads(text, parse_constant=_refused)
        json.dumps(found, ensure_ascii=False, allow_nan=False).encode()
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None
    if _is_deeper(found, DEEPEST):
        raise ValueError(_TOO_DEEP)
    return found


def _refused(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


def _is_deeper(value: Any, levels: int) -> bool:
    if not isinstance(value, (dict, list)):
        return False
    inner = value.values() if isinstance(value, dict) else value
    return levels == 0 or any(_is_deeper(each, levels - 1) for each in inner)
