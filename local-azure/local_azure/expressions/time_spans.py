"""Lengths of time as .NET's TimeSpan reads and writes them, in ticks of 100 ns."""

import re

from local_azure.expressions.moments import TICKS_A_DAY, TICKS_A_SECOND

_SPAN = re.compile(
    r"(?P<sign>-?)(?:(?P<days>\d+)(?:\.|:(?=\d+:\d+:)))?(?P<hours>\d{1,2}):(?P<minutes>\d{1,2})"
    r"(?::(?P<seconds>\d{1,2})(?:\.(?P<fraction>\d{1,7}))?)?",
    re.ASCII,
)
_PART = re.compile(r"d{1,8}|h{1,2}|m{1,2}|s{1,2}|f{1,7}|F{1,7}|\\.|'[^']*'|\"[^\"]*\"|%")


def parse_span(text: str) -> int:
    """The ticks of ``[-][d.]hh:mm[:ss[.fffffff]]``, or of a number of days.

    Raises:
        ValueError: where the text is in neither form.
    """
    written = text.strip()
    if re.fullmatch(r"-?\d+", written, re.ASCII):
        return int(written) * TICKS_A_DAY
    match = _SPAN.fullmatch(written)
    hours, minutes, seconds = (
        int((match and match[name]) or 0) for name in ("hours", "minutes", "seconds")
    )
    if match is None or hours > 23 or minutes > 59 or seconds > 59:  # noqa: PLR2004 - of a clock
        raise ValueError(f"'{text}' is no time span; it reads [d.]hh:mm[:ss[.fffffff]].")
    fraction = int((match["fraction"] or "0").ljust(7, "0"))
    of_day = ((hours * 60 + minutes) * 60 + seconds) * TICKS_A_SECOND + fraction
    ticks = int(match["days"] or 0) * TICKS_A_DAY + of_day
    return -ticks if match["sign"] else ticks


def format_span(ticks: int, pattern: str = "c") -> str:
    """The span by a standard format (c, g, G) or a custom one.

    Raises:
        ValueError: for a format that .NET does not know.
    """
    if pattern in ("", "c", "t", "T"):
        return _constant(ticks)
    if pattern in ("g", "G"):
        return _general(ticks, long=pattern == "G")
    if len(pattern) == 1:
        raise ValueError(f"knows no time span format '{pattern}'; known are c, g and G.")
    return _custom(abs(ticks), pattern)


def _parts(ticks: int) -> tuple[int, int, int, int, int]:
    """Days, hours, minutes, seconds, and the fraction's ticks."""
    seconds, fraction = divmod(ticks, TICKS_A_SECOND)
    return seconds // 86400, seconds // 3600 % 24, seconds // 60 % 60, seconds % 60, fraction


def _constant(ticks: int) -> str:
    days, hours, minutes, seconds, fraction = _parts(abs(ticks))
    head = f"{days}." if days else ""
    tail = f".{fraction:07d}" if fraction else ""
    sign = "-" if ticks < 0 else ""
    return f"{sign}{head}{hours:02d}:{minutes:02d}:{seconds:02d}{tail}"


def _general(ticks: int, *, long: bool) -> str:
    days, hours, minutes, seconds, fraction = _parts(abs(ticks))
    sign = "-" if ticks < 0 else ""
    if long:
        return f"{sign}{days}:{hours:02d}:{minutes:02d}:{seconds:02d}.{fraction:07d}"
    head = f"{days}:" if days else ""
    tail = f".{fraction:07d}".rstrip("0") if fraction else ""
    return f"{sign}{head}{hours}:{minutes:02d}:{seconds:02d}{tail}"


def _custom(ticks: int, pattern: str) -> str:
    written, position = "", 0
    while position < len(pattern):
        match = _PART.match(pattern, position)
        if match is None:
            message = f"can't use the time span format '{pattern}' at '{pattern[position:]}'."
            raise ValueError(message)
        written += _part(ticks, match.group())
        position = match.end()
    return written


def _part(ticks: int, mark: str) -> str:
    days, hours, minutes, seconds, fraction = _parts(ticks)
    if mark[0] in "\\'\"":
        return mark[1:2] if mark[0] == "\\" else mark[1:-1]
    if mark == "%":
        return ""
    digits = f"{fraction:07d}"[: len(mark)]
    if mark[0] == "f":
        return digits
    if mark[0] == "F":
        return digits.rstrip("0")
    value = {"d": days, "h": hours, "m": minutes, "s": seconds}[mark[0]]
    return str(value).rjust(len(mark), "0")
