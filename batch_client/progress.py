"""What a person sees meanwhile, on standard error: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from typing import TextIO

_STEPS = 10
_UNITS = ("bytes", "KiB", "MiB", "GiB", "TiB")
_NARROWEST = 10


class Progress(Protocol):
    """Is told what goes on."""

    def say(self, line: str) -> None:
        """Something happened."""

    def moved(self, what: str, done: int, total: int) -> None:
        """Some bytes of a transfer are done."""

    def state(self, line: str) -> None:
        """What is waited for looks like this now; said again and again."""


class Silence:
    """Tells nothing."""

    def say(self, line: str) -> None:
        """Nothing."""

    def moved(self, what: str, done: int, total: int) -> None:
        """Nothing."""

    def state(self, line: str) -> None:
        """Nothing."""


class Lines:
    """One line for each tenth of a transfer and for each change; for logs.

    Args:
        stream: where to.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._last: object = None

    def say(self, line: str) -> None:
        """A line."""
        print(line, file=self._stream, flush=True)

    def moved(self, what: str, done: int, total: int) -> None:
        """A line for each tenth, the last one included."""
        tenth = _share(done, total) * _STEPS // 100
        if tenth and (what, tenth) != self._last:
            self._last = (what, tenth)
            self.say(f"{what}: {_share(done, total)} % of {size(total)}")

    def state(self, line: str) -> None:
        """A line if it is another one than before."""
        if line != self._last:
            self._last = line
            self.say(line)


class Bar:
    """One line that is drawn over and over; for a terminal.

    Args:
        stream: the terminal.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._open = False

    def say(self, line: str) -> None:
        """A line of its own, below what was drawn before."""
        self._end()
        print(line, file=self._stream, flush=True)

    def moved(self, what: str, done: int, total: int) -> None:
        """A bar."""
        text = f"{what} {_share(done, total):3} % of {size(total)}"
        width = max(shutil.get_terminal_size().columns - len(text) - 5, _NARROWEST)
        filled = _share(done, total) * width // 100
        self._draw(f"[{'#' * filled}{' ' * (width - filled)}] {text}")
        if done >= total:
            self._end()

    def state(self, line: str) -> None:
        """The line in place of the one before."""
        self._draw(line)

    def _draw(self, line: str) -> None:
        shown = line[: max(shutil.get_terminal_size().columns - 1, _NARROWEST)]
        print(f"\r\x1b[K{shown}", end="", file=self._stream, flush=True)
        self._open = True

    def _end(self) -> None:
        if self._open:
            print(file=self._stream, flush=True)
            self._open = False


def shown_on(stream: TextIO, *, quiet: bool) -> Progress:
    """What fits the stream."""
    if quiet:
        return Silence()
    return Bar(stream) if stream.isatty() else Lines(stream)


def size(count: int) -> str:
    """A number of bytes for a person: ``1.5 MiB``."""
    power = min(max(count.bit_length() - 1, 0) // 10, len(_UNITS) - 1)
    return f"{count / 1024**power:.1f} {_UNITS[power]}" if power else f"{count} bytes"


def _share(done: int, total: int) -> int:
    """Per cent; nothing at all is done at once."""
    return 100 if total <= 0 else min(done * 100 // total, 100)
