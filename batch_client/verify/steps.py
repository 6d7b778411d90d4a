"""The steps of a verification: each is named, timed, and says where it stopped."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from batch_client.errors import ClientError
from batch_client.progress import Progress
from batch_client.waiting import Clock


class StoppedError(ClientError):
    """A step did not come to its end."""

    def __init__(self, part: str, cause: ClientError) -> None:
        self.part = part
        self.exit = cause.exit
        super().__init__(f"It stops at: {part}. {cause}")


@dataclass
class Step:
    """One step.

    Attributes:
        part: what is looked at.
        seconds: how long it took; None while it goes on.
        found: what was seen, for a person.
    """

    part: str
    seconds: float | None = None
    found: str = ""


@dataclass
class Steps:
    """All steps so far."""

    progress: Progress
    clock: Clock
    done: list[Step] = field(default_factory=list)

    @contextmanager
    def step(self, part: str) -> Iterator[Step]:
        """Time what is done inside the block.

        Raises:
            StoppedError: it failed; names the part.
        """
        step = Step(part)
        self.done.append(step)
        start = self.clock.now()
        try:
            yield step
        except ClientError as error:
            self._say(step, self.clock.now() - start, "STOPS")
            raise StoppedError(part, error) from error
        step.seconds = self.clock.now() - start
        self._say(step, step.seconds, "ok")

    def document(self) -> list[dict[str, Any]]:
        """For scripts; the seconds of the step that stopped are null."""
        return [{"part": s.part, "seconds": s.seconds, "found": s.found} for s in self.done]

    def _say(self, step: Step, seconds: float, how: str) -> None:
        found = f": {step.found}" if step.found else ""
        number = len(self.done)
        self.progress.say(f"{number:2}. {how:5} {seconds:6.1f} s  {step.part}{found}")
