"""When an undelivered event is tried again, and when not any more.

Source: D:event-grid/delivery-and-retry. Azure adds a small randomness and may skip attempts at an
endpoint that stays unhealthy; here the times are exact, so that a test can name them.
"""

from __future__ import annotations

_WAITS = (10, 30, 60, 300, 600, 1800, 3600, 3 * 3600, 6 * 3600)
_EVERY = 12 * 3600
_SUCCESS = range(200, 205)

ANSWER_LIMIT = 30.0
"""Seconds that a handler has to answer."""
DEAD_LETTER_DELAY = 300.0
"""Seconds from the last attempt to the dead letter."""
DEAD_LETTER_PATIENCE = 4 * 3600.0
"""Seconds that storage may refuse a dead letter before it is dropped."""
DEAD_LETTER_WAIT = 300.0
"""Seconds between attempts to write a dead letter (UNVERIFIED; Azure names none)."""


def delivered(status: int) -> bool:
    """Whether an answer says that the event has arrived."""
    return status in _SUCCESS


def wait(attempts: int, least: float = 0) -> float:
    """Seconds until the next attempt.

    Args:
        attempts: how many there were, at least one.
        least: what the last answer demands.
    """
    planned = _WAITS[attempts - 1] if attempts <= len(_WAITS) else _EVERY
    return float(max(planned, least))
