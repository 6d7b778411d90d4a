"""Points in time by .NET format strings: the standard letters, and custom patterns, in en-US.

Names and patterns are .NET's with CLDR 42 data, but for one: an ordinary space stands before AM and
PM.
"""

import re
from collections.abc import Callable, Sequence

from local_azure.expressions.moments import TICKS_A_SECOND, Kind, Moment

_RFC_1123 = "ddd, dd MMM yyyy HH':'mm':'ss 'GMT'"
_ROUND_TRIP = "yyyy-MM-ddTHH:mm:ss.fffffffK"
_DATE, _TIME = "dddd, MMMM d, yyyy", "h:mm:ss tt"
_STANDARD = {
    "d": "M/d/yyyy",
    "D": _DATE,
    "f": f"{_DATE} h:mm tt",
    "F": f"{_DATE} {_TIME}",
    "g": "M/d/yyyy h:mm tt",
    "G": f"M/d/yyyy {_TIME}",
    "m": "MMMM d",
    "M": "MMMM d",
    "o": _ROUND_TRIP,
    "O": _ROUND_TRIP,
    "r": _RFC_1123,
    "R": _RFC_1123,
    "s": "yyyy'-'MM'-'dd'T'HH':'mm':'ss",
    "t": "h:mm tt",
    "T": _TIME,
    "u": "yyyy'-'MM'-'dd HH':'mm':'ss'Z'",
    "U": f"{_DATE} {_TIME}",
    "y": "MMMM yyyy",
    "Y": "MMMM yyyy",
}
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)
_DAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_SHORT_NAME = 3
_PART = re.compile(
    r"(?P<letters>(?P<letter>[dfFghHKmMstyz])(?P=letter)*)"
    r"|(?P<quote>['\"])(?P<quoted>(?:\\.|(?!(?P=quote)|\\).)*)(?P=quote)"
    r"|\\(?P<escaped>.)|%(?P<single>[^%])|(?P<mark>.)",
    re.DOTALL,
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_LONGEST_FRACTION = 7


def format_moment(moment: Moment, pattern: str) -> str:
    """The moment as the format string says.

    Raises:
        ValueError: for a format that .NET does not know.
    """
    if len(pattern) > 1:
        return _custom(moment, pattern)
    if pattern and pattern not in _STANDARD:
        raise ValueError(f"knows no date format '{pattern}'; known are {', '.join(_STANDARD)}.")
    return _custom(moment, _STANDARD[pattern or "G"])


def _custom(moment: Moment, pattern: str) -> str:
    parts: list[str] = []
    for match in _PART.finditer(pattern):
        part = _part(match, moment)
        if match["letters"] and match["letters"][0] == "F" and not part and parts[-1:] == ["."]:
            parts.pop()
        parts.append(part)
    return "".join(parts)


def _part(match: re.Match[str], moment: Moment) -> str:
    if letters := match["letters"]:
        return _FORMATS[letters[0]](moment, len(letters))
    if match["quote"]:
        return _ESCAPED.sub(r"\1", match["quoted"])
    if match["escaped"]:
        return match["escaped"]
    if match["single"]:
        return _custom(moment, match["single"])
    mark = match["mark"]
    if mark in "'\"":
        raise ValueError(f"can't use the date format '{match.string}': a quote is left open.")
    if mark in "\\%":
        raise ValueError(f"can't use the date format '{match.string}', which ends in '{mark}'.")
    return mark


def _clock(moment: Moment) -> tuple[int, int, int]:
    seconds = moment.of_day // TICKS_A_SECOND
    return seconds // 3600, seconds // 60 % 60, seconds % 60


def _padded(number: int, count: int) -> str:
    return str(number).rjust(min(count, 2), "0")


def _named(names: Sequence[str], at: int, number: int, count: int) -> str:
    if count < _SHORT_NAME:
        return _padded(number, count)
    return names[at][:_SHORT_NAME] if count == _SHORT_NAME else names[at]


def _year(moment: Moment, count: int) -> str:
    year = moment.day.year
    return str(year % 100).rjust(count, "0") if count < 3 else str(year).rjust(count, "0")  # noqa: PLR2004 - yy


def _fraction(moment: Moment, count: int) -> str:
    if count > _LONGEST_FRACTION:
        raise ValueError(f"can't write a second's fraction with {count} digits; at most 7.")
    return f"{moment.of_day % TICKS_A_SECOND:07d}"[:count]


def _designator(moment: Moment, count: int) -> str:
    name = "AM" if _clock(moment)[0] < 12 else "PM"  # noqa: PLR2004 - noon
    return name if count > 1 else name[:1]


_KINDS = {Kind.UTC: "Z", Kind.LOCAL: "+00:00", Kind.UNSPECIFIED: ""}
_OFFSETS = {1: "+0", 2: "+00"}
_FORMATS: dict[str, Callable[[Moment, int], str]] = {
    "d": lambda moment, count: _named(_DAYS, moment.day.isoweekday() % 7, moment.day.day, count),
    "f": _fraction,
    "F": lambda moment, count: _fraction(moment, count).rstrip("0"),
    "g": lambda _moment, _count: "AD",
    "h": lambda moment, count: _padded(_clock(moment)[0] % 12 or 12, count),
    "H": lambda moment, count: _padded(_clock(moment)[0], count),
    "K": lambda moment, count: _KINDS[moment.kind] * count,
    "m": lambda moment, count: _padded(_clock(moment)[1], count),
    "M": lambda moment, count: _named(_MONTHS, moment.day.month - 1, moment.day.month, count),
    "s": lambda moment, count: _padded(_clock(moment)[2], count),
    "t": _designator,
    "y": _year,
    "z": lambda _moment, count: _OFFSETS.get(count, "+00:00"),
}
