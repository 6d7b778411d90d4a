"""What a person sees meanwhile, on standard error: a bar on a terminal, plain lines elsewhere."""

from typing import TextIO

_STEPS = 10
_UNITS = ("bytes", "KiB", "MiB", "GiB", "TiB")


class Progress:
    """Is told what goes on, and tells it to nobody."""

    def say(self, line: str) -> None:
        """Something happened."""

    def moved(self, what: str, done: int, total: int) -> None:
        """Some bytes of a transfer are done."""

    def state(self, line: str) -> None:
        """What is waited for looks like this now; said again and again."""


class Lines(Progress):
    """One line for each tenth of a transfer and for each change; for logs."""

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


def size(count: int) -> str:
    """A number of bytes for a person: ``1.5 MiB``."""
    power = min(max(count.bit_length() - 1, 0) // 10, len(_UNITS) - 1)
    return f"{count / 1024**power:.1f} {_UNITS[power]}" if power else f"{count} bytes"


def _share(done: int, total: int) -> int:
    """Per cent; nothing at all is done at once."""
    return 100 if total <= 0 else min(done * 100 // total, 100)
