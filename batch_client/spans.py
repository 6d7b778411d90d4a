"""Steps on a file's way, and the sentence that they come to."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from batch_client.dead_letters import Letter


@dataclass(frozen=True)
class Span:
    """Something that happened, in the form in which the embedded Azure's traces tell it.

    Attributes:
        id: its own in the trace.
        parent: id of what caused it; empty where that is not known.
        kind: file, verdict, window, dead letter, workflow run, action, pipeline run, activity or
            job.
        name: for a person.
        state: in its service's own word.
        start: ISO 8601; empty where that is not told.
        end: likewise; empty while it goes on, too.
        reason: why it failed, or was refused; empty where it was not.
        attributes: what else is known.
    """

    id: str
    parent: str
    kind: str
    name: str
    state: str
    start: str = ""
    end: str = ""
    reason: str = ""
    attributes: dict[str, Any] = field(default_factory=dict)

    @property
    def line(self) -> str:
        """For a person."""
        when = f" ({self.start[:19]})" if self.start else ""
        return f"{self.kind} {self.name}: {self.state}{when}" + (
            f": {self.reason}" if self.reason else ""
        )


NO_BLOB_EVENTS = Span(
    "verdict",
    "file",
    "verdict",
    "blob events",
    "refused",
    reason="the stack has no blob events (blob_events.enabled), and no run has read it",
)
"""Of a file in a stack where no event starts a job."""


def moment(told: str) -> datetime:
    """A time (ISO 8601) of any service; one that says no zone is in UTC."""
    found = datetime.fromisoformat(told)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def sentences(spans: list[Span]) -> Iterator[str]:
    """What decides, the furthest first."""
    for kind in ("job", "pipeline run", "dead letter", "workflow run"):
        for each in [each for each in spans if each.kind == kind][:1]:
            yield f"The {kind} {each.name} is {each.state}" + (
                f": {each.reason}" if each.reason else "."
            )
    for each in spans:
        if each.kind == "window":
            why = f": {each.reason}" if each.reason else ", and no run of it is told"
            yield f"Nothing came of it: its window, {each.name}, is {each.state}{why}."
        if each.kind in {"file", "verdict"} and each.reason:
            yield f"Nothing came of it: {each.reason}."
    yield (
        "Nothing came of it: no run, no job and no dead letter. Either no event was raised (a "
        "flush that does not close a Data Lake's file raises none, nor does replication), or its "
        "deliveries fail and are tried again."
        + ("" if spans else " A file is asked for by its path, or with its extension.")
    )


def of_letter(letter: Letter) -> Span:
    """An event that was given up."""
    when, about = letter.when.isoformat(), {"attempts": letter.attempts, "blob": letter.blob}
    return Span(
        letter.blob, "", "dead letter", letter.id, "given up", when, when, letter.why, about
    )


def of_action(told: dict[str, Any], run: str, unfit: str) -> Span:
    """An action of a workflow's run, as Azure tells it, and what of its input did not fit."""
    properties = told["properties"]
    status, code = str(properties.get("status", "")), str(properties.get("code") or "")
    start, end = (str(properties.get(each) or "") for each in ("startTime", "endTime"))
    has_failed = status in {"Failed", "TimedOut"}
    why = str((properties.get("error") or {}).get("message") or code) if has_failed else ""
    why, name = f"{why} {unfit}".strip(), str(told["name"])
    return Span(f"{run}/{name}", run, "action", name, status, start, end, why, {"code": code})
