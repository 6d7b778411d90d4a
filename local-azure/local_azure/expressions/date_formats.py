"""Points in time by .NET format strings: the standard letters, and custom patterns."""

import re
from collections.abc import Callable

from local_azure.expressions.cultures import Culture
from local_azure.expressions.cultures import culture as named
from local_azure.expressions.moments import TICKS_A_SECOND, Kind, Moment

_RFC_1123 = "ddd, dd MMM yyyy HH':'mm':'ss 'GMT'"
_ROUND_TRIP = "yyyy-MM-ddTHH:mm:ss.fffffffK"
_PART = re.compile(
    r"(?P<letters>(?P<letter>[dfFghHKmMstyz])(?P=letter)*)"
    r"|(?P<quote>['\"])(?P<quoted>(?:\\.|(?!(?P=quote)|\\).)*)(?P=quote)"
    r"|\\(?P<escaped>.)|%(?P<single>[^%])|(?P<mark>.)",
    re.DOTALL,
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_LONGEST_FRACTION = 7


def format_moment(moment: Moment, pattern: str, culture: Culture) -> str:
    """The moment as the format string says.

    Raises:
        ValueError: for a format that .NET does not know.
    """
    if not pattern:
        pattern = "G"
    if pattern in "rR":
        culture = named("")  # these alone are the same in every culture
    if len(pattern) == 1:
        pattern = _standard(pattern, culture)
    return _custom(moment, pattern, culture)


def _standard(letter: str, culture: Culture) -> str:
    date, time = culture.short_date, culture.long_time
    patterns = {
        "d": date,
        "D": culture.long_date,
        "f": f"{culture.long_date} {culture.short_time}",
        "F": f"{culture.long_date} {time}",
        "g": f"{date} {culture.short_time}",
        "G": f"{date} {time}",
        "m": culture.month_day,
        "M": culture.month_day,
        "o": _ROUND_TRIP,
        "O": _ROUND_TRIP,
        "r": _RFC_1123,
        "R": _RFC_1123,
        "s": "yyyy'-'MM'-'dd'T'HH':'mm':'ss",
        "t": culture.short_time,
        "T": time,
        "u": "yyyy'-'MM'-'dd HH':'mm':'ss'Z'",
        "U": f"{culture.long_date} {time}",
        "y": culture.year_month,
        "Y": culture.year_month,
    }
    if letter not in patterns:
        raise ValueError(f"knows no date format '{letter}'; known are {', '.join(patterns)}.")
    return patterns[letter]


def _custom(moment: Moment, pattern: str, culture: Culture) -> str:
    parts: list[str] = []
    for match in _PART.finditer(pattern):
        part = _part(match, moment, culture)
        if match["letters"] and match["letters"][0] == "F" and not part and parts[-1:] == ["."]:
            parts.pop()
        parts.append(part)
    return "".join(parts)


def _part(match: re.Match[str], moment: Moment, culture: Culture) -> str:
    if letters := match["letters"]:
        return _FORMATS[letters[0]](moment, len(letters), culture)
    if match["quote"]:
        return _ESCAPED.sub(r"\1", match["quoted"])
    if match["escaped"]:
        return match["escaped"]
    if match["single"]:
        return _custom(moment, match["single"], culture)
    mark = match["mark"]
    if mark in "'\"":
        raise ValueError(f"can't use the date format '{match.string}': a quote is left open.")
    if mark in "\\%":
        raise ValueError(f"can't use the date format '{match.string}', which ends in '{mark}'.")
    return culture.date_separator if mark == "/" else mark


def _clock(moment: Moment) -> tuple[int, int, int]:
    seconds = moment.of_day // TICKS_A_SECOND
    return seconds // 3600, seconds // 60 % 60, seconds % 60


def _padded(number: int, count: int) -> str:
    return str(number).rjust(min(count, 2), "0")


def _day(moment: Moment, count: int, culture: Culture) -> str:
    names = {3: culture.short_days}.get(count, culture.days)
    weekday = moment.day.isoweekday() % 7
    return _padded(moment.day.day, count) if count < 3 else names[weekday]  # noqa: PLR2004 - dd


def _month(moment: Moment, count: int, culture: Culture) -> str:
    names = {3: culture.short_months}.get(count, culture.months)
    month = moment.day.month
    return _padded(month, count) if count < 3 else names[month - 1]  # noqa: PLR2004 - MM


def _year(moment: Moment, count: int, _culture: Culture) -> str:
    year = moment.day.year
    return str(year % 100).rjust(count, "0") if count < 3 else str(year).rjust(count, "0")  # noqa: PLR2004 - yy


def _fraction(moment: Moment, count: int, _culture: Culture) -> str:
    if count > _LONGEST_FRACTION:
        raise ValueError(f"can't write a second's fraction with {count} digits; at most 7.")
    return f"{moment.of_day % TICKS_A_SECOND:07d}"[:count]


def _short_fraction(moment: Moment, count: int, culture: Culture) -> str:
    return _fraction(moment, count, culture).rstrip("0")


def _half_hour(moment: Moment, count: int, _culture: Culture) -> str:
    return _padded(_clock(moment)[0] % 12 or 12, count)


def _designator(moment: Moment, count: int, culture: Culture) -> str:
    name = culture.am if _clock(moment)[0] < 12 else culture.pm  # noqa: PLR2004 - noon
    return name if count > 1 else name[:1]


def _offset(_moment: Moment, count: int, _culture: Culture) -> str:
    return {1: "+0", 2: "+00"}.get(count, "+00:00")


def _kind(moment: Moment, count: int, _culture: Culture) -> str:
    return {Kind.UTC: "Z", Kind.LOCAL: "+00:00", Kind.UNSPECIFIED: ""}[moment.kind] * count


_FORMATS: dict[str, Callable[[Moment, int, Culture], str]] = {
    "d": _day,
    "f": _fraction,
    "F": _short_fraction,
    "g": lambda _moment, _count, culture: culture.era,
    "h": _half_hour,
    "H": lambda moment, count, _culture: _padded(_clock(moment)[0], count),
    "K": _kind,
    "m": lambda moment, count, _culture: _padded(_clock(moment)[1], count),
    "M": _month,
    "s": lambda moment, count, _culture: _padded(_clock(moment)[2], count),
    "t": _designator,
    "y": _year,
    "z": _offset,
}
