"""The connections that somebody has authorised."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from local_azure.control_plane.state import State

SCHEMA = """
CREATE TABLE IF NOT EXISTS authorised_connections (connection TEXT PRIMARY KEY);
"""


class Authorised:
    """Which connections may be used."""

    def __init__(self, state: State) -> None:
        self._state = state
        state.define(SCHEMA)

    def add(self, connection: str) -> None:
        """Note that a person has signed in for a connection."""
        self._state.execute(
            "INSERT OR IGNORE INTO authorised_connections VALUES (?)", connection.lower()
        )

    def has(self, connection: str) -> bool:
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
