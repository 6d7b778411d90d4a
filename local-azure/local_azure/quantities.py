"""Numbers on a command line; each refusal says what is accepted."""

from __future__ import annotations

import argparse
import math

MOST_SECONDS = 10 * 365 * 24 * 60 * 60
"""Ten years: dates end with the year 9999, and what waits for a later one would never wake."""


def seconds(text: str) -> float:
    """How far the clock goes on, in seconds.

    Raises:
        argparse.ArgumentTypeError: it is no number, or goes back or too far.
    """
    found = _number(text)
    if not 0 <= found <= MOST_SECONDS:
        message = (
            f"{text}: its clock goes forward only, by a number of seconds, {MOST_SECONDS} at most"
        )
        raise argparse.ArgumentTypeError(message)
    return found


def share(text: str) -> float:
    """A part of one.

    Raises:
        argparse.ArgumentTypeError: it is none.
    """
    found = _number(text)
    if not 0 <= found <= 1:
        message = f"{text}: accepted is a number from 0 to 1"
        raise argparse.ArgumentTypeError(message)
    return found


def count(text: str) -> int:
    """How many are shown.

    Raises:
        argparse.ArgumentTypeError: it is no number, or less than 1.
    """
    if not text.isascii() or not text.isdecimal() or len(text) > _DIGITS or int(text) < 1:
        message = f"{text}: accepted is a whole number from 1 to {10**_DIGITS - 1}"
        raise argparse.ArgumentTypeError(message)
    return int(text)


_DIGITS = 9


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan
