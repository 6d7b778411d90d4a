"""The one query: which traces there are, and one of them whole, gathered from each service."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from local_azure.control_plane.clock import END_OF_TIME
from local_azure.errors import LocalAzureError
from local_azure.tracing import spans
from local_azure.tracing.model import Span, Trace

Entry = dict[str, Any]

_MOST = 1000
"""Ids and names of one trace that are followed."""


class History(Protocol):
    """What a service tells of its own entries."""

    def begun(self, limit: int, until: str, containing: str) -> list[tuple[str, str, str]]:
        """When the newest began, their ids, and the id of what caused each; newest first.

        Args:
            limit: how many.
            until: only those that began then or earlier, ISO 8601.
            containing: only those that have this in what names them, in any case.
        """

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


_PAGE = 100


class NoTraceError(LocalAzureError):
    """Nothing here is known by an id."""


@dataclass(frozen=True)
class Wanted:
    """Which traces are looked for.

    Attributes:
        limit: how many.
        containing: a part of the file's URL, of the subject, or of the id of event, run or job, in
            any case.
        state: as of a trace; empty for any.
        until: only those that began then or earlier, ISO 8601.
        since: only those that began then or later.
    """

    limit: int = 20
    containing: str = ""
    state: str = ""
    until: str = END_OF_TIME
    since: str = ""

    def takes(self, trace: Trace) -> bool:
        """Whether a trace is one of them."""
        ids = " ".join(each.id for each in trace.of("workflow run", "pipeline run", "job"))
        about = f"{trace.file} {trace.id} {trace.spans[0].attributes.get('subject')} {ids}".lower()
        is_named = self.containing.lower() in about and trace.spans[0].start >= self.since
        return is_named and self.state in {"", trace.state}


class Traces:
    """All traces.

    Args:
        sources: who tells of events, runs and jobs.
    """

    def __init__(self, sources: Sources) -> None:
        self._sources = sources

    async def latest(self, wanted: Wanted) -> list[Trace]:
        """The traces that are looked for, newest first."""
        found: dict[str, Trace] = {}
        least = min(wanted.limit, _PAGE)
        until, size = wanted.until, least
        while until and until >= wanted.since and len(found) < wanted.limit:
            page, further = await self._page(until, size, wanted.containing)
            found |= {each.id: each for each in page if wanted.takes(each)}
            # Where all of a page began at one moment, more of them may have.
            size = size * 2 if further == until else least
            until = further
        return list(found.values())[: wanted.limit]

    async def of_events(self, ids: Iterable[str]) -> list[Trace]:
        """What came of the events of these ids, in their order."""
        return [each async for each in self._begun((key, "") for key in ids)]

    async def one(self, key: str) -> Trace:
        """The trace of an event, a run or a job, with what its jobs left.

        Raises:
            NoTraceError: nothing is known by this id.
        """
        asked = next((each["request_id"] for each in self._sources.jobs.of(key)), "")
        begun = asked if asked and self._sources.events.of(asked) else key
        trace = Gathered(self._sources, begun).trace()
        if trace is None:
            message = f"{key!r}: accepted is the id of an event, of a run or of a job that there is"
            raise NoTraceError(message)
        more: list[Span] = []
        for job in trace.of("job"):
            more += spans.left_by(job, await self._sources.jobs.left(job.name))
        return Trace(trace.id, (*trace.spans, *more))

    async def _page(self, until: str, size: int, containing: str) -> tuple[list[Trace], str]:
        """Some of the newest, and until when the next ones began; empty for no more."""
        asked = self._sources
        # As the services keep it: in JSON.
        which = (size, until, json.dumps(containing)[1:-1])
        told = [
            each.begun(*which)
            for each in (asked.events, asked.workflow_runs, asked.pipeline_runs, asked.jobs)
        ]
        # What began as late as the last of a full list, or earlier, comes with the next page.
        further = max((each[-1][0] for each in told if len(each) == size), default="")
        keys = [(key, cause) for each in told for time, key, cause in each if time > further]
        found = [each async for each in self._begun(keys)]
        return sorted(found, key=lambda trace: trace.spans[0].start, reverse=True), further

    async def _begun(self, keys: Iterable[tuple[str, str]]) -> AsyncIterator[Trace]:
        """The traces that begin with these, but with those that are in another one."""
        seen: set[str] = set()
        for key, cause in keys:
            await asyncio.sleep(0)  # others are served between two traces
            if key in seen or cause in seen or (cause and self._sources.pipeline_runs.of(cause)):
                continue
            begun = cause if cause and self._sources.events.of(cause) else key
            gathered = Gathered(self._sources, begun)
            seen |= {begun, *gathered.ids}
            if trace := gathered.trace():
                yield trace
