"""What came of one file, as one tree of spans; the views (``show runs``, the page, OTLP) show it.

What is not a file's begins with a run or a job that nobody's event started.

The console tells them as JSON, newest first, secured inputs and outputs hidden::

    GET /traces?limit=20&containing=seven&state=failed&until=<started>
        {"changes": 7, "traces": [{"id", "file", "name", "event", "kind", "state", "attempts",
                                   "started", "ended", "reason"}]}
    GET /trace?id=<id of a row, an event, a run or a job>
        the same row with "spans": [{"id", "parent", "kind", "name", "state", "start", "end",
                                     "reason", "attributes"}]

``until`` is for the next page, which has the trace that began then once more; with ``spans=1``
each row has its spans. ``changes`` is another number after anything has been written; a list that
is asked for with ``unless=<changes>`` and would be the same has ``"traces": null``. Times are ISO
8601, UTC; ``end`` and ``ended`` are empty while something goes on. The spans are flat, each after
its parent; the ``parent`` of the first ones is empty. Kinds, with the attributes of each:

``event``           id, type, subject, url, topic, data
``verdict``         subscription: it did not get the event; the reason says which filter refused
``delivery``        subscription, attempts, next: to a subscription whose filter took the event
``attempt``         one delivery: state is the outcome, such as ``OK`` or ``Busy``; the reason says
                    what was answered, where that was no delivery
``dead letter``     one attempt to write it
``workflow run``    workflow (resource id), answered, trigger
``action``          type, place (in loops), code, inputs, outputs
``pipeline run``    pipeline, factory (resource id), parameters
``activity``        type, inputs, outputs, attempt
``job``             endpoint, deployment, input, output, tags, logs (folder on this machine)
``job state``       one state, until the next
``mini-batches``    files, done, failed (files), batches, batches_done, batches_failed
``step``            of a pipeline component's job
``log``             text, the last of it; only in ``/trace``
``predictions``     url, text, the first of it; only in ``/trace``
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

DONE, FAILED, UNDER_WAY, UNWANTED = "done", "failed", "under way", "unwanted"
"""The states of a trace."""

_FAILED = {"Failed", "TimedOut", "Aborted", "Cancelled", "Canceled", "dead-lettered", "dropped"}


@dataclass(frozen=True)
class Span:
    """Something that happened, or goes on.

    Attributes:
        id: its own in the trace.
        parent: id of what caused it; empty where nothing here did.
        kind: one of those above.
        name: for a person.
        state: in its service's own word.
        start: ISO 8601, UTC.
        end: likewise; empty while it goes on.
        reason: one sentence on why it failed, or was refused; empty where it was not.
        attributes: what else is known.
    """

    id: str
    parent: str
    kind: str
    name: str
    state: str
    start: str
    end: str = ""
    reason: str = ""
    attributes: dict[str, Any] = field(default_factory=dict)

    @property
    def has_failed(self) -> bool:
        """Whether it came to a bad end."""
        return self.state in _FAILED


@dataclass(frozen=True)
class Trace:
    """All that came of an event, or of what no event began.

    Attributes:
        id: of the event, the run or the job that it begins with.
        spans: each after its parent; the first one is what it begins with.
    """

    id: str
    spans: tuple[Span, ...]

    def of(self, *kinds: str) -> list[Span]:
        """The spans of these kinds."""
        return [each for each in self.spans if each.kind in kinds]

    @property
    def file(self) -> str:
        """URL of the file, or of the job's input; empty where there is none."""
        for each in self.spans:
            if found := each.attributes.get("url" if each.kind == "event" else "input"):
                return str(found) if isinstance(found, str) else ""
        return ""

    @property
    def state(self) -> str:
        """One of the four above."""
        ends = self._ends()
        if not all(each.end for each in ends):
            return UNDER_WAY
        if any(each.has_failed for each in ends):
            return FAILED
        return DONE if ends else UNWANTED

    @property
    def reason(self) -> str:
        """Why it failed, or is tried again, in one sentence; the one that lies deepest."""
        if self.state == UNWANTED:
            return "; ".join(f"{each.name}: {each.reason}" for each in self.of("verdict"))
        said = [each for each in self._ends() if each.reason and (each.has_failed or not each.end)]
        return self.reason_of(said[-1]) if said else ""

    def reason_of(self, span: Span) -> str:
        """Why it failed, with why the run did that refused a delivery: it knows a status alone."""
        runs = [each for each in self.of("workflow run") if each.parent.startswith(f"{span.id}/")]
        return ": ".join([span.reason, *(each.reason for each in runs[-1:] if each.reason)])

    @property
    def given_up(self) -> list[Span]:
        """The deliveries that failed and were not made again since, by Event Grid or by hand."""
        by_hand = max((run.start for run in self._by_hand() if not run.has_failed), default="")
        return [each for each in self._deliveries() if each.has_failed and by_hand < each.end]

    def row(self) -> dict[str, Any]:
        """What a list tells of it."""
        first, is_over = self.spans[0], self.state != UNDER_WAY
        tried = [each.attributes["attempts"] for each in self.of("delivery")]
        return {
            "id": self.id,
            "file": self.file,
            "name": self.file.rpartition("/")[2] or first.name,
            "event": self.id if first.kind == "event" else "",
            "kind": first.kind,
            "state": self.state,
            "attempts": max(tried, default=0),
            "started": min(each.start for each in self.spans if each.start),
            "ended": max(each.end for each in self.spans) if is_over else "",
            "reason": self.reason,
        }

    def as_json(self) -> dict[str, Any]:
        """The row, and the spans."""
        return {**self.row(), "spans": [asdict(each) for each in self.spans]}

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> Trace:
        """What ``as_json`` told."""
        return cls(told["id"], tuple(Span(**each) for each in told["spans"]))

    def children(self) -> dict[str, list[Span]]:
        """The spans by what caused them."""
        found: dict[str, list[Span]] = defaultdict(list)
        for each in self.spans:
            found[each.parent].append(each)
        return found

    def _ends(self) -> list[Span]:
        """Those that decide: a run whose answer was no delivery counts by the one that comes."""
        again = {each.id for each in self.of("attempt") if each.reason}
        again |= {each.id for each in self.of("event")}
        delivered = [each for each in self._deliveries() if not each.has_failed]
        runs = [each for each in self.of("workflow run") if each.parent not in again]
        runs += self._by_hand()
        jobs = _without_repeated(self.of("job"))
        return [*delivered, *self.given_up, *runs, *self.of("pipeline run"), *jobs]

    def _deliveries(self) -> Iterable[Span]:
        """The last one to each subscription: the event may have been sent again."""
        return {each.attributes["subscription"]: each for each in self.of("delivery")}.values()

    def _by_hand(self) -> Iterable[Span]:
        """The last run of each workflow that no delivery started: somebody sent it the event."""
        events = {each.id for each in self.of("event")}
        runs = [each for each in self.of("workflow run") if each.parent in events]
        return {each.attributes["workflow"]: each for each in runs}.values()


def _without_repeated(jobs: Iterable[Span]) -> list[Span]:
    """The jobs, but those that failed where another one of the same input did not."""
    told = list(jobs)
    fine = {each.attributes["input"] for each in told if each.end and not each.has_failed}
    return [each for each in told if not each.has_failed or each.attributes["input"] not in fine]
