"""What happened and what left the embedded Azure, for a person to read.

Of traces each step stands below what caused it. They hold no secret, because the services'
histories hold none.
"""

import html
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from local_azure.tracing.model import Span, Trace

_SKIPPED = "Skipped"
_BELOW = {"attempt", "dead letter", "verdict", "job state", "mini-batches", "log", "predictions"}
"""Kinds that are told with what they belong to, or by ``--json`` alone."""


def lines(traces: Iterable[Trace]) -> Iterator[str]:
    """All of them, the newest last."""
    for trace in reversed([*traces]):
        yield from trace_lines(trace)


def trace_lines(trace: Trace, *kinds: str) -> Iterator[str]:
    """A trace; of these kinds alone, if any are named."""
    children = trace.children()

    def below(parent: str, depth: int) -> Iterator[str]:
        for span in children.get(parent, ()):
            shown = span.kind not in _BELOW and (not kinds or span.kind in kinds)
            if shown and span.state != _SKIPPED:
                indent = "  " * (depth if span.kind != "event" else 0)
                yield from (f"{indent}{line}" for line in _lines(span, children[span.id]))
            yield from below(span.id, depth + (shown and span.kind not in {"event", "delivery"}))

    return below("", 1)


def _lines(span: Span, below: list[Span]) -> Iterator[str]:
    about, why = span.attributes, f": {span.reason}" if span.reason else ""
    match span.kind:
        case "event":
            yield f"{_short(span.start)} {span.name} {about['subject']} (event {about['id']})"
            if not any(each.kind == "delivery" for each in below):
                yield "  no subscription wanted it"
            for each in below:
                if each.kind == "verdict":
                    yield f"  not to {each.name}: {each.reason}"
        case "delivery":
            yield f"to {span.name}: {_delivery(span, below)}"
        case "workflow run":
            answered = f", answered {about['answered']}" if about["answered"] else ""
            yield f"workflow run {span.id}: {span.state}{answered}"
        case "pipeline run":
            yield f"pipeline run {span.id} ({span.name}): {span.state}{why}"
        case "job":
            yield from _job_lines(span, below)
        case _:
            told = ", ".join(filter(None, [about.get("type"), _length(span)]))
            yield f"{span.name}: {span.state} ({told}){why}"


def _job_lines(job: Span, below: list[Span]) -> Iterator[str]:
    yield f"job {job.id}: {job.state}"
    yield "  " + " > ".join(each.state for each in below if each.kind == "job state")
    for each in below:
        if each.kind == "mini-batches" and each.attributes["failed"]:
            yield f"  {each.attributes['failed']} of {each.attributes['files']} files failed"
    if job.state == "Completed":
        yield f"  wrote {job.attributes['output']}"
    if job.reason:
        yield f"  {job.reason}; its logs are in {job.attributes['logs']}"


def _delivery(delivery: Span, tries: list[Span]) -> str:
    again = delivery.attributes["next"]
    tried = f"{delivery.state} after {delivery.attributes['attempts']} attempt(s)"
    outcome = next((each.state for each in reversed(tries) if each.kind == "attempt"), "")
    told = (tried, outcome, delivery.reason, again and f"next at {_short(again)}")
    return ", ".join(filter(None, told))


def _length(span: Span) -> str:
    if not span.end:
        return "in progress"
    started, ended = (datetime.fromisoformat(each) for each in (span.start, span.end))
    return f"{(ended - started).total_seconds() * 1000:.0f} ms"


def _short(time: str) -> str:
    return time[:19].replace("T", " ")


Entry = dict[str, Any]


def message_lines(told: Entry) -> Iterator[str]:
    """What was sent to one entity, with the properties of each message."""
    yield f"{told['id']}: {len(told['messages'])} message(s)"
    for message in told["messages"]:
        yield f"{_short(message['enqueued'])} {message['body']}"
        for kind in ("broker_properties", "user_properties"):
            for name, value in message.get(kind, {}).items():
                yield f"    {name}: {value}"


def mail_lines(told: Sequence[Entry]) -> Iterator[str]:
    """Mails as a person would read them: addresses of links, cells of tables, no markup."""
    for mail in told:
        yield f"{_short(mail['sent'])} to {', '.join(mail['To'])}: {_plain(mail['Subject'])}"
        links = re.sub(r'<a href="([^"]*)">(.*?)</a>', r"\2: \1", mail["Body"])
        rows = re.sub(r"</tr>|</p>", "\n", re.sub("</td><td>", ": ", links))
        for row in re.sub("<[^>]*>", "", rows).splitlines():
            yield f"    {_plain(html.unescape(row))}"


def dispatch_lines(told: Sequence[Entry]) -> Iterator[str]:
    """Dispatches with what each was given."""
    for each in told:
        yield f"{_short(each['asked'])} {each['repository']}: {_plain(each['event_type'])}"
        for name, value in each["client_payload"].items():
            yield f"    {_plain(name)}: {_plain(json.dumps(value))}"


def receiver_lines(told: Sequence[Entry]) -> Iterator[str]:
    """Receivers with how each answers."""
    for each in told:
        silent = "" if each["handshake"] else ", handshake in silence"
        yield f"{each['url']}: {each['status']}{silent}"


def connection_lines(told: Sequence[Entry]) -> Iterator[str]:
    """Connections, and whether each may be used."""
    for each in told:
        yield f"{each['name']}: {'authorised' if each['authorised'] else 'not authorised'}"


def fault_lines(told: Sequence[Entry]) -> Iterator[str]:
    """Faults, in the order in which they hit."""
    for each in told:
        late = f"{each['delay']:g} s late" if each["delay"] else ""
        status = f"answered {each['status']}" if each["status"] else ""
        drop = f"{each['drop']} dropped" if each["drop"] else ""
        what = ", ".join(filter(None, (late, status, drop)))
        yield f"{each['method']} {each['host']} {each['path']}: {what}, {each['times']} time(s)"


def _plain(text: str) -> str:
    """The text without what would steer a terminal."""
    return "".join(each if each.isprintable() else "�" for each in text)
