"""Jobs as they are kept: what was asked for, the state each is in, and when it entered each state.

States are azure-ai-ml's; ``Preparing`` is the first one recorded, in answers to ``POST``. A job is
committed before its caller is answered; one that a process left unfinished starts again from
``Queued``.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from local_azure.control_plane.clock import Clock, iso
from local_azure.control_plane.state import State
from local_azure.services.machinelearning.errors import JobExistsError
from local_azure.services.machinelearning.invocation import Invocation
from local_azure.services.machinelearning.scoring import Outcome

QUEUED = "Queued"
PREPARING = "Preparing"
RUNNING = "Running"
FINALIZING = "Finalizing"
COMPLETED = "Completed"
FAILED = "Failed"
CANCELED = "Canceled"
ENDS = (COMPLETED, FAILED, CANCELED)
_COUNTED = ("files", "done", "failed", "batches", "batches_done", "batches_failed")
"""Of an outcome."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS batch_jobs (
    number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE COLLATE NOCASE, endpoint TEXT NOT NULL,
    deployment TEXT NOT NULL, compute TEXT NOT NULL, nodes INTEGER NOT NULL, caller TEXT NOT NULL,
    request_id TEXT, invocation TEXT NOT NULL, status TEXT NOT NULL, states TEXT NOT NULL,
    error TEXT NOT NULL DEFAULT '');
CREATE TABLE IF NOT EXISTS batch_progress (job TEXT PRIMARY KEY, outcome TEXT NOT NULL);
CREATE TRIGGER IF NOT EXISTS batch_progress_goes_with_job AFTER DELETE ON batch_jobs BEGIN
    DELETE FROM batch_progress WHERE job = old.name; END;
CREATE INDEX IF NOT EXISTS batch_jobs_by_status ON batch_jobs (status);
CREATE INDEX IF NOT EXISTS batch_jobs_by_request ON batch_jobs (request_id);
"""


@dataclass(frozen=True)
class Job:
    """A batch job.

    Attributes:
        name: unique among all jobs here.
        endpoint: resource id.
        deployment: resource id.
        compute: resource id of the cluster.
        nodes: how many of its nodes the job takes.
        caller: object id of who invoked; the job reads its input as this principal.
        request_id: the header ``repeatability_request-id``, recorded and nothing else.
        invocation: what was asked for.
        status: the present state.
        states: each state that was entered and when (ISO 8601 UTC), in order.
        error: why it failed.
    """

    name: str
    endpoint: str
    deployment: str
    compute: str
    nodes: int
    caller: str
    request_id: str | None
    invocation: Invocation
    status: str = PREPARING
    states: tuple[tuple[str, str], ...] = ()
    error: str = ""


class Jobs:
    """All jobs of all endpoints.

    Args:
        state: keeps them.
        clock: the time.
        changed: told of every job in its new state, in the transaction that keeps it.
    """

    def __init__(self, state: State, clock: Clock, changed: Callable[[Job], None]) -> None:
        self._state = state
        self._clock = clock
        self._changed = changed
        state.define(SCHEMA)

    def add(self, job: Job) -> Job:
        """Keep a new job.

        Raises:
            JobExistsError: its name is taken.
        """
        with self._state.transaction():
            if self.find(job.name):
                raise JobExistsError(job.name)
            states = [(PREPARING, iso(self._clock.now()))]
            number = self._state.insert(
                "INSERT INTO batch_jobs (name, endpoint, deployment, compute, nodes, caller, "
                "request_id, invocation, status, states) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                job.name,
                job.endpoint,
                job.deployment,
                job.compute,
                job.nodes,
                job.caller,
                job.request_id,
                job.invocation.to_json(),
                PREPARING,
                json.dumps(states),
            )
            self._state.prune("batch_jobs", number, f"status IN {ENDS}")
            added = self.get(job.name)
            self._changed(added)
        return added

    def find(self, name: str) -> Job | None:
        """The job of this name, or None."""
        return next(iter(self._select("name = ?", name)), None)

    def get(self, name: str) -> Job:
        """The job of this name, which exists.

        Raises:
            KeyError: it does not.
        """
        job = self.find(name)
        if job is None:
            raise KeyError(name)
        return job

    def enter(self, name: str, status: str, error: str = "") -> Job:
        """Let a job enter a state; one that has ended stays as it is."""
        job = self.get(name)
        if job.status in ENDS:
            return job
        states = [*job.states, (status, iso(self._clock.now()))]
        with self._state.transaction():
            self._state.execute(
                "UPDATE batch_jobs SET status = ?, states = ?, error = ? WHERE name = ?",
                status,
                json.dumps(states),
                error,
                name,
            )
            entered = self.get(name)
            if status != job.status:
                self._changed(entered)
        return entered

    def progress(self, name: str, outcome: Outcome) -> None:
        """Keep how far a job's scoring is."""
        told = {each: getattr(outcome, each) for each in _COUNTED}
        self._state.execute(
            "INSERT OR REPLACE INTO batch_progress VALUES (?, ?)", name, json.dumps(told)
        )

    def scored(self, name: str) -> dict[str, int] | None:
        """How far it is: files and mini-batches, done and failed; None where it has not begun."""
        row = self._state.row("SELECT outcome FROM batch_progress WHERE job = ?", name)
        return json.loads(row["outcome"]) if row else None

    def unfinished(self) -> list[Job]:
        """Jobs that have not ended, oldest first."""
        return self._select("status NOT IN (?, ?, ?) ORDER BY number", *ENDS)

    def names(self) -> list[str]:
        """The names of all jobs."""
        return [row["name"] for row in self._state.rows("SELECT name FROM batch_jobs")]

    def latest(self, limit: int, within: str = "", skipped: int = 0) -> list[Job]:
        """The newest jobs, newest first; of an endpoint or a workspace, if its id is given."""
        prefix = f"{within.lower()}/" if within else ""
        where = "instr(lower(endpoint) || '/', ?) = 1 ORDER BY number DESC LIMIT ? OFFSET ?"
        return self._select(where, prefix, limit, skipped)

    def begun(self, limit: int, until: str, containing: str) -> list[tuple[str, str, str]]:
        """As ``tracing.query.History``: named by name and invocation, caused by a request."""
        rows = self._state.rows(
            "SELECT json_extract(states, '$[0][1]') AS made, name, coalesce(request_id, '') "
            "FROM batch_jobs WHERE made <= ? AND instr(lower(name || invocation), lower(?)) "
            "ORDER BY number DESC LIMIT ?",
            *(until, containing, limit),
        )
        return [(made, name, request) for made, name, request in rows]

    def of(self, key: str) -> list[Job]:
        """The job of this name, and those that a request of this id asked for; oldest first."""
        return self._select("name = ? OR request_id = ? ORDER BY number", key, key)

    def _select(self, where: str, *values: Any) -> list[Job]:
        rows = self._state.rows(f"SELECT * FROM batch_jobs WHERE {where}", *values)  # noqa: S608 of this class
        return [_job(dict(row)) for row in rows]


def _job(row: dict[str, Any]) -> Job:
    del row["number"]
    asked = Invocation.from_json(row.pop("invocation"))
    states = tuple((state, time) for state, time in json.loads(row.pop("states")))
    return Job(**row, invocation=asked, states=states)
