"""What the run history does not show of values that hold secrets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

HIDDEN = "***"
"""What is shown instead."""
_SHORTEST = 8
"""Characters from which on a word is looked for by itself: a key or a token is no shorter."""


def masked(value: Any) -> Any:
    """The value without its secure strings and passwords."""
    if isinstance(value, list):
        return [masked(each) for each in value]
    if not isinstance(value, dict):
        return value
    secret = "password" if value.get("type") == "Basic" else "value"
    if value.get("type") in ("SecureString", "Basic") and secret in value:
        return {**value, secret: HIDDEN}
    return {name: masked(each) for name, each in value.items()}


def without(secret: Any, text: str) -> str:
    """The text without any string of a secret value, or a word of one such as a bearer token."""
    parts = {each for found in _strings(secret) for each in (found, *_words(found))}
    for each in sorted(parts, key=len, reverse=True):
        text = text.replace(each, HIDDEN)
    return text


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield from filter(None, [value])
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _strings(each)


def _words(text: str) -> list[str]:
    return [each for each in re.split(r"[\s&=\"]+", text) if len(each) >= _SHORTEST]
