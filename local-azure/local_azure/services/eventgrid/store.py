"""Published events and their deliveries, one for each subscription that wants the event."""

import json
from collections.abc import Iterable, Mapping, Sequence
from sqlite3 import Row
from typing import Any, NamedTuple

from local_azure.control_plane.clock import iso_at, seconds
from local_azure.control_plane.metrics import Metrics
from local_azure.control_plane.state import State
from local_azure.services.eventgrid import counting
from local_azure.services.eventgrid.schedule import (
    DEAD_LETTERED,
    DEAD_LETTERING,
    DELIVERED,
    DROPPED,
    WAITING,
    Delivery,
    Outcome,
    Step,
)

_LONGEST = 1000
"""Characters of a refusal that are kept."""
_MOST_FRESH = 1000
"""Deliveries that are remembered until they are tried first, so that they need not be read."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS events (
    id INTEGER PRIMARY KEY, source TEXT NOT NULL, published REAL NOT NULL, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS deliveries (
    id INTEGER PRIMARY KEY, event INTEGER NOT NULL, subscription TEXT NOT NULL,
    state TEXT NOT NULL, due REAL NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
    last_attempt REAL, outcome TEXT, reason TEXT);
CREATE TABLE IF NOT EXISTS refused_attempts (
    delivery INTEGER NOT NULL, state TEXT NOT NULL, ended REAL NOT NULL, outcome TEXT NOT NULL,
    detail TEXT NOT NULL, due REAL NOT NULL);
CREATE INDEX IF NOT EXISTS events_by_id ON events (json_extract(body, '$.id'));
CREATE INDEX IF NOT EXISTS deliveries_by_event ON deliveries (event);
CREATE INDEX IF NOT EXISTS refused_attempts_by_delivery ON refused_attempts (delivery);
CREATE INDEX IF NOT EXISTS deliveries_unfinished ON deliveries (due)
    WHERE state IN ('waiting', 'dead-lettering');
CREATE TRIGGER IF NOT EXISTS deliveries_go_with_event AFTER DELETE ON events BEGIN
    DELETE FROM deliveries WHERE event = old.id; END;
CREATE TRIGGER IF NOT EXISTS attempts_go_with_delivery AFTER DELETE ON deliveries BEGIN
    DELETE FROM refused_attempts WHERE delivery = old.id; END;
"""
_ENDED = "id NOT IN (SELECT event FROM deliveries WHERE state IN ('waiting', 'dead-lettering'))"


class Entry(NamedTuple):
    """What is kept of a delivery once it is known what comes next.

    Attributes:
        delivery: as it was.
        step: what comes next.
        outcome: of the attempt, or of writing the dead letter, that decided it, if one did; the
            last refusal stands.
        now: the outcome's time, seconds since 1970.
    """

    delivery: Delivery
    step: Step
    outcome: Outcome | None
    now: float


class Deliveries:
    """The tables of events and deliveries."""

    def __init__(self, state: State, metrics: Metrics) -> None:
        self._state = state
        self._metrics = metrics
        self._fresh: dict[int, Delivery] = state.memory()
        state.define(SCHEMA)

    def take(
        self, source: str, event: Mapping[str, Any], wanting: Iterable[str], now: float
    ) -> list[int]:
        """Keep an event, and that it is due at subscriptions; the deliveries' numbers."""
        body = json.dumps(event, separators=(",", ":"))
        with self._state.transaction():
            number = self._state.insert(
                "INSERT INTO events (source, published, body) VALUES (?, ?, ?)", source, now, body
            )
            self._state.prune("events", number, _ENDED)
            return [self._add(number, each, now, body) for each in wanting]

    def _add(self, event: int, subscription: str, now: float, body: str) -> int:
        number = self._state.insert(
            "INSERT INTO deliveries (event, subscription, state, due) VALUES (?, ?, ?, ?)",
            *(event, subscription, WAITING, now),
        )
        if len(self._fresh) < _MOST_FRESH:
            what = (number, subscription, WAITING, 0, None, None, None)
            self._fresh[number] = Delivery(*what, now, body)
        return number

    def unfinished(self, numbers: Iterable[int]) -> dict[int, Delivery]:
        """Deliveries with their events, by number; without those that have come to their end."""
        wanted = [*numbers]
        found = {each: self._fresh.pop(each) for each in wanted if each in self._fresh}
        return found | self._read([each for each in wanted if each not in found])

    def _read(self, numbers: list[int]) -> dict[int, Delivery]:
        if not numbers:
            return {}
        rows = self._state.rows(
            "SELECT deliveries.id, subscription, state, attempts, last_attempt, outcome, reason, "
            "published, body FROM deliveries JOIN events ON events.id = event "
            "WHERE deliveries.id IN (SELECT value FROM json_each(?)) "
            "AND state IN ('waiting', 'dead-lettering')",
            json.dumps(numbers),
        )
        return {row["id"]: Delivery(*row) for row in rows}

    def all_unfinished(self) -> list[tuple[float, int, str]]:
        """When, number and subscription of every delivery that has not come to its end."""
        rows = self._state.rows(
            "SELECT due, id, subscription FROM deliveries "
            "WHERE state IN ('waiting', 'dead-lettering') ORDER BY due, id"
        )
        return [(row["due"], row["id"], row["subscription"]) for row in rows]

    def enter(self, entries: Sequence[Entry]) -> None:
        """Keep what comes next for deliveries, for all of them or for none."""
        steps, refused = [], []
        for each in entries:
            tried = each.outcome if each.delivery.state == WAITING else None
            steps.append(_step(each, tried))
            if each.outcome and each.step.state not in {DELIVERED, DEAD_LETTERED}:
                refused.append(_refused(each, each.outcome))
        with self._state.transaction():
            self._state.each(
                "UPDATE deliveries SET state = ?, due = ?, reason = coalesce(?, reason), "
                "attempts = attempts + ?, last_attempt = coalesce(?, last_attempt), "
                "outcome = coalesce(?, outcome) WHERE id = ?",
                steps,
            )
            self._state.each("INSERT INTO refused_attempts VALUES (?, ?, ?, ?, ?, ?)", refused)
            for each in entries:
                counting.delivery(self._metrics, each.delivery, each.step, each.outcome)

    def history(self, limit: int) -> list[dict[str, Any]]:
        """The last events, newest first, each with its deliveries."""
        return self._events("TRUE ORDER BY id DESC LIMIT ?", limit)

    def begun(self, limit: int, until: str, containing: str) -> list[tuple[str, str, str]]:
        """When the newest events were published, their ids, and nothing; newest first.

        Args:
            limit: how many.
            until: only those that were published then or earlier, ISO 8601.
            containing: only those that have this anywhere in their JSON, in any case.
        """
        rows = self._state.rows(
            "SELECT published, json_extract(body, '$.id') FROM events WHERE published <= ? "
            "AND instr(lower(body), lower(?)) ORDER BY id DESC LIMIT ?",
            *(seconds(until), containing, limit),
        )
        return [(_time(published) or "", str(key), "") for published, key in rows]

    def given_up(self, limit: int) -> list[str]:
        """Ids of the last events of which a delivery was given up, newest first.

        An event that was taken in again since is not one of them.
        """
        rows = self._state.rows(
            "SELECT json_extract(body, '$.id') AS key FROM events AS given WHERE id IN "
            "(SELECT event FROM deliveries WHERE state IN (?, ?)) AND id = (SELECT max(id) FROM "
            "events WHERE json_extract(body, '$.id') = json_extract(given.body, '$.id')) "
            "ORDER BY id DESC LIMIT ?",
            *(DEAD_LETTERED, DROPPED, limit),
        )
        return [row["key"] for row in rows]

    def of(self, event: str) -> list[dict[str, Any]]:
        """The events of this id, oldest first: several where somebody sent one again."""
        return self._events("json_extract(body, '$.id') = ? ORDER BY id", event)

    def _events(self, which: str, *values: Any) -> list[dict[str, Any]]:
        rows = self._state.rows(f"SELECT * FROM events WHERE {which}", *values)  # noqa: S608 our own words
        return [self._told(row) for row in rows]

    def _told(self, row: Row) -> dict[str, Any]:
        deliveries = self._state.rows(
            "SELECT * FROM deliveries WHERE event = ? ORDER BY id", row["id"]
        )
        return {
            "published": _time(row["published"]),
            "source": row["source"],
            "event": json.loads(row["body"]),
            "deliveries": [self._delivery(each, row["published"]) for each in deliveries],
        }

    def _delivery(self, row: Row, published: float) -> dict[str, Any]:
        refused = self._state.rows(
            "SELECT * FROM refused_attempts WHERE delivery = ? ORDER BY rowid", row["id"]
        )
        last = {each["state"]: each["detail"] or None for each in refused}
        unfinished = row["state"] in {WAITING, DEAD_LETTERING}
        return {
            "subscription": row["subscription"],
            "state": row["state"],
            "attempts": row["attempts"],
            "last_attempt": _time(row["last_attempt"]),
            "outcome": row["outcome"],
            "detail": None if row["state"] == DELIVERED else last.get(WAITING),
            "reason": row["reason"],
            # Once written, an earlier refusal is no longer of interest.
            "refusal": None if row["state"] == DEAD_LETTERED else last.get(DEAD_LETTERING),
            "next": _time(row["due"]) if unfinished else None,
            "ended": None if unfinished else _time(row["due"]),
            "tries": _tries(row, refused, published),
        }


def _step(entry: Entry, tried: Outcome | None) -> tuple[Any, ...]:
    step = entry.step
    what = (step.state, step.due, step.reason)
    return (
        *what,
        int(tried is not None),
        tried and entry.now,
        tried and tried.word,
        entry.delivery.id,
    )


def _refused(entry: Entry, outcome: Outcome) -> tuple[Any, ...]:
    what = (entry.delivery.id, entry.delivery.state, entry.now, outcome.word)
    return (*what, outcome.detail[:_LONGEST], entry.step.due)


def _tries(row: Row, refused: list[Row], published: float) -> list[dict[str, Any]]:
    """Each attempt to deliver, then each to write the dead letter, from when it was due."""
    ends: list[Any] = [(*tuple(each)[1:], "refused") for each in refused]
    if row["state"] == DELIVERED:
        ends.append((WAITING, row["due"], row["outcome"], "", None, "delivered"))
    if row["state"] == DEAD_LETTERED:
        ends.append((DEAD_LETTERING, row["due"], "", "", None, "written"))
    starts = [published, *(due for *_, due, _ in ends)]
    return [
        {
            "of": "delivery" if state == WAITING else "dead letter",
            "state": came,
            "start": _time(start),
            "end": _time(end),
            "outcome": outcome,
            "detail": detail,
        }
        for start, (state, end, outcome, detail, _, came) in zip(starts, ends, strict=False)
    ]


def _time(moment: float | None) -> str | None:
    return None if moment is None else iso_at(moment)
