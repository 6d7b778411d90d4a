"""Durations as definitions write them: ISO 8601, such as ``PT20S`` or ``P1D``."""

import re

_SECONDS = {"D": 86400.0, "H": 3600.0, "M": 60.0, "S": 1.0}
_DURATION = re.compile(
    r"P(?:(?P<W>\d+)W|(?:(?P<D>\d+)D)?(?:T(?:(?P<H>\d+)H)?(?:(?P<M>\d+)M)?(?:(?P<S>\d+(?:\.\d+)?)S)?)?)"
)
UNITS = {
    "second": 1,
    "minute": 60,
    "hour": 3600,
    "day": 86400,
    "week": 604800,
}
"""Seconds of the units in which the Delay action counts; a month is no fixed time and refused."""


def seconds(text: str) -> float:
    """How long a duration is, in seconds.

    Raises:
        ValueError: naming what was found; years and months have no fixed length and are refused.
    """
    match = _DURATION.fullmatch(text)
    if match is None or not any(match.groupdict().values()):
        raise ValueError(f"A duration is written like PT20S, PT1H30M or P1D; found {text!r}.")
    parts = {unit: float(number) for unit, number in match.groupdict().items() if number}
    weeks = parts.pop("W", 0.0)
    return weeks * 604800 + sum(number * _SECONDS[unit] for unit, number in parts.items())
