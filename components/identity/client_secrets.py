"""Which client secrets a principal holds on a day: that follows from the date and a lifetime alone.

Half a lifetime is a period, counted through the calendar. A secret is used from the beginning of
its period and ends with the next one. Two are held, the present one and the one before, so that
what began with the former ends with it, and an `up` in each period is enough for none to end in
use.
"""

from datetime import date, timedelta
from typing import NamedTuple


class Term(NamedTuple):
    """When a secret is used.

    Attributes:
        since: the first day.
        renews: the day from which another one is used.
        ends: the day at whose beginning, in UTC, it ends.
    """

    since: date
    renews: date
    ends: date


def held(today: date, lifetime_days: int) -> tuple[Term, Term]:
    """The term of the secret in use, and that of the one before.

    Args:
        today: the date, in UTC.
        lifetime_days: days of a secret, 2 or more; of an odd number one less.
    """
    period = lifetime_days // 2
    begun = today.toordinal() // period * period
    return _term(begun, period), _term(begun - period, period)


def _term(begun: int, period: int) -> Term:
    since, length = date.fromordinal(begun), timedelta(days=period)
    return Term(since, since + length, since + 2 * length)


def moment(day: date) -> str:
    """The beginning of a day in UTC as RFC 3339, which Entra takes."""
    return f"{day.isoformat()}T00:00:00Z"
