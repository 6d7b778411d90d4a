"""Pipeline runs as they are kept: what runs, in which state it is, and the journal of each run.

A run is committed before its caller is told of it. What it runs, with which parameters, why it
failed and the records of its activities hold secrets: they are sealed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from sqlite3 import Row
from typing import Any

from local_azure.control_plane.clock import Clock, iso_at, seconds
from local_azure.control_plane.metrics import Metrics
from local_azure.control_plane.state import State
from local_azure.services.datafactory.records import Record

QUEUED = "Queued"
IN_PROGRESS = "InProgress"
CANCELING = "Canceling"
SUCCEEDED = "Succeeded"
FAILED = "Failed"
CANCELLED = "Cancelled"
ENDS = (SUCCEEDED, FAILED, CANCELLED)
_GOING = (QUEUED, IN_PROGRESS, CANCELING)

SCHEMA = """
CREATE TABLE IF NOT EXISTS pipeline_runs (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, factory TEXT NOT NULL COLLATE NOCASE,
    pipeline TEXT NOT NULL COLLATE NOCASE, status TEXT NOT NULL, parent TEXT NOT NULL,
    family TEXT NOT NULL, invoked_by TEXT NOT NULL, created REAL NOT NULL,
    started REAL NOT NULL DEFAULT 0, ended REAL NOT NULL DEFAULT 0, updated REAL NOT NULL,
    message BLOB, work BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS pipeline_runs_by_status ON pipeline_runs (status);
CREATE INDEX IF NOT EXISTS pipeline_runs_by_parent ON pipeline_runs (parent);
CREATE INDEX IF NOT EXISTS pipeline_runs_by_time ON pipeline_runs (factory, updated);
CREATE TABLE IF NOT EXISTS pipeline_activities (
    run TEXT NOT NULL, key TEXT NOT NULL, record BLOB NOT NULL, PRIMARY KEY (run, key));
CREATE TRIGGER IF NOT EXISTS pipeline_activities_go_with_run AFTER DELETE ON pipeline_runs BEGIN
    DELETE FROM pipeline_activities WHERE run = old.id; END;
"""
# One that goes on may ask for those that it called, and theirs, or end them.
_ENDED = f"family NOT IN (SELECT family FROM pipeline_runs WHERE status IN {_GOING})"  # noqa: S608 ours


@dataclass(frozen=True)
class Work:
    """What a run does; it does not change with its pipeline.

    Attributes:
        properties: the pipeline's, in the exported form.
        parameters: each parameter's value.
        told: what ``pipeline()`` tells beside name, id and parameters.
    """

    properties: Mapping[str, Any]
    parameters: Mapping[str, Any]
    told: Mapping[str, Any]


@dataclass(frozen=True)
class Run:
    """A pipeline run.

    Attributes:
        id: GUID.
        factory: resource id of the factory.
        pipeline: the pipeline's name.
        opened: tells what it does, which is sealed and not opened before it is asked for.
        invoked_by: who started it, as a GET tells it.
        family: id of the first run of those that call each other, this one's own at first.
        parent: id of the run that called it, else empty.
        status: its state, in Data Factory's words.
        created: when it was asked for; this time and the others are seconds since 1970.
        started: when it left the queue; 0 before.
        ended: when it ended; 0 before.
        updated: when its state changed last.
        message: why it failed.
    """

    id: str
    factory: str
    pipeline: str
    opened: Callable[[], Work]
    invoked_by: Mapping[str, Any]
    family: str
    parent: str = ""
    status: str = QUEUED
    created: float = 0
    started: float = 0
    ended: float = 0
    updated: float = 0
    message: str = ""

    @cached_property
    def work(self) -> Work:
        """What it does."""
        return self.opened()


class Runs:
    """All runs of all factories."""

    def __init__(self, state: State, clock: Clock, metrics: Metrics) -> None:
        self._state = state
        self._clock = clock
        self._metrics = metrics
        state.define(SCHEMA)

    def add(self, run: Run) -> None:
        """Keep a new run, queued."""
        now = self._clock.timestamp()
        with self._state.transaction():
            number = self._state.insert(
                "INSERT INTO pipeline_runs (id, factory, pipeline, status, parent, family, "
                "invoked_by, created, updated, work) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                run.id,
                run.factory,
                run.pipeline,
                QUEUED,
                run.parent,
                run.family,
                json.dumps(run.invoked_by),
                now,
                now,
                self._state.seal(asdict(run.work)),
            )
            self._state.prune("pipeline_runs", number, _ENDED)

    def enter(self, run_id: str, status: str, message: str = "") -> None:
        """Note a run's new state."""
        now = self._clock.timestamp()
        column = {IN_PROGRESS: "started", **dict.fromkeys(ENDS, "ended")}.get(status, "updated")
        self._state.execute(
            f"UPDATE pipeline_runs SET status = ?, message = ?, {column} = ?, updated = ? "  # noqa: S608 a column's name
            "WHERE id = ?",
            status,
            self._state.seal(message),
            now,
            now,
            run_id,
        )
        if status in ENDS and (run := self.find(run_id)):
            self._metrics.count(run.factory, f"Pipeline{status}Runs", Name=run.pipeline)

    def find(self, run_id: str) -> Run | None:
        """The run with this id, or None."""
        return next(iter(self._select("id = ?", run_id.lower())), None)

    def unfinished(self) -> list[Run]:
        """The runs that have not ended, by creation."""
        return self._select("status IN (?, ?, ?) ORDER BY number", *_GOING)

    def queued(self, factory: str, pipeline: str) -> list[Run]:
        """The runs of a pipeline that wait for others of it, by creation."""
        where = "status = ? AND factory = ? AND pipeline = ? ORDER BY number"
        return self._select(where, QUEUED, factory, pipeline)

    def under_way(self, factory: str, pipeline: str) -> int:
        """How many runs of a pipeline go on."""
        where = "status IN (?, ?) AND factory = ? AND pipeline = ?"
        return len(self._select(where, IN_PROGRESS, CANCELING, factory, pipeline))

    def called_by(self, run_id: str) -> list[Run]:
        """The runs that a run called, by creation."""
        return self._select("parent = ? ORDER BY number", run_id)

    def changed_between(self, factory: str, after: float, before: float) -> list[Run]:
        """The runs of a factory whose state changed last within some time, the newest first."""
        where = "factory = ? AND updated BETWEEN ? AND ? ORDER BY number DESC"
        return self._select(where, factory, after, before)

    def latest(self, limit: int) -> list[Run]:
        """The newest runs of all factories, newest first."""
        return self._select("TRUE ORDER BY number DESC LIMIT ?", limit)

    def begun(self, limit: int, until: str, containing: str) -> list[tuple[str, str, str]]:
        """As ``tracing.query.History``: named by id and pipeline, caused by the run that called."""
        rows = self._state.rows(
            "SELECT created, id, parent FROM pipeline_runs WHERE created <= ? "
            "AND instr(lower(id || pipeline), lower(?)) ORDER BY number DESC LIMIT ?",
            *(seconds(until), containing, limit),
        )
        return [(iso_at(row[0]), row[1], row[2]) for row in rows]

    def forget(self, factory: str) -> None:
        """Remove all runs of a factory."""
        self._state.execute("DELETE FROM pipeline_runs WHERE factory = ?", factory)

    def activities(self, run_id: str) -> list[Record]:
        """What a run has done so far, by the beginning of each."""
        return sorted(self.journal(run_id).records(), key=lambda record: record.start)

    def journal(self, run_id: str) -> RunJournal:
        """The journal of a run."""
        return RunJournal(self._state, run_id)

    def _select(self, where: str, *values: Any) -> list[Run]:
        rows = self._state.rows(f"SELECT * FROM pipeline_runs WHERE {where}", *values)  # noqa: S608 of this class
        return [self._run(row) for row in rows]

    def _run(self, row: Row) -> Run:
        kept = set(row.keys()) - {"number", "work", "invoked_by", "message"}
        return Run(
            **{key: row[key] for key in kept},
            opened=lambda: Work(**self._state.open(row["work"])),
            invoked_by=json.loads(row["invoked_by"]),
            message=self._state.open(row["message"]) if row["message"] else "",
        )


class RunJournal:
    """What a run has done so far, sealed; see ``run.Journal``."""

    def __init__(self, state: State, run_id: str) -> None:
        self._state = state
        self._run = run_id

    def records(self) -> Iterator[Record]:
        """The last record of each attempt, in the order in which they were written."""
        rows = self._state.rows(
            "SELECT record FROM pipeline_activities WHERE run = ? ORDER BY rowid", self._run
        )
        return (Record.from_json(self._state.open(row["record"])) for row in rows)

    def note(self, record: Record) -> None:
        """Write down an attempt, as it begins and as it ended."""
        # Replacing gives a new row id: the order is that of the last writing.
        self._state.execute(
            "INSERT OR REPLACE INTO pipeline_activities VALUES (?, ?, ?)",
            self._run,
            record.key,
            self._state.seal(record.as_json()),
        )
