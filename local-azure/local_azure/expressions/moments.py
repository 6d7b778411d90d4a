"""Points in time as .NET's DateTime has them: 100-nanosecond ticks, and what is known of the zone.

Read are ISO 8601 in the forms that the engine takes, and en-US dates; a time alone is refused,
because it would mean today.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum

TICKS_A_SECOND = 10_000_000
TICKS_A_DAY = 86_400 * TICKS_A_SECOND
_LAST_TICK = date.max.toordinal() * TICKS_A_DAY - 1
_FRACTION_DIGITS = 7
_LONGEST_OFFSET = 14 * 60
_NOON = 12

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = (
    r"(?P<name>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sep(?:tember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_WEEKDAY = r"(?:(?:sun|mon|tue|wed|thu|fri|sat)[a-z]*,?\s+)?"
_TIME = (
    r"(?P<hour>\d{1,2}):(?P<minute>\d{1,2})(?::(?P<second>\d{1,2})(?:\.(?P<fraction>\d+))?)?"
    r"(?:\s*(?P<half>[ap]m))?"
    r"\s*(?P<zone>z|gmt|utc|[+-]\d{1,2}(?::?\d{2})?)?"
)
_DATES = (
    r"(?P<year>\d{4})(?P<separator>[-/.])(?P<month>\d{1,2})(?:(?P=separator)(?P<day>\d{1,2}))?",
    r"(?P<month>\d{1,2})(?P<separator>[-/.])(?P<day>\d{1,2})(?P=separator)(?P<year>\d{4})",
    rf"{_WEEKDAY}{_MONTH}\s+(?P<day>\d{{1,2}}),?\s+(?P<year>\d{{4}})",
    rf"{_WEEKDAY}(?P<day>\d{{1,2}})\s+{_MONTH}\s+(?P<year>\d{{4}})",
)
_STRICT = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})T(?P<hour>\d{2}):(?P<minute>\d{2})"
    r"(?::(?P<second>\d{2})(?:\.(?P<fraction>\d+))?)?\s*(?P<half>\b)?"
    r"(?P<zone>z|[+-]\d{2}(?::?\d{2})?)?",
    re.IGNORECASE | re.ASCII,
)
_LENIENT = [re.compile(rf"{each}(?:\s+{_TIME})?", re.IGNORECASE | re.ASCII) for each in _DATES]


class Kind(Enum):
    """What is known of a time's zone: nothing, that it is UTC, or the machine's (which is UTC)."""

    UNSPECIFIED = ""
    UTC = "Z"
    LOCAL = "+00:00"


@dataclass(frozen=True)
class Moment:
    """A point in time: ticks of 100 ns since the year 1, and its kind."""

    ticks: int
    kind: Kind

    @property
    def day(self) -> date:
        """The day."""
        return date.fromordinal(self.ticks // TICKS_A_DAY + 1)

    @property
    def of_day(self) -> int:
        """Ticks since midnight."""
        return self.ticks % TICKS_A_DAY

    @property
    def datetime(self) -> datetime:
        """The time as Python has it, without a zone and without the seventh decimal."""
        return datetime.min + timedelta(microseconds=self.ticks // 10)  # noqa: DTZ901 - naive

    def moved(self, ticks: int) -> Moment:
        """The moment so many ticks later.

        Raises:
            OverflowError: beyond the years 1 to 9999.
        """
        if not 0 <= self.ticks + ticks <= _LAST_TICK:
            message = "The added or subtracted value results in an unrepresentable DateTime."
            raise OverflowError(message)
        return replace(self, ticks=self.ticks + ticks)

    def on(self, day: date) -> Moment:
        """The same time on another day."""
        return replace(self, ticks=(day.toordinal() - 1) * TICKS_A_DAY + self.of_day)


def utc(moment: datetime) -> Moment:
    """A Python time with a zone as a Moment in UTC."""
    naive = moment.astimezone(UTC).replace(tzinfo=None)
    since = naive - datetime.min  # noqa: DTZ901 - naive
    ticks = since.days * TICKS_A_DAY + since.seconds * TICKS_A_SECOND + since.microseconds * 10
    return Moment(ticks, Kind.UTC)


def parse_moment(text: str) -> Moment:
    """The point in time that a text tells; one with an offset is turned to UTC.

    Raises:
        ValueError: where the text is in none of the forms, or no such time exists.
    """
    written = text.strip()
    match = _STRICT.fullmatch(written)
    if match is None:
        match = next(filter(None, (form.fullmatch(written) for form in _LENIENT)), None)
    if match is None:
        raise ValueError(f"'{text}' is no date and time in ISO 8601.")
    found = match.groupdict()
    month = found.get("month") or _MONTHS.index(found["name"][:3].lower()) + 1
    day = date(int(found["year"]), int(month), int(found["day"] or 1))
    ticks = (day.toordinal() - 1) * TICKS_A_DAY + _ticks_of_day(found)
    return _in_zone(ticks, (found["zone"] or "").lower())


def _ticks_of_day(found: dict[str, str | None]) -> int:
    hour = _hour(int(found["hour"] or 0), found["half"])
    of_day = time(hour, int(found["minute"] or 0), int(found["second"] or 0))
    fraction = found["fraction"] or "0"
    ticks = round(int(fraction) * 10.0 ** (_FRACTION_DIGITS - len(fraction)))
    return ((of_day.hour * 60 + of_day.minute) * 60 + of_day.second) * TICKS_A_SECOND + ticks


def _hour(hour: int, half: str | None) -> int:
    if not half:
        return hour
    if not 1 <= hour <= _NOON:
        raise ValueError("no such hour")
    return hour % _NOON + (_NOON if half.lower() == "pm" else 0)


def _in_zone(ticks: int, zone: str) -> Moment:
    if not zone:
        return Moment(ticks, Kind.UNSPECIFIED)
    if zone in ("z", "gmt", "utc"):
        return Moment(ticks, Kind.UTC)
    digits = zone[1:].replace(":", "")
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "0")  # noqa: PLR2004 - hh
    offset = int(hours) * 60 + int(minutes)
    if offset > _LONGEST_OFFSET or int(minutes) > 59:  # noqa: PLR2004 - of a clock
        raise ValueError(f"no such offset: {zone}")
    moved = offset * 60 * TICKS_A_SECOND * (-1 if zone[0] == "+" else 1)
    return Moment(ticks, Kind.LOCAL).moved(moved)


def span_text(ticks: int) -> str:
    """A length of time as .NET's TimeSpan has it: ``[-][d.]hh:mm:ss[.fffffff]``."""
    seconds, fraction = divmod(abs(ticks), TICKS_A_SECOND)
    minutes, hours, days = seconds // 60 % 60, seconds // 3600 % 24, seconds // 86400
    sign = "-" if ticks < 0 else ""
    head = f"{days}." if days else ""
    tail = f".{fraction:07d}" if fraction else ""
    return f"{sign}{head}{hours:02d}:{minutes:02d}:{seconds % 60:02d}{tail}"
