"""Tumbling windows: which come next, when each is due, and those that were worked on, as kept.

Windows follow each other from the trigger's start without a gap, past ones too; a window is due
once it is over and the delay as well.
Source: D:data-factory/how-to-create-tumbling-window-trigger.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import astuple, dataclass, replace
from typing import Any, NamedTuple

from local_azure.control_plane.clock import Clock
from local_azure.control_plane.state import State
from local_azure.services.datafactory.activities.conversion import seconds
from local_azure.services.datafactory.resources.trigger import moment, window_seconds

_RETRY_INTERVAL = 30
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


class Window(NamedTuple):
    """A window, in seconds since 1970; its end belongs to the next one."""

    start: float
    end: float


class Schedule(NamedTuple):
    """A trigger's windows, in seconds since 1970.

    Attributes:
        start: of the first window.
        length: of each.
        end: none ends later.
        delay: how long after a window's end it is due.
        concurrency: how many windows are worked on at once.
        retries: how often the pipeline of a window that failed is run again.
        interval: how long after the failure.
    """

    start: float
    length: float
    end: float
    delay: float
    concurrency: int
    retries: int
    interval: float

    @classmethod
    def of(cls, properties: Mapping[str, Any]) -> Schedule:
        """From a trigger's properties, as they were put."""
        last, retry = properties.get("endTime"), properties.get("retryPolicy") or {}
        return cls(
            moment(properties["startTime"]).timestamp(),
            window_seconds(dict(properties)),
            moment(last).timestamp() if last else math.inf,
            seconds(properties.get("delay") or "00:00:00"),
            int(properties["maxConcurrency"]),
            int(retry.get("count") or 0),
            float(retry.get("intervalInSeconds") or _RETRY_INTERVAL),
        )

    def following(self, last: float | None) -> Window | None:
        """The window after the one that ends then, the first where there was none."""
        start = self.start if last is None else last
        window = Window(start, start + self.length)
        return window if window.end <= self.end else None

    def due(self, window: Window) -> float:
        """When a window is worked on, if there is room."""
        return window.end + self.delay


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
        return next(iter(self._select("id = ?", run_id)), None)

    def going(self, trigger: str) -> list[TriggerRun]:
        """The windows of a trigger that are worked on, or wait for the next attempt."""
        return self._select('trigger = ? AND status = ? ORDER BY "end"', trigger, IN_PROGRESS)

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
        where = "substr(trigger, 1, ?) = ? COLLATE NOCASE AND updated BETWEEN ? AND ?"
        order = 'ORDER BY "end", rowid'
        return self._select(f"{where} {order}", len(prefix), prefix, after, before)

    def forget(self, trigger: str) -> None:
        """Remove the runs of a trigger, or of all below a factory."""
        self._state.execute(
            "DELETE FROM trigger_runs "
            "WHERE trigger = ? OR substr(trigger, 1, ?) = ? COLLATE NOCASE",
            trigger,
            len(trigger) + 1,
            f"{trigger}/",
        )

    def _select(self, where: str, *values: Any) -> list[TriggerRun]:
        rows = self._state.rows(f"SELECT * FROM trigger_runs WHERE {where}", *values)  # noqa: S608 of this class
        return [TriggerRun(*row) for row in rows]
