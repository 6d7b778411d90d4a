"""Published events and their deliveries, one for each subscription that wants the event."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from local_azure.control_plane.clock import iso
from local_azure.services.eventgrid.schedule import (
    DEAD_LETTERED,
    DEAD_LETTERING,
    DELIVERED,
    WAITING,
    Delivery,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from sqlite3 import Row

    from local_azure.control_plane.state import State
    from local_azure.services.eventgrid.destinations.destination import Outcome
    from local_azure.services.eventgrid.schedule import Step

_LONGEST = 1000
"""Characters of a refusal that are kept."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS events (
    id INTEGER PRIMARY KEY, source TEXT NOT NULL, published REAL NOT NULL, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS deliveries (
    id INTEGER PRIMARY KEY, event INTEGER NOT NULL, subscription TEXT NOT NULL,
    state TEXT NOT NULL, due REAL NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
    last_attempt REAL, outcome TEXT, reason TEXT);
CREATE TABLE IF NOT EXISTS dead_letter_refusals (
    delivery INTEGER PRIMARY KEY, refusal TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS delivery_refusals (
    delivery INTEGER PRIMARY KEY, refusal TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS deliveries_by_event ON deliveries (event);
CREATE INDEX IF NOT EXISTS deliveries_unfinished ON deliveries (due)
    WHERE state IN ('waiting', 'dead-lettering');
CREATE TRIGGER IF NOT EXISTS deliveries_go_with_event AFTER DELETE ON events BEGIN
    DELETE FROM deliveries WHERE event = old.id; END;
CREATE TRIGGER IF NOT EXISTS refusals_go_with_delivery AFTER DELETE ON deliveries BEGIN
    DELETE FROM dead_letter_refusals WHERE delivery = old.id;
    DELETE FROM delivery_refusals WHERE delivery = old.id; END;
"""
_ENDED = "id NOT IN (SELECT event FROM deliveries WHERE state IN ('waiting', 'dead-lettering'))"


class Deliveries:
    """The tables of events and deliveries."""

    def __init__(self, state: State) -> None:
        self._state = state
        state.define(SCHEMA)

    def add_event(self, source: str, event: Mapping[str, Any], now: float) -> int:
        """Keep an event; its number."""
        with self._state.transaction():
            number = self._insert(
                "INSERT INTO events (source, published, body) VALUES (?, ?, ?) RETURNING id",
                source,
                now,
                json.dumps(event, separators=(",", ":")),
            )
            self._state.prune("events", _ENDED)
        return number

    def add(self, event: int, subscription: str, now: float) -> int:
        """Keep that an event is due at a subscription; the delivery's number."""
        return self._insert(
            "INSERT INTO deliveries (event, subscription, state, due) VALUES (?, ?, ?, ?) "
            "RETURNING id",
            event,
            subscription,
            WAITING,
            now,
        )

    def unfinished(self, delivery: int) -> Delivery | None:
        """A delivery with its event, or None where none with this number has still to end."""
        row = self._state.row(
            "SELECT deliveries.id, subscription, state, attempts, last_attempt, outcome, reason, "
            "published, body FROM deliveries JOIN events ON events.id = event "
            "WHERE deliveries.id = ? AND state IN ('waiting', 'dead-lettering')",
            delivery,
        )
        return Delivery(*row) if row else None

    def all_unfinished(self) -> list[tuple[float, int, str]]:
        """When, number and subscription of every delivery that has not come to its end."""
        rows = self._state.rows(
            "SELECT due, id, subscription FROM deliveries "
            "WHERE state IN ('waiting', 'dead-lettering') ORDER BY due, id"
        )
        return [(row["due"], row["id"], row["subscription"]) for row in rows]

    def enter(
        self, deliveries: Sequence[Delivery], step: Step, outcome: Outcome | None, now: float
    ) -> None:
        """Keep what comes next for deliveries of one state, for all of them or for none.

        Args:
            deliveries: as they were; at least one.
            step: what comes next.
            outcome: of the attempt, or of writing the dead letter, that decided it, if one did;
                the last refusal stands.
            now: the outcome's time, seconds since 1970.
        """
        ids = json.dumps([each.id for each in deliveries])
        tried = outcome if deliveries[0].state == WAITING else None
        with self._state.transaction():
            self._state.execute(
                "UPDATE deliveries SET state = ?, due = ?, reason = coalesce(?, reason), "
                "attempts = attempts + ?, last_attempt = coalesce(?, last_attempt), "
                "outcome = coalesce(?, outcome) WHERE id IN (SELECT value FROM json_each(?))",
                step.state,
                step.due,
                step.reason,
                int(tried is not None),
                now if tried else None,
                tried and tried.word,
                ids,
            )
            if outcome and step.state not in {DELIVERED, DEAD_LETTERED}:
                self._state.execute(
                    f"INSERT OR REPLACE INTO {'delivery' if tried else 'dead_letter'}_refusals "  # noqa: S608 our own names
                    "SELECT value, ? FROM json_each(?)",
                    outcome.detail[:_LONGEST],
                    ids,
                )

    def history(self, limit: int) -> list[dict[str, Any]]:
        """The last events, newest first, each with its deliveries."""
        events = self._state.rows("SELECT * FROM events ORDER BY id DESC LIMIT ?", limit)
        return [self._told(row) for row in events]

    def _told(self, row: Row) -> dict[str, Any]:
        deliveries = self._state.rows(
            "SELECT deliveries.*, letters.refusal AS refusal, tries.refusal AS detail "
            "FROM deliveries LEFT JOIN dead_letter_refusals letters ON letters.delivery = id "
            "LEFT JOIN delivery_refusals tries ON tries.delivery = id WHERE event = ? ORDER BY id",
            row["id"],
        )
        return {
            "published": _time(row["published"]),
            "event": json.loads(row["body"]),
            "deliveries": [_delivery(each) for each in deliveries],
        }

    def _insert(self, sql: str, *values: Any) -> int:
        number: int = self._state.rows(sql, *values)[0]["id"]
        return number


def _delivery(row: Row) -> dict[str, Any]:
    unfinished = row["state"] in {WAITING, DEAD_LETTERING}
    return {
        "subscription": row["subscription"],
        "state": row["state"],
        "attempts": row["attempts"],
        "last_attempt": _time(row["last_attempt"]),
        "outcome": row["outcome"],
        "detail": None if row["state"] == DELIVERED else row["detail"] or None,
        "reason": row["reason"],
        # Once written, an earlier refusal is no longer of interest.
        "refusal": None if row["state"] == DEAD_LETTERED else row["refusal"],
        "next": _time(row["due"]) if unfinished else None,
    }


def _time(moment: float | None) -> str | None:
    return None if moment is None else iso(datetime.fromtimestamp(moment, UTC))
