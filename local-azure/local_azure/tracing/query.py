"""The one query: which traces there are, and one of them whole."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from local_azure.control_plane.clock import END_OF_TIME
from local_azure.errors import LocalAzureError
from local_azure.tracing import spans
from local_azure.tracing.gathering import Gathered
from local_azure.tracing.model import Trace

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

    from local_azure.tracing.gathering import Sources
    from local_azure.tracing.model import Span

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
