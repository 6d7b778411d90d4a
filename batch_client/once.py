"""A POST that starts something: sent again only where nothing can have been started.

Proof of that is no connection, 429, or 503 with ``Retry-After``; after anything else the answer
counts as lost, and whoever asked has to look by the name that they chose.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import TypeVar

from batch_client.answers import LostAnswerError, NotSentError, NotThereError, RefusedError
from batch_client.errors import UnknownOutcomeError
from batch_client.waiting import Clock

T = TypeVar("T")
_PAUSES: tuple[float, ...] = (1, 2, 5, 10, 30)
"""Seconds before each new attempt; ``Retry-After`` says otherwise."""

_LOOKS = (0, 2, 5, 10)
"""Seconds before each look for what a request may have started whose answer was lost."""

_UNCERTAIN = frozenset((408, 500, 502, 503, 504))


def started(post: Callable[[], T], look: Callable[[], T], clock: Clock, unknown: str) -> T:
    """What a POST has started.

    Args:
        post: sends it.
        look: looks for what it starts, by the name that was chosen.
        clock: the time.
        unknown: what to say where nobody knows whether it was carried out, after why.

    Raises:
        NotSentError: the host was not reached by any attempt.
        RefusedError: it was refused, and nothing was started.
        UnknownOutcomeError: the answer was lost, and nothing is found.
    """
    try:
        return _posted(post, clock)
    except LostAnswerError as lost:
        if found := _found(look, clock):
            return found
        raise UnknownOutcomeError(f"{lost} {unknown}") from lost


def _posted(post: Callable[[], T], clock: Clock) -> T:
    pauses = iter(_PAUSES)
    while True:
        try:
            return post()
        except NotSentError:
            pause = next(pauses, None)
            if pause is None:
                raise
        except RefusedError as refusal:
            pause = next(pauses, None)
            if not _declined(refusal) and refusal.status in _UNCERTAIN:
                raise LostAnswerError(str(refusal)) from refusal
            if pause is None or not _declined(refusal):
                raise
            pause = pause if refusal.retry_after is None else refusal.retry_after
        clock.sleep(pause)


def _found(look: Callable[[], T], clock: Clock) -> T | None:
    for pause in _LOOKS:
        clock.sleep(pause)
        try:
            return look()
        except NotThereError:
            continue
        except (LostAnswerError, NotSentError, RefusedError):
            return None
    return None


def _declined(refusal: RefusedError) -> bool:
    """Whether the answer proves that nothing was started, and another time something might be."""
    if refusal.status == HTTPStatus.TOO_MANY_REQUESTS:
        return True
    return refusal.status == HTTPStatus.SERVICE_UNAVAILABLE and refusal.retry_after is not None
