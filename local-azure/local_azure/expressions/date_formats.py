"""Points in time by .NET format strings: the standard letters, and custom patterns."""

from __future__ import annotations

from collections.abc import Callable

from local_azure.expressions.cultures import Culture
from local_azure.expressions.moments import TICKS_A_SECOND, Kind, Moment

_ROUND_TRIP = "yyyy-MM-ddTHH:mm:ss.fffffffK"
_LETTERS = "dfFghHKmMstyz"
_LONGEST_FRACTION = 7


def format_moment(moment: Moment, pattern: str, culture: Culture) -> str:
    """The moment as the format string says.

    Raises:
        ValueError: for a format that .NET does not know.
    """
    if not pattern:
        pattern = "G"
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
        "r": "\x00r",
        "R": "\x00r",
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
    if pattern == "\x00r":
        return _rfc1123(moment)
    parts: list[str] = []
    position = 0
    while position < len(pattern):
        character = pattern[position]
        if character in _LETTERS:
            count = _run(pattern, position)
            part = _FORMATS[character](moment, count, culture)
            if character == "F" and not part and parts and parts[-1] == ".":
                parts.pop()
            parts.append(part)
            position += count
        else:
            part, position = _literal(pattern, position, moment, culture)
            parts.append(part)
    return "".join(parts)


def _literal(pattern: str, position: int, moment: Moment, culture: Culture) -> tuple[str, int]:
    character = pattern[position]
    following = pattern[position + 1 : position + 2]
    if character == "/":
        return culture.date_separator, position + 1
    if character in "'\"":
        return _quoted(pattern, position)
    if character in "\\%":
        if not following or (character == "%" and following == "%"):
            raise ValueError(f"can't use the date format '{pattern}', which ends in '{character}'.")
        if character == "\\":
            return following, position + 2
        return _custom(moment, following, culture), position + 2
    return character, position + 1


def _quoted(pattern: str, position: int) -> tuple[str, int]:
    found, quote, at = "", pattern[position], position + 1
    while at < len(pattern) and pattern[at] != quote:
        at += pattern[at] == "\\"
        found += pattern[at : at + 1]
        at += 1
    if at >= len(pattern):
        raise ValueError(f"can't use the date format '{pattern}': a quote is left open.")
    return found, at + 1


def _run(pattern: str, position: int) -> int:
    count = 1
    while pattern[position + count : position + count + 1] == pattern[position]:
        count += 1
    return count


def _rfc1123(moment: Moment) -> str:
    day = moment.day
    names = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    hour, minute, second = _clock(moment)
    return (
        f"{names[day.weekday()]}, {day.day:02d} {months[day.month - 1]} {day.year:04d} "
        f"{hour:02d}:{minute:02d}:{second:02d} GMT"
    )


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
