"""Time spans as pipelines write them: ``D.HH:MM:SS`` or ``HH:MM:SS``."""

from __future__ import annotations

import re

_TIME_SPAN = re.compile(r"(?:(\d+)\.)?(\d{1,2}):(\d{2}):(\d{2})")


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
