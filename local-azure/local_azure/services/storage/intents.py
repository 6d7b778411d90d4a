"""What is about to happen to watched blobs, kept until its event is raised.

A row is committed before Azurite is called and removed with the event's own transaction, so a
crash in between leaves a row from which the event is raised at the next start.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from local_azure.services.storage.events import Blob, Call

if TYPE_CHECKING:
    from local_azure.control_plane.state import State

SCHEMA = """
CREATE TABLE IF NOT EXISTS storage_intents (
    id INTEGER PRIMARY KEY, api TEXT NOT NULL, host TEXT NOT NULL, path TEXT NOT NULL,
    client_request_id TEXT NOT NULL, request_id TEXT NOT NULL, begun REAL NOT NULL,
    content_type TEXT, blob_type TEXT);
CREATE TABLE IF NOT EXISTS storage_sequencer (last INTEGER NOT NULL);
INSERT INTO storage_sequencer SELECT 0 WHERE NOT EXISTS (SELECT * FROM storage_sequencer);
"""


@dataclass(frozen=True)
class Intent:
    """A call whose end is not known yet.

    Attributes:
        id: number of the row.
        call: what is being done.
        begun: when, seconds since 1970 by the machine's clock: Azurite goes by it as well.
        deleted: what is being deleted.
    """

    id: int
    call: Call
    begun: float
    deleted: Blob | None = None


class Intents:
    """The calls whose end is not known yet, and the number of the last event."""

    def __init__(self, state: State) -> None:
        self._state = state
        state.define(SCHEMA)

    def add(self, call: Call, deleted: Blob | None) -> Intent:
        """Keep a call before it is made."""
        begun = time.time()
        row = self._state.rows(
            "INSERT INTO storage_intents (api, host, path, client_request_id, request_id, begun, "
            "content_type, blob_type) VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
            call.api,
            call.host,
            call.path,
            call.client_request_id,
            call.request_id,
            begun,
            deleted and deleted.content_type,
            deleted and deleted.blob_type,
        )[0]
        return Intent(row["id"], call, begun, deleted)

    def remove(self, intent: Intent) -> None:
        """Forget a call whose event was raised, or that did nothing."""
        self._state.execute("DELETE FROM storage_intents WHERE id = ?", intent.id)

    def left(self) -> list[Intent]:
        """What an earlier process did not bring to its end."""
        return [
            Intent(
                row["id"],
                Call(
                    row["api"],
                    row["host"],
                    row["path"],
                    row["client_request_id"],
                    row["request_id"],
                ),
                row["begun"],
                row["blob_type"] and Blob("", row["content_type"], 0, row["blob_type"]),
            )
            for row in self._state.rows("SELECT * FROM storage_intents ORDER BY id")
        ]

    def next_sequencer(self) -> int:
        """A number greater than every one before."""
        row = self._state.rows("UPDATE storage_sequencer SET last = last + 1 RETURNING last")[0]
        number: int = row["last"]
        return number
