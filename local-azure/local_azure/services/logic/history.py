"""The run history: what every run did, without what its definition hides.

A run is written when it starts and again, with its actions, when it ends: two commits.
"""

import json
from dataclasses import dataclass
from sqlite3 import Row
from typing import Any

from local_azure.control_plane.clock import END_OF_TIME
from local_azure.control_plane.metrics import Metrics
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.control_plane.state import State
from local_azure.runs.content import header
from local_azure.services.logic.execution import RunResult
from local_azure.services.logic.records import Record, Status
from local_azure.services.logic.run import Run
from local_azure.services.logic.secure import MARKER, Hidden

_EVENT = (
    "coalesce(json_extract(trigger, '$.outputs.body[0].id'), "
    "json_extract(trigger, '$.outputs.body.id'))"
)
"""Id of the event that started a run; SQLite uses the index for these very words alone."""

SCHEMA = f"""
CREATE TABLE IF NOT EXISTS workflow_runs (
    id TEXT PRIMARY KEY, workflow TEXT NOT NULL, status TEXT NOT NULL, started TEXT NOT NULL,
    ended TEXT NOT NULL, trigger TEXT NOT NULL, response TEXT NOT NULL, error TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS workflow_actions (
    run TEXT NOT NULL, position INTEGER NOT NULL, place TEXT NOT NULL, name TEXT NOT NULL,
    type TEXT NOT NULL, status TEXT NOT NULL, code TEXT NOT NULL, started TEXT NOT NULL,
    ended TEXT NOT NULL, inputs TEXT NOT NULL, outputs TEXT NOT NULL, error TEXT NOT NULL,
    PRIMARY KEY (run, position)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS workflow_runs_by_event ON workflow_runs ({_EVENT});
CREATE TRIGGER IF NOT EXISTS workflow_actions_go_with_run AFTER DELETE ON workflow_runs BEGIN
    DELETE FROM workflow_actions WHERE run = old.id; END;
"""  # noqa: S608 our own words


@dataclass(frozen=True)
class Asked:
    """Which runs of a workflow are asked for.

    Attributes:
        limit: how many.
        skipped: how many of the newest are left out.
        since: that started then or later, in the form in which runs tell their times.
        until: that started then or earlier.
        status: that have this one; empty for any.
    """

    limit: int
    skipped: int = 0
    since: str = ""
    until: str = END_OF_TIME
    status: str = ""


class History:
    """All runs of all workflows."""

    def __init__(self, state: State, metrics: Metrics) -> None:
        self._state = state
        self._metrics = metrics
        state.define(SCHEMA)

    def abort_unfinished(self, now: str) -> int:
        """Mark the runs that an earlier process left; how many there were."""
        error = {"code": "WorkflowRunAborted", "message": "The process that ran it has ended."}
        return self._state.execute(
            "UPDATE workflow_runs SET status = ?, ended = ?, error = ? WHERE status = ?",
            Status.ABORTED,
            now,
            json.dumps(error),
            Status.RUNNING,
        )

    def begin(self, run: Run, workflow: Resource) -> None:
        """Write that a run has started."""
        hidden = run.definition.trigger_hidden.outputs
        outputs = MARKER if hidden else run.trigger.outcome.outputs
        headers = (run.trigger.outcome.outputs or {}).get("headers", {})
        trigger = {
            "name": run.trigger.name,
            "outputs": outputs,
            "client": header(headers, "x-ms-client-tracking-id") or run.id,
            "version": workflow.properties["version"],
        }
        with self._state.transaction():
            number = self._state.insert(
                "INSERT INTO workflow_runs VALUES (?, ?, ?, ?, '', ?, 'null', 'null')",
                run.id,
                workflow.id,
                Status.RUNNING,
                run.started,
                json.dumps(trigger),
            )
            self._state.prune("workflow_runs", number, f"status <> '{Status.RUNNING}'")
            self._metrics.count(workflow.id, "RunsStarted")

    def end(self, run: Run, result: RunResult, workflow: Resource) -> None:
        """Write how a run ended, and what each of its actions did."""
        hidden = run.definition.hidden
        with self._state.transaction():
            for position, (place, record) in enumerate(result.actions):
                self._write(run.id, position, place, record, hidden[record.name])
            self._state.execute(
                "UPDATE workflow_runs SET status = ?, ended = ?, response = ?, error = ? "
                "WHERE id = ?",
                result.status,
                run.time(),
                json.dumps(result.response and result.response.status),
                json.dumps(_run_error(run, result)),
                run.id,
            )
            self._metrics.count(workflow.id, "RunsCompleted")
            self._metrics.count(workflow.id, f"Runs{result.status}")

    def latest(self, limit: int) -> list[dict[str, Any]]:
        """The runs that started last, newest first, each with its actions in order."""
        rows = self._state.rows("SELECT * FROM workflow_runs ORDER BY rowid DESC LIMIT ?", limit)
        return [self._run(row) for row in rows]

    def begun(self, limit: int, until: str, containing: str) -> list[tuple[str, str, str]]:
        """As ``tracing.query.History``: named by id and trigger, caused by an event."""
        rows = self._state.rows(
            f"SELECT started, id, coalesce({_EVENT}, '') FROM workflow_runs WHERE started <= ? "  # noqa: S608 our own words
            "AND instr(lower(id || workflow || trigger), lower(?)) ORDER BY rowid DESC LIMIT ?",
            *(until, containing, limit),
        )
        return [(started, key, str(event)) for started, key, event in rows]

    def of(self, key: str) -> list[dict[str, Any]]:
        """The run of this id, and those that an event of this id started; oldest first.

        Of a batch of events it is the first.
        """
        rows = self._state.rows(
            f"SELECT * FROM workflow_runs WHERE id = ? OR {_EVENT} = ? ORDER BY rowid",  # noqa: S608 our own words
            key,
            key,
        )
        return [self._run(row) for row in rows]

    def of_workflow(self, workflow: str, asked: Asked) -> list[dict[str, Any]]:
        """The latest runs of one workflow (resource id), newest first."""
        rows = self._state.rows(
            "SELECT * FROM workflow_runs WHERE workflow = ? COLLATE NOCASE "
            "AND started BETWEEN ? AND ? AND ? IN ('', status) "
            "ORDER BY rowid DESC LIMIT ? OFFSET ?",
            workflow,
            asked.since,
            asked.until,
            asked.status,
            asked.limit,
            asked.skipped,
        )
        return [self._run(row) for row in rows]

    def find(self, workflow: str, run: str) -> dict[str, Any] | None:
        """One run of a workflow (resource id), or None."""
        row = self._state.row(
            "SELECT * FROM workflow_runs WHERE workflow = ? COLLATE NOCASE AND id = ?",
            workflow,
            run,
        )
        return self._run(row) if row else None

    def _run(self, row: Row) -> dict[str, Any]:
        actions = self._state.rows(
            "SELECT * FROM workflow_actions WHERE run = ? ORDER BY position", row["id"]
        )
        trigger = {"client": row["id"], "version": "", **json.loads(row["trigger"])}
        return {
            "run": row["id"],
            "workflow": row["workflow"],
            "status": row["status"],
            "started": row["started"],
            "ended": row["ended"],
            "trigger": trigger,
            "response_status": json.loads(row["response"]),
            "error": json.loads(row["error"]),
            "actions": [_action(action) for action in actions],
        }

    def _write(self, run: str, position: int, place: str, record: Record, hidden: Hidden) -> None:
        outcome = record.outcome
        self._state.execute(
            "INSERT INTO workflow_actions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            run,
            position,
            place,
            record.name,
            record.type,
            outcome.status,
            outcome.code,
            record.start,
            record.end,
            _shown(record.inputs, hidden=hidden.inputs),
            _shown(outcome.outputs, hidden=hidden.outputs),
            json.dumps(_error(outcome.error, hidden)),
        )


def _run_error(run: Run, result: RunResult) -> dict[str, Any] | None:
    # What a Terminate action says becomes the run's error.
    for _, record in result.actions:
        if record.type == "Terminate" and run.definition.hidden[record.name].inputs:
            return result.error and {"code": MARKER, "message": MARKER}
    return result.error


def _shown(value: Any, *, hidden: bool) -> str:
    return json.dumps(MARKER if hidden and value is not None else value)


def _error(error: dict[str, Any] | None, hidden: Hidden) -> dict[str, Any] | None:
    # A message may quote the value that it is about.
    if error is None or hidden == Hidden():
        return error
    return {**error, "message": MARKER}


def _action(row: Row) -> dict[str, Any]:
    values = {key: json.loads(row[key]) for key in ("inputs", "outputs", "error")}
    columns = ("name", "type", "place", "status", "code", "started", "ended")
    return {key: row[key] for key in columns} | values
