"""Values as they come: native from a test, as text from the engine, which knows no other type."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from components.settings.key import Key

WORDS = {
    "string": "text",
    "integer": "a whole number",
    "boolean": "true or false",
    "array": "a list",
    "object": "an object",
}
"""Types in the words of a message."""


def parse(key: Key, raw: Any) -> Any:
    """The value in the key's type.

    Raises:
        ValueError: it is of another type.
    """
    kind = type(key.default)
    value = raw
    if isinstance(raw, str) and kind is not str:
        value = _from_text(raw, kind)
    if type(value) is not kind:
        raise ValueError(f"{value!r} is not {WORDS[key.type]}.")
    return value


def _from_text(text: str, kind: type) -> Any:
    if kind is int:
        return int(text) if re.fullmatch(r"-?[0-9]{1,18}", text) else None
    if kind is bool:
        return {"true": True, "false": False}.get(text)
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
