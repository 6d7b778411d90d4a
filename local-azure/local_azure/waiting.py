"""Long work, for whoever waits: how far it is, how fast and how long yet, on standard error.

A bar on a terminal; elsewhere a line every 15 seconds, so that what is soon done says nothing.
"""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

Count = Callable[[], tuple[int, int]]

INTERVAL = 15.0
"""Seconds between two lines."""
_FRAME = 0.1


def nothing() -> tuple[int, int]:
    """The count of what can't be counted."""
    return 0, 0


@contextmanager
def shown(what: str, count: Count = nothing) -> Iterator[None]:
    """Show how far the work of this block is.

    Args:
        what: the work, with what is counted.
        count: how many are done, and of how many; 0 where nobody knows.
    """
    ended = Event()
    show = _bar if sys.stderr.isatty() else _lines
    thread = Thread(target=show, args=(what, count, ended), daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def far(done: int, total: int, passed: float) -> str:
    """How far work is after that many seconds: ``12 of 60, 3.0/s, 16 s left``."""
    if not total:
        return f"{passed:.0f} s"
    left = f", {(total - done) * passed / done:.0f} s left" if done else ""
    return f"{done} of {total}, {done / passed:.1f}/s{left}"


def _lines(what: str, count: Count, ended: Event) -> None:
    began = time.monotonic()
    while not ended.wait(INTERVAL):
        told = far(*count(), time.monotonic() - began)
        print(f"{what}: {told}", file=sys.stderr, flush=True)


def _bar(what: str, count: Count, ended: Event) -> None:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

    columns = SpinnerColumn(), TextColumn(what), BarColumn(), TextColumn("{task.description}")
    began = time.monotonic()
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=None)
        while not ended.wait(_FRAME):
            done, total = count()
            told = far(done, total, time.monotonic() - began)
            progress.update(task, completed=done, total=total or None, description=told)
