"""What a run writes down while it goes on, so that another process can take it up.

A run that is taken up goes through its pipeline from the beginning; each attempt at an activity
that has ended is taken from the journal and not made again, so that nothing is evaluated or sent
twice. What was in progress goes on as its type can (see ``ActivityType.resume``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

    from local_azure.services.datafactory.records import Record


class Journal(Protocol):
    """Keeps the records of one run, by ``Record.key``. Records hold secrets: seal them.

    Both methods that write return once what they were given will survive the process.
    """

    def records(self) -> Iterable[Record]:
        """The last of each key: those that have ended in the order in which they did."""

    def began(self, record: Record) -> None:
        """Note an attempt that is about to begin (InProgress, inputs evaluated)."""

    def ended(self, record: Record) -> None:
        """Note how an attempt ended; what was skipped ends without having begun."""


class Forgetful:
    """A journal for a run that ends with its process."""

    def records(self) -> Iterable[Record]:
        """Nothing."""
        return ()

    def began(self, record: Record) -> None:
        """Forget it."""

    def ended(self, record: Record) -> None:
        """Forget it."""
