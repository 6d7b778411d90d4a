"""The dispatches that were asked for, sealed at rest; tokens are never kept."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from local_azure.clock import iso

if TYPE_CHECKING:
    from local_azure.state import State

SCHEMA = """
CREATE TABLE IF NOT EXISTS repository_dispatches (
    id INTEGER PRIMARY KEY AUTOINCREMENT, asked REAL NOT NULL, dispatch BLOB NOT NULL);
"""


class Dispatches:
    """All dispatches."""

    def __init__(self, state: State) -> None:
        self._state = state
        state.define(SCHEMA)

    def add(self, dispatch: dict[str, Any], now: float) -> None:
        """Keep a dispatch that was asked for at a time, in seconds since 1970."""
        sealed = self._state.seal(dispatch)
        with self._state.transaction():
            self._state.execute(
                "INSERT INTO repository_dispatches (asked, dispatch) VALUES (?, ?)", now, sealed
            )
            self._state.prune("repository_dispatches")

    def last(self, limit: int) -> list[dict[str, Any]]:
        """The last dispatches, oldest first, each with ``asked``."""
        rows = self._state.rows(
            "SELECT * FROM repository_dispatches ORDER BY id DESC LIMIT ?", limit
        )
        return [
            {
                "asked": iso(datetime.fromtimestamp(row["asked"], UTC)),
                **self._state.open(row["dispatch"]),
            }
            for row in reversed(rows)
        ]
