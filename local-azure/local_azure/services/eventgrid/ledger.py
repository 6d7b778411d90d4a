"""Writes down what came of deliveries: all that end within a few milliseconds in one commit.

A process that is killed before that delivers those again: at least once, as it is promised.
"""

import asyncio
import sqlite3

from local_azure.services.eventgrid.store import Deliveries, Entry

_TOGETHER = 0.005
"""Seconds of the machine that a commit waits for others; nobody waits for it but the next try."""


class Ledger:
    """What is known and not written yet.

    Args:
        deliveries: where it is written.
    """

    def __init__(self, deliveries: Deliveries) -> None:
        self._deliveries = deliveries
        self._entries: list[Entry] = []
        self._written: asyncio.Future[None] | None = None

    async def enter(self, entries: list[Entry]) -> None:
        """Return once they are written, all of them.

        Raises:
            sqlite3.Error: they can't be, and nothing was.
        """
        if self._written is None:
            loop = asyncio.get_running_loop()
            self._written = loop.create_future()
            loop.call_later(_TOGETHER, self.write)
        self._entries += entries
        await asyncio.shield(self._written)

    def write(self) -> None:
        """Write now what is waiting for it."""
        entries, self._entries = self._entries, []
        written, self._written = self._written, None
        if written is None:
            return
        try:
            self._deliveries.enter(entries)
        except sqlite3.Error as error:
            written.set_exception(error)
        else:
            written.set_result(None)
