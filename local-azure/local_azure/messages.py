"""The messages that were sent to event hubs, queues and topics, sealed at rest."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from local_azure.clock import iso

if TYPE_CHECKING:
    from local_azure.state import State

SCHEMA = """
CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT, entity TEXT NOT NULL, enqueued REAL NOT NULL,
    message_id TEXT, message BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS messages_by_entity ON messages (entity, message_id);
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
    """All messages, by the resource id of what holds them."""

    def __init__(self, state: State) -> None:
        self._state = state
        state.define(SCHEMA)

    def add(self, entity: str, message: Message, now: float, window: float = 0) -> None:
        """Keep a message.

        Args:
            entity: resource id of the event hub, queue or topic.
            message: what was sent.
            now: seconds since 1970.
            window: seconds within which a second message with its ``MessageId`` is dropped.
        """
        message_id = str(message.broker_properties.get("MessageId", ""))
        if window and message_id and self._known(entity, message_id, now - window):
            return
        with self._state.transaction():
            self._state.execute(
                "INSERT INTO messages (entity, enqueued, message_id, message) VALUES (?, ?, ?, ?)",
                entity.lower(),
                now,
                message_id,
                self._state.seal(asdict(message)),
            )
            self._state.prune("messages")

    def last(self, entity: str, limit: int) -> list[dict[str, Any]]:
        """The last messages of an entity, oldest first, each with ``enqueued`` and a number."""
        rows = self._state.rows(
            "SELECT * FROM messages WHERE entity = ? ORDER BY id DESC LIMIT ?",
            entity.lower(),
            limit,
        )
        return [
            {
                "sequence_number": row["id"],
                "enqueued": iso(datetime.fromtimestamp(row["enqueued"], UTC)),
                **self._state.open(row["message"]),
            }
            for row in reversed(rows)
        ]

    def forget(self, entity: str) -> None:
        """Remove an entity's messages."""
        self._state.execute("DELETE FROM messages WHERE entity = ?", entity.lower())

    def _known(self, entity: str, message_id: str, since: float) -> bool:
        return (
            self._state.row(
                "SELECT id FROM messages WHERE entity = ? AND message_id = ? AND enqueued >= ?",
                entity.lower(),
                message_id,
                since,
            )
            is not None
        )
