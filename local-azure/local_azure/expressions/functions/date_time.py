"""Date and time functions. A time is text; what is known of its zone travels with it."""

import calendar
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from local_azure.expressions.context import Context
from local_azure.expressions.date_formats import format_moment
from local_azure.expressions.errors import ArgumentProblem
from local_azure.expressions.functions.conversion import EN_US, check_locale
from local_azure.expressions.moments import (
    TICKS_A_DAY,
    TICKS_A_SECOND,
    Kind,
    Moment,
    parse_moment,
    span_text,
    utc,
)
from local_azure.expressions.registry import declare, function
from local_azure.expressions.time_zones import time_zone

_UNITS = {
    "second": TICKS_A_SECOND,
    "minute": 60 * TICKS_A_SECOND,
    "hour": 3600 * TICKS_A_SECOND,
    "day": TICKS_A_DAY,
    "week": 7 * TICKS_A_DAY,
}
_MONTHS = {"month": 1, "year": 12}


@function("utcNow(format?: string)", with_context=True)
def utc_now(context: Context, pattern: str = "o") -> str:
    """The current time."""
    return _written(utc(context.now()), pattern)


@function("formatDateTime(timestamp: string, format?: string, locale?: string)")
def format_date_time(timestamp: str, pattern: str = "o", locale: str = EN_US) -> str:
    """A time in another format."""
    check_locale(locale)
    return _written(_moment(timestamp), pattern)


@function("parseDateTime(timestamp: string, locale?: string, format?: string)")
def parse_date_time(timestamp: str, locale: str = EN_US, pattern: str = "") -> str:
    """A time in ISO 8601, read by a format, else as the engine reads en-US."""
    check_locale(locale)
    return _written(_read_by_format(timestamp, pattern) if pattern else _moment(timestamp), "o")


def _read_by_format(timestamp: str, pattern: str) -> Moment:
    try:
        read = datetime.strptime(timestamp, _PATTERNS[pattern])  # noqa: DTZ007 - naive as read
    except KeyError as unknown:
        message = f"can't read by the format '{pattern}' here; known are: {', '.join(_PATTERNS)}."
        raise ArgumentProblem(message) from unknown
    except ValueError as wrong:
        raise _not_a_time(timestamp) from wrong
    return Moment(utc(read.replace(tzinfo=UTC)).ticks, Kind.UNSPECIFIED)


_PATTERNS = {
    "yyyyMMdd": "%Y%m%d",
    "yyyy-MM-dd": "%Y-%m-%d",
    "dd/MM/yyyy": "%d/%m/%Y",
    "MM/dd/yyyy": "%m/%d/%Y",
    "yyyyMMddHHmmss": "%Y%m%d%H%M%S",
    "yyyy-MM-dd HH:mm:ss": "%Y-%m-%d %H:%M:%S",
}


def _declare_addition(unit: str) -> None:
    count = f"{unit.lower()}s"

    @function(f"add{unit}s(timestamp: string, {count}: integer, format?: string)")
    def add(timestamp: str, count: int, pattern: str = "o") -> str:
        return _written(_moved(_moment(timestamp), count, unit.lower()), pattern)


for _unit in ("Day", "Hour", "Minute", "Second"):
    _declare_addition(_unit)


@function("addToTime(timestamp: string, interval: integer, unit: string, format?: string)")
def add_to_time(timestamp: str, interval: int, unit: str, pattern: str = "o") -> str:
    """A time so many units later."""
    return _written(_moved(_moment(timestamp), interval, unit), pattern)


@function("subtractFromTime(timestamp: string, interval: integer, unit: string, format?: string)")
def subtract_from_time(timestamp: str, interval: int, unit: str, pattern: str = "o") -> str:
    """A time so many units earlier."""
    return _written(_moved(_moment(timestamp), -interval, unit), pattern)


@function("getFutureTime(interval: integer, unit: string, format?: string)", with_context=True)
def get_future_time(context: Context, interval: int, unit: str, pattern: str = "o") -> str:
    """The current time plus so many units."""
    return _written(_moved(utc(context.now()), interval, unit), pattern)


@function("getPastTime(interval: integer, unit: string, format?: string)", with_context=True)
def get_past_time(context: Context, interval: int, unit: str, pattern: str = "o") -> str:
    """The current time minus so many units."""
    return _written(_moved(utc(context.now()), -interval, unit), pattern)


@function("convertFromUtc(timestamp: string, zone: string, format?: string)")
def convert_from_utc(timestamp: str, zone: str, pattern: str = "o") -> str:
    """A UTC time as the zone's clocks show it."""
    moment = _moment(timestamp)
    if moment.kind is not Kind.UTC:
        message = (
            "expects its first parameter to be a string that contains a UTC date time. "
            f"The value was '{timestamp}'."
        )
        raise ArgumentProblem(message)
    return _written(_from_utc(moment, zone), pattern)


@function("convertToUtc(timestamp: string, zone: string, format?: string)")
def convert_to_utc(timestamp: str, zone: str, pattern: str = "o") -> str:
    """What the zone's clocks show as UTC."""
    return _written(_to_utc(_moment(timestamp), zone), pattern)


@function("convertTimeZone(timestamp: string, source: string, target: string, format?: string)")
def convert_time_zone(timestamp: str, source: str, target: str, pattern: str = "o") -> str:
    """What one zone's clocks show as another's; a time that names its zone keeps it."""
    moment = _moment(timestamp)
    _zone(source)
    as_utc = moment if moment.kind is not Kind.UNSPECIFIED else _to_utc(moment, source)
    return _written(_from_utc(as_utc, target), pattern)


@function("dateDifference(start: string, end: string)")
def date_difference(start: str, end: str) -> str:
    """The time between two times, as ``[-][d.]hh:mm:ss[.fffffff]``."""
    return span_text(_moment(end).ticks - _moment(start).ticks)


@function("startOfDay(timestamp: string, format?: string)")
def start_of_day(timestamp: str, pattern: str = "o") -> str:
    """Midnight before a time."""
    moment = _moment(timestamp)
    return _written(moment.moved(-moment.of_day), pattern)


@function("startOfHour(timestamp: string, format?: string)")
def start_of_hour(timestamp: str, pattern: str = "o") -> str:
    """The full hour before a time."""
    moment = _moment(timestamp)
    return _written(moment.moved(-(moment.ticks % _UNITS["hour"])), pattern)


@function("startOfMonth(timestamp: string, format?: string)")
def start_of_month(timestamp: str, pattern: str = "o") -> str:
    """The first midnight of a time's month."""
    moment = _moment(timestamp)
    return _written(moment.moved(-moment.of_day).on(moment.day.replace(day=1)), pattern)


def _moment(timestamp: str) -> Moment:
    try:
        return parse_moment(timestamp)
    except (ValueError, OverflowError) as wrong:
        raise _not_a_time(timestamp) from wrong


def _not_a_time(timestamp: str) -> ArgumentProblem:
    return ArgumentProblem(
        f"was given the date and time '{timestamp}', which is not valid. It must match ISO 8601.",
    )


def _written(moment: Moment, pattern: str) -> str:
    try:
        return format_moment(moment, pattern)
    except ValueError as wrong:
        message = (
            f"format parameter '{pattern}' is not supported: it {wrong} The format must be a "
            "single format specifier (such as 'd' or 'g') or a custom pattern (such as "
            "'MMMM dd, yyyy')."
        )
        raise ArgumentProblem(message) from wrong


def _moved(moment: Moment, interval: int, unit: str) -> Moment:
    try:
        if unit.lower() in _MONTHS:
            return _months_later(moment, interval * _MONTHS[unit.lower()])
        if unit.lower() in _UNITS:
            return moment.moved(interval * _UNITS[unit.lower()])
    except (OverflowError, ValueError) as beyond:
        message = f"can't move '{moment.datetime.isoformat()}' by {interval} {unit}: out of range."
        raise ArgumentProblem(message) from beyond
    message = (
        f"knows no time unit '{unit}'; known are: Second, Minute, Hour, Day, Week, Month, Year."
    )
    raise ArgumentProblem(message)


def _months_later(moment: Moment, months: int) -> Moment:
    day = moment.day
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return moment.on(day.replace(year=year, month=month + 1, day=min(day.day, last)))


def _zone(name: str) -> ZoneInfo:
    try:
        return time_zone(name)
    except ValueError as unknown:
        raise ArgumentProblem(str(unknown)) from unknown


def _from_utc(moment: Moment, name: str) -> Moment:
    shown = moment.datetime.replace(tzinfo=UTC).astimezone(_zone(name))
    kind = Kind.UTC if name.upper() == "UTC" else Kind.UNSPECIFIED
    return Moment(moment.moved(_ticks(shown.utcoffset())).ticks, kind)


def _to_utc(moment: Moment, name: str) -> Moment:
    zone = _zone(name)
    if moment.kind is Kind.UTC and name.upper() == "UTC":
        return moment
    if moment.kind is not Kind.UNSPECIFIED:
        message = (
            "expects its second parameter to be a time zone matching the time zone indicated by "
            f"the timestamp. The provided value was '{name}'."
        )
        raise ArgumentProblem(message)
    early, late = (moment.datetime.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1))
    if early != late:
        message = (
            f"was given the time '{moment.datetime.isoformat()}', which does not exist or exists "
            f"twice in the time zone '{name}'."
        )
        raise ArgumentProblem(message)
    return Moment(moment.moved(-_ticks(early)).ticks, Kind.UTC)


def _ticks(offset: timedelta | None) -> int:
    """An offset in whole minutes, as .NET has it: old local times had odd seconds."""
    return (offset or timedelta()) // timedelta(minutes=1) * _UNITS["minute"]


declare(
    {
        "dayOfMonth(timestamp: string)": lambda at: _moment(at).day.day,
        # Sunday is 0
        "dayOfWeek(timestamp: string)": lambda at: _moment(at).day.isoweekday() % 7,
        "dayOfYear(timestamp: string)": lambda at: _moment(at).day.timetuple().tm_yday,
        # of 100 ns since the year 1
        "ticks(timestamp: string)": lambda at: _moment(at).ticks,
    }
)
