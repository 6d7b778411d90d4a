"""What is said to whoever waits for an operation, while it lasts.

An operation that has to wait for somebody else says so here; whoever started it (Pulumi's engine,
by its provider) decides where that is shown. Where nobody listens it is in the server's log alone.
"""

import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Listener = Callable[[str], Awaitable[None]]
_log = logging.getLogger(__name__)
_listener: ContextVar[Listener | None] = ContextVar("listener", default=None)


@contextmanager
def heard_by(listener: Listener) -> Iterator[None]:
    """Have a listener told what is said in this block, and in tasks that begin in it."""
    before = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(before)


async def say(message: str) -> None:
    """Log a sentence, and tell it to the listener if there is one."""
    _log.warning("%s", message)
    if listener := _listener.get():
        await listener(message)
