"""Checks of JSON documents: each names what was found and what is accepted, and none is lax."""

import json
from collections.abc import Mapping
from typing import Any

from local_azure.services.machinelearning.errors import InvalidRequestError

_TYPE_NAMES = {
    str: "a string",
    dict: "an object",
    int: "a whole number",
    bool: "true or false",
    object: "a string or an object",
}


def keyed(value: Any, where: str, accepted: Mapping[str, type]) -> dict[str, Any]:
    """An object's entries by lower-case key.

    Args:
        value: what should be an object.
        where: how a message calls it.
        accepted: the keys that it may have, in any case, and their values' types.

    Raises:
        InvalidRequestError: no object, another key, a key twice, a value of another type.
    """
    if not isinstance(value, dict):
        message = f"{where} must be an object; found {_shown(value)}."
        raise InvalidRequestError(message)
    types = {name.lower(): kind for name, kind in accepted.items()}
    found: dict[str, Any] = {}
    for key, entry in value.items():
        short = key.lower()
        if short not in types:
            message = f"{where} has an unknown key '{key[:100]}'; accepted: {', '.join(accepted)}."
            raise InvalidRequestError(message)
        if short in found:
            message = f"{where} has '{key}' twice, in different spellings."
            raise InvalidRequestError(message)
        check_type(entry, f"{where}.{key}", types[short])
        found[short] = entry
    return found


def check_type(value: Any, where: str, wanted: type) -> None:
    """Refuse a value of another type; true and false are no numbers."""
    if not isinstance(value, wanted) or isinstance(value, bool) != (wanted is bool):
        message = f"{where} must be {_TYPE_NAMES[wanted]}; found {_shown(value)}."
        raise InvalidRequestError(message)


def _shown(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= 100 else f"{text[:100]}…"  # noqa: PLR2004 enough to recognise it


def check_kind(kind: str, where: str, accepted: tuple[str, ...]) -> None:
    """Refuse a text that is none of those accepted."""
    if kind not in accepted:
        message = f"{where} is {kind[:100]!r}; accepted: {', '.join(accepted)}."
        raise InvalidRequestError(message)


def at_least(value: int, least: int, where: str) -> int:
    """Refuse a number that is too small."""
    if value < least:
        message = f"{where} is {value}; accepted: {least} or more."
        raise InvalidRequestError(message)
    return value
