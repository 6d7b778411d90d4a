"""The steps of pipelines' jobs, as a person sees them: what runs, what ended, and how."""

from typing import Any

from local_azure.control_plane.clock import Clock, iso
from local_azure.control_plane.state import State
from local_azure.services.machinelearning.jobs import RUNNING

SCHEMA = """
CREATE TABLE IF NOT EXISTS batch_steps (
    job TEXT NOT NULL, name TEXT NOT NULL, status TEXT NOT NULL, started TEXT NOT NULL,
    ended TEXT, error TEXT NOT NULL DEFAULT '', PRIMARY KEY (job, name));
CREATE TRIGGER IF NOT EXISTS batch_steps_go_with_job AFTER DELETE ON batch_jobs BEGIN
    DELETE FROM batch_steps WHERE job = old.name; END;
"""


class Steps:
    """The steps of all jobs."""

    def __init__(self, state: State, clock: Clock) -> None:
        self._state = state
        self._clock = clock
        state.define(SCHEMA)

    def begin(self, job: str, name: str) -> None:
        """Keep that a step runs; one that an earlier process began begins anew."""
        self._state.execute(
            "INSERT OR REPLACE INTO batch_steps (job, name, status, started) VALUES (?, ?, ?, ?)",
            job,
            name,
            RUNNING,
            iso(self._clock.now()),
        )

    def end(self, job: str, name: str, status: str, error: str = "") -> None:
        """Keep how a step ended."""
        self._state.execute(
            "UPDATE batch_steps SET status = ?, ended = ?, error = ? WHERE job = ? AND name = ?",
            status,
            iso(self._clock.now()),
            error,
            job,
            name,
        )

    def names(self) -> list[tuple[str, str]]:
        """Job and name of every step."""
        rows = self._state.rows("SELECT job, name FROM batch_steps")
        return [(row["job"], row["name"]) for row in rows]

    def of(self, job: str) -> list[dict[str, Any]]:
        """A job's steps, in the order in which they began."""
        rows = self._state.rows(
            "SELECT name, status, started, ended, error FROM batch_steps WHERE job = ? "
            "ORDER BY rowid",
            job,
        )
        return [dict(row) for row in rows]
