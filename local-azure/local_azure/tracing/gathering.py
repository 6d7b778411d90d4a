"""Everything that one event, run or job led to, from service to service."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from local_azure.tracing import spans
from local_azure.tracing.model import Trace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from local_azure.tracing.model import Span

    Entry = dict[str, Any]

_MOST = 1000
"""Ids and names of one trace that are followed."""


class History(Protocol):
    """What a service tells of its own entries."""

    def begun(self, limit: int, until: str, containing: str) -> list[tuple[str, str, str]]:
        """When the newest began, their ids, and the id of what caused each; newest first."""

    def of(self, key: str) -> list[Entry]:
        """Those that have this id, and those that something of this id caused; oldest first."""


class Jobs(History, Protocol):
    """What the service of jobs tells beside."""

    async def left(self, job: str) -> Entry:
        """``logs``, texts by name, and ``predictions``: ``url`` and ``text``, or nothing."""


@dataclass(frozen=True)
class Sources:
    """Who tells; all are asked alike."""

    events: History
    workflow_runs: History
    pipeline_runs: History
    jobs: Jobs


class Gathered:
    """What is known by an id, and by the ids and names in it, and so on.

    Args:
        sources: who tells.
        begun: the id.
    """

    def __init__(self, sources: Sources, begun: str) -> None:
        self._sources = sources
        self._begun = begun
        self._spans: list[Span] = []
        self._causes: dict[str, str] = {}
        self._keys = [begun]
        self._events = sources.events.of(begun)
        self.ids: set[str] = set()
        for number, event in enumerate(self._events):
            self._spans += spans.of_event(event, number)
        for key in self._keys:  # which grows
            self._follow(key)

    def trace(self) -> Trace | None:
        """All of it; None where nothing is known by the id."""
        return Trace(self._begun, tuple(self._spans)) if self._spans else None

    def _follow(self, key: str) -> None:
        asked = self._sources
        for run in self._new(asked.workflow_runs.of(key), "run"):
            cause = self._causes.get(run["run"]) or spans.attempt_of(run, self._spans)
            self._add(spans.of_workflow_run(run, cause))
        for run in self._new(asked.pipeline_runs.of(key), "runId"):
            caller = self._causes.get(str(run["invokedBy"].get("id")), "")
            self._add(spans.of_pipeline_run(run, self._causes.get(run["runId"], caller)))
        for job in self._new(asked.jobs.of(key), "name"):
            event = self._spans[0].id if self._events else ""
            self._add(spans.of_job(job, self._causes.get(job["name"], event)))

    def _new(self, told: list[Entry], key: str) -> Iterator[Entry]:
        for each in told:
            if each[key] not in self.ids:
                self.ids.add(each[key])
                self._mention(each[key])
                yield each

    def _add(self, found: Iterable[Span]) -> None:
        for each in found:
            self._spans.append(each)
            if each.kind in {"action", "activity"}:
                for name in spans.named(each.attributes["outputs"]):
                    self._causes.setdefault(name, each.id)
                    self._mention(name)
                self._causes.setdefault(each.attributes.get("id") or each.id, each.id)

    def _mention(self, name: str) -> None:
        if name not in self._keys and len(self._keys) < _MOST:
            self._keys.append(name)
