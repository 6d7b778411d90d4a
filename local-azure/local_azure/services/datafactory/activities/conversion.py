"""Inputs as the types that activities want; time spans are ``D.HH:MM:SS`` or ``HH:MM:SS``."""

from __future__ import annotations

import json
import re
from typing import Any

from local_azure.services.datafactory.records import ActivityError

INVALID = "InvalidTemplate"
_TIME_SPAN = re.compile(r"(?:(\d+)\.)?(\d{1,2}):(\d{2}):(\d{2})")


def is_reference(found: Any, kind: str) -> bool:
    """Whether something is a reference of a kind: ``{"referenceName", "type"}`` at least."""
    return (
        isinstance(found, dict)
        and found.get("type") == kind
        and isinstance(found.get("referenceName"), str)
    )


def text(found: Any) -> str:
    """A text as it is, anything else as JSON."""
    return found if isinstance(found, str) else json.dumps(found)


def truth(found: Any, what: str) -> bool:
    """A boolean.

    Raises:
        ActivityError: naming what was found.
    """
    if not isinstance(found, bool):
        message = f"{what} must be a boolean; found {found!r}."
        raise ActivityError(message, INVALID)
    return found


def array(found: Any, what: str) -> list[Any]:
    """An array.

    Raises:
        ActivityError: naming what was found.
    """
    if not isinstance(found, list):
        message = f"{what} must be an array; found {found!r}."
        raise ActivityError(message, INVALID)
    return found


def duration(found: Any, what: str, longest: str) -> float:
    """A time span, in seconds.

    Raises:
        ActivityError: naming what was found.
    """
    try:
        span = seconds(found)
    except ValueError as error:
        message = f"{what}: {error}"
        raise ActivityError(message, INVALID) from None
    if not 0 < span <= seconds(longest):
        message = f"{what} is {longest} at most; found {found!r}."
        raise ActivityError(message, INVALID)
    return span


def seconds(text: object) -> float:
    """How long a time span is, in seconds.

    Raises:
        ValueError: naming what was found.
    """
    match = _TIME_SPAN.fullmatch(str(text))
    if match is None:
        message = f"A time span is written like 7.00:00:00 or 00:10:00; found {text!r}."
        raise ValueError(message)
    days, hours, minutes, rest = (int(each or 0) for each in match.groups())
    return float(days * 86400 + hours * 3600 + minutes * 60 + rest)
