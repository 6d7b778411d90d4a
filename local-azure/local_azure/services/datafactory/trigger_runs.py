"""The runs of triggers as they are kept: a window, and the pipeline run that works on it."""

from __future__ import annotations

from dataclasses import astuple, dataclass, replace
from typing import TYPE_CHECKING

from local_azure.services.datafactory.windows import Window

if TYPE_CHECKING:
    from sqlite3 import Row

    from local_azure.control_plane.clock import Clock
    from local_azure.control_plane.state import State

IN_PROGRESS, SUCCEEDED, FAILED = "Running", "Succeeded", "Failed"
CANCELLED = "Cancelled"

SCHEMA = """
CREATE TABLE IF NOT EXISTS trigger_runs (
    id TEXT PRIMARY KEY, trigger TEXT NOT NULL COLLATE NOCASE, start REAL NOT NULL,
    "end" REAL NOT NULL, pipeline TEXT NOT NULL, pipeline_run TEXT NOT NULL, family TEXT NOT NULL,
    fired REAL NOT NULL, attempt INTEGER NOT NULL, status TEXT NOT NULL, due REAL NOT NULL,
    message TEXT NOT NULL, updated REAL NOT NULL);
CREATE INDEX IF NOT EXISTS trigger_runs_by_trigger ON trigger_runs (trigger, "end");
"""


@dataclass(frozen=True)
class TriggerRun:
    """A window that is or was worked on; times are seconds since 1970.

    Attributes:
        id: its own.
        trigger: resource id of the trigger.
        start: of the window.
        end: of the window.
        pipeline: the pipeline's name.
        pipeline_run: id of the latest run of the pipeline.
        family: id of the first one.
        fired: when that began.
        attempt: which run of the pipeline it is, from 1.
        status: how it ended, or that it has not.
        due: when the pipeline is run again; 0 where it is not waited for.
        message: why it failed.
        updated: when any of this changed last.
    """

    id: str
    trigger: str
    start: float
    end: float
    pipeline: str
    pipeline_run: str
    family: str
    fired: float
    attempt: int = 1
    status: str = IN_PROGRESS
    due: float = 0
    message: str = ""
    updated: float = 0

    @property
    def window(self) -> Window:
        """The window."""
        return Window(self.start, self.end)

    @property
    def name(self) -> str:
        """The trigger's name."""
        return self.trigger.rpartition("/")[2]


class TriggerRuns:
    """The runs of all triggers."""

    def __init__(self, state: State, clock: Clock) -> None:
        self._state = state
        self._clock = clock
        state.define(SCHEMA)

    def keep(self, run: TriggerRun) -> TriggerRun:
        """Write a run down as it is now."""
        kept = replace(run, updated=self._clock.timestamp())
        marks = ", ".join("?" for _ in astuple(kept))
        self._state.execute(f"INSERT OR REPLACE INTO trigger_runs VALUES ({marks})", *astuple(kept))  # noqa: S608 question marks
        return kept

    def find(self, run_id: str) -> TriggerRun | None:
        """The run with this id, or None."""
        row = self._state.row("SELECT * FROM trigger_runs WHERE id = ?", run_id)
        return _run(row) if row else None

    def going(self, trigger: str) -> list[TriggerRun]:
        """The windows of a trigger that are worked on, or wait for the next attempt."""
        rows = self._state.rows(
            'SELECT * FROM trigger_runs WHERE trigger = ? AND status = ? ORDER BY "end"',
            trigger,
            IN_PROGRESS,
        )
        return [_run(row) for row in rows]

    def last_end(self, trigger: str) -> float | None:
        """When the latest window ends that was worked on; None where none was."""
        row = self._state.row(
            'SELECT max("end") AS last FROM trigger_runs WHERE trigger = ?', trigger
        )
        return row["last"] if row else None

    def trigger_of(self, pipeline_run: str) -> str | None:
        """The trigger (resource id) that started a pipeline run, or None."""
        row = self._state.row(
            "SELECT trigger FROM trigger_runs WHERE pipeline_run = ?", pipeline_run
        )
        return row["trigger"] if row else None

    def changed_between(self, factory: str, after: float, before: float) -> list[TriggerRun]:
        """The runs of a factory's triggers that changed last within some time, oldest first."""
        prefix = f"{factory}/triggers/"
        rows = self._state.rows(
            "SELECT * FROM trigger_runs WHERE substr(trigger, 1, ?) = ? COLLATE NOCASE "
            'AND updated BETWEEN ? AND ? ORDER BY "end", rowid',
            len(prefix),
            prefix,
            after,
            before,
        )
        return [_run(row) for row in rows]

    def forget(self, trigger: str) -> None:
        """Remove the runs of a trigger, or of all below a factory."""
        self._state.execute(
            "DELETE FROM trigger_runs "
            "WHERE trigger = ? OR substr(trigger, 1, ?) = ? COLLATE NOCASE",
            trigger,
            len(trigger) + 1,
            f"{trigger}/",
        )


def _run(row: Row) -> TriggerRun:
    return TriggerRun(**{key: row[key] for key in row.keys()})  # noqa: SIM118 a Row's iteration gives values
