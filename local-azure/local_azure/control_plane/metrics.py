"""What happened to resources, counted by the minute, as Azure Monitor keeps it.

Services count; ``services/insights`` tells and compares. Every sample is a 1: what is measured
otherwise, such as a latency, is not kept.
"""

import json
from collections.abc import Mapping
from typing import NamedTuple

from local_azure.control_plane.clock import Clock
from local_azure.control_plane.state import State

SCHEMA = """
CREATE TABLE IF NOT EXISTS metrics (
    resource TEXT NOT NULL, name TEXT NOT NULL, minute INTEGER NOT NULL, dimensions TEXT NOT NULL,
    total INTEGER NOT NULL, PRIMARY KEY (resource, name, minute, dimensions)) WITHOUT ROWID;
"""
_KEPT_DAYS = 93
"""D:azure-monitor/essentials/data-platform-metrics."""


class Counted(NamedTuple):
    """How often something happened within a minute.

    Attributes:
        time: when the minute began, seconds since 1970.
        dimensions: what is told of it, by name.
        total: how often.
    """

    time: int
    dimensions: Mapping[str, str]
    total: int


class Metrics:
    """All metrics of all resources.

    Args:
        state: keeps them.
        clock: the time.
    """

    def __init__(self, state: State, clock: Clock) -> None:
        self._state = state
        self._clock = clock
        state.define(SCHEMA)
        oldest = clock.timestamp() - _KEPT_DAYS * 24 * 3600
        state.execute("DELETE FROM metrics WHERE minute < ?", int(oldest))

    def count(self, resource_id: str, name: str, **dimensions: str | None) -> None:
        """Something happened to a resource now; in the caller's transaction if there is one."""
        told = {key: value for key, value in dimensions.items() if value is not None}
        self._state.execute(
            "INSERT INTO metrics VALUES (?, ?, ?, ?, 1) "
            "ON CONFLICT (resource, name, minute, dimensions) DO UPDATE SET total = total + 1",
            resource_id.lower(),
            name,
            int(self._clock.timestamp() // 60 * 60),
            json.dumps(told, sort_keys=True),
        )

    def between(self, resource_id: str, name: str, since: float, until: float) -> list[Counted]:
        """What was counted from the minute of one time on, in those that began before another."""
        rows = self._state.rows(
            "SELECT minute, dimensions, total FROM metrics "
            "WHERE resource = ? AND name = ? AND minute >= ? AND minute < ? ORDER BY minute",
            resource_id.lower(),
            name,
            since // 60 * 60,
            until,
        )
        return [Counted(row["minute"], json.loads(row["dimensions"]), row["total"]) for row in rows]
