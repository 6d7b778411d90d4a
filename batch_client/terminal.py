"""What a person sees on a terminal: rate and time left of what moves, and since when one waits."""

from collections.abc import Callable
from typing import TextIO

from rich import progress
from rich.console import Console

from batch_client.progress import Progress


class Bar(Progress):
    """One line that is drawn over and over."""

    def __init__(self, stream: TextIO) -> None:
        self._console = Console(file=stream)
        self._shown: progress.Progress | None = None
        self._what = ""

    def say(self, line: str) -> None:
        """A line of its own, below what was drawn before."""
        self.close()
        self._console.print(line, markup=False, soft_wrap=True)

    def moved(self, what: str, done: int, total: int) -> None:
        """A bar."""
        self._draw(what, _moving, what, done, total)
        if done >= total:
            self.close()

    def state(self, line: str) -> None:
        """The line in place of the one before."""
        self._draw("", _waiting, line)

    def close(self) -> None:
        """Leave what was drawn last as it is."""
        if self._shown:
            self._shown.stop()
            self._shown = None

    def _draw(
        self,
        what: str,
        columns: Callable[[], tuple[progress.ProgressColumn, ...]],
        line: str,
        done: int = 0,
        total: int | None = None,
    ) -> None:
        if self._shown is None or what != self._what:
            self.close()
            text = progress.TextColumn("{task.description}", markup=False)
            self._shown = progress.Progress(text, *columns(), console=self._console)
            self._shown.add_task(line, total=total)
            self._shown.start()
            self._what = what
        self._shown.update(progress.TaskID(0), description=line, completed=done)


def _moving() -> tuple[progress.ProgressColumn, ...]:
    return (
        progress.BarColumn(),
        progress.DownloadColumn(binary_units=True),
        progress.TransferSpeedColumn(),
        progress.TimeRemainingColumn(),
    )


def _waiting() -> tuple[progress.ProgressColumn, ...]:
    return progress.SpinnerColumn(), progress.TimeElapsedColumn()
