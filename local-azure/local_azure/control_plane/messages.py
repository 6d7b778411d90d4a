"""What was sent to event hubs, queues, topics and others outside, sealed at rest."""

from dataclasses import asdict, dataclass, field
from typing import Any

from local_azure.control_plane.clock import iso_at
from local_azure.control_plane.state import State

SCHEMA = """
CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT, entity TEXT NOT NULL, enqueued REAL NOT NULL,
    message BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS messages_by_entity ON messages (entity);
"""


@dataclass(frozen=True)
class Message:
    """One message.

    Attributes:
        body: what was sent, as text.
        content_type: its media type.
        broker_properties: such as ``MessageId``, ``PartitionKey``, ``SessionId``.
        user_properties: what its sender added.
    """

    body: str
    content_type: str = ""
    broker_properties: dict[str, Any] = field(default_factory=dict)
    user_properties: dict[str, Any] = field(default_factory=dict)


class Messages:
    """All that was sent, by the resource id of what holds it or by another name of the holder."""

    def __init__(self, state: State) -> None:
        self._state = state
        state.define(SCHEMA)

    def add(self, entity: str, message: Message | dict[str, Any], now: float) -> None:
        """Keep what was sent.

        Args:
            entity: what holds it.
            message: a message, or another JSON object.
            now: seconds since 1970.
        """
        kept = asdict(message) if isinstance(message, Message) else message
        with self._state.transaction():
            number = self._state.insert(
                "INSERT INTO messages (entity, enqueued, message) VALUES (?, ?, ?)",
                entity.lower(),
                now,
                self._state.seal(kept),
            )
            self._state.prune("messages", number)

    def last(self, entity: str, limit: int, when: str = "enqueued") -> list[dict[str, Any]]:
        """The last of an entity, oldest first, with ``when`` each came; messages have a number."""
        rows = self._state.rows(
            "SELECT * FROM messages WHERE entity = ? ORDER BY id DESC LIMIT ?",
            entity.lower(),
            limit,
        )
        found = [(row, self._state.open(row["message"])) for row in reversed(rows)]
        return [
            {
                **({"sequence_number": row["id"]} if "broker_properties" in kept else {}),
                when: iso_at(row["enqueued"]),
                **kept,
            }
            for row, kept in found
        ]

    def forget(self, entity: str) -> None:
        """Remove an entity's messages."""
        self._state.execute("DELETE FROM messages WHERE entity = ?", entity.lower())
