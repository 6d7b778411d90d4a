"""E-mails that were sent, sealed at rest, and the connections that somebody has authorised."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from local_azure.clock import iso

if TYPE_CHECKING:
    from local_azure.state import State

SCHEMA = """
CREATE TABLE IF NOT EXISTS mails (
    id INTEGER PRIMARY KEY AUTOINCREMENT, sent REAL NOT NULL, mail BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS authorised_connections (connection TEXT PRIMARY KEY);
"""


class Mails:
    """All e-mails, and whose connections may send some."""

    def __init__(self, state: State) -> None:
        self._state = state
        state.define(SCHEMA)

    def add(self, mail: dict[str, Any], now: float) -> None:
        """Keep an e-mail that was sent at a time, in seconds since 1970."""
        sealed = self._state.seal(mail)
        with self._state.transaction():
            self._state.execute("INSERT INTO mails (sent, mail) VALUES (?, ?)", now, sealed)
            self._state.prune("mails")

    def last(self, limit: int) -> list[dict[str, Any]]:
        """The last e-mails, oldest first, each with ``sent``."""
        rows = self._state.rows("SELECT * FROM mails ORDER BY id DESC LIMIT ?", limit)
        return [
            {
                "sent": iso(datetime.fromtimestamp(row["sent"], UTC)),
                **self._state.open(row["mail"]),
            }
            for row in reversed(rows)
        ]

    def authorise(self, connection: str) -> None:
        """Note that a person has signed in for a connection."""
        self._state.execute(
            "INSERT OR IGNORE INTO authorised_connections VALUES (?)", connection.lower()
        )

    def is_authorised(self, connection: str) -> bool:
        """Whether a person has."""
        found = self._state.row(
            "SELECT 1 FROM authorised_connections WHERE connection = ?", connection.lower()
        )
        return found is not None

    def forget(self, connection: str) -> None:
        """Forget that."""
        self._state.execute(
            "DELETE FROM authorised_connections WHERE connection = ?", connection.lower()
        )
