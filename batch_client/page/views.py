"""What each view of the page shows."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import count
from typing import Any
from urllib.parse import quote, urlencode

from batch_client import windows
from batch_client.dead_letters import hidden
from batch_client.page.elements import Inside, element, state, table, tone
from batch_client.page.recent import Row
from batch_client.page.waterfall import Bar, bars, duration
from batch_client.spans import Span, moment

ROWS = 50
_STEPS = 300
"""Of one file; a pipeline that waits for days has thousands."""
_LONGEST = 4000
"""Characters of a value."""
_HEADS = ("File", "State", "Jobs", "First job after", "Landed")


def link(path: str, label: str, /, **query: str) -> Inside:
    """A link within the page."""
    name = f"{path}-{'-'.join(query.values())}"
    return element("a", label, href=f"{path}?{urlencode(query)}", id=name)


def files(
    rows: Sequence[Row], asked: Mapping[str, str], told: Iterable[str], why: Callable[[Row], str]
) -> Iterator[Inside]:
    """One row for each file, those that were asked for.

    Args:
        rows: the newest first.
        asked: what its name has, its state, and how many are left out before.
        told: when that was read, and what could not be.
        why: says why one came to nothing.
    """
    text, wanted = asked.get("text", ""), asked.get("state", "")
    fit = [
        each for each in rows if text.lower() in each.input.lower() and wanted in {"", each.state}
    ]
    before = int(asked.get("after", "")) if asked.get("after", "").isdecimal() else 0
    shown = fit[before : before + ROWS]
    yield _filter(text, wanted, sorted({each.state for each in rows}))
    listed = table(
        "One row for each file, the newest first", _HEADS, (_row(each, why(each)) for each in shown)
    )
    content = [*(element("p", each, class_="faint") for each in told), listed]
    if not shown:
        content.append(
            element("p", "Nothing that fits." if rows else "No file has landed in this time.")
        )
    if len(fit) > before + ROWS:
        older = link("/", "Older files", text=text, state=wanted, after=str(before + ROWS))
        content.append(element("p", older))
    yield element("section", *content, id="files", data_live="30")


def _filter(text: str, wanted: str, states: Iterable[str]) -> Inside:
    options = [
        element("option", each or "any", value=each, **({"selected": ""} if each == wanted else {}))
        for each in ("", *states)
    ]
    return element(
        "form",
        element("label", "Text", element("input", name="text", type="search", value=text)),
        element("label", "State", element("select", *options, name="state")),
        element("button", "Filter"),
        class_="line",
        role="search",
    )


def _row(row: Row, reason: str) -> list[Inside]:
    name = row.file.partition("://")[2].split("/", 2)[-1] or row.input
    where = (
        link("/file", name, url=quote(row.file, safe=":/", errors="replace"))
        if ".blob." in row.file
        else name
    )
    if where is name and row.jobs:
        where = link("/job", windows.label(row.jobs[0]) or name, name=row.jobs[0].name)
    why = element("span", reason, class_="why")
    jobs, when = str(len(row.jobs) or "—"), row.when[:19].replace("T", " ")
    return [element("span", where, why), state(row.state), jobs, duration(row.seconds), when]


def trace(sentence: str, spans: Sequence[Span], untold: Iterable[str]) -> Iterator[Inside]:
    """What came of a file, each step on one scale of time."""
    yield element("p", sentence)
    drawn = bars(spans)
    heads = ("Step", "State", "Took", "When")
    yield element("h2", "What happened")
    told = table("Each step, after what caused it", heads, map(_step, drawn[:_STEPS]))
    yield element("div", told, class_="waterfall")
    if left := len(drawn[_STEPS:]):
        yield element(
            "p", f"{left} more steps: `batch-events why --json` tells all.", class_="faint"
        )
    for each in untold:
        yield element("p", each, class_="faint")


def _step(bar: Bar) -> list[Inside]:
    span = bar.span
    name = f"{span.kind} {span.name}" if not span.name.startswith(span.kind) else span.name
    paths = {"workflow run": "/run", "pipeline run": "/pipeline-run", "job": "/job"}
    where = link(paths[span.kind], name, name=span.name) if span.kind in paths else name
    why = element("span", span.reason, class_="why")
    step = element("div", where, why, class_=f"depth-{min(bar.depth, 4)}")
    return [step, state(span.state), duration(bar.seconds), _bar(bar)]


def _bar(bar: Bar) -> Inside:
    if bar.start < 0:
        return "not told"
    size = {"x": f"{bar.start:.1f}", "width": f"{bar.width:.1f}", "height": "14"}
    rect = element("rect", class_=tone(bar.span.state), **size)
    box = {"viewBox": "0 0 1000 14", "preserveAspectRatio": "none"}
    title = element("title", moment(bar.span.start).isoformat(" ", "seconds"))
    return element("svg", title, rect, class_="bar", role="img", **box)


def job(
    status: str, page: str, reasons: Iterable[str], logs: Iterable[tuple[str, str]]
) -> Iterator[Inside]:
    """A job's state, why it failed, and the end of each of its logs."""
    yield element("p", state(status))
    if page.startswith("https://"):
        yield element("p", element("a", "Its page in the studio", href=page, rel="noreferrer"))
    yield from (element("p", each) for each in reasons)
    for name, text in logs:
        yield element("h2", f"Log {name}, the end of it")
        yield _text(f"Log {name}", _end(text))


def _end(text: str) -> str:
    """The last of a text, from the beginning of a line."""
    if len(text) <= _LONGEST:
        return text
    last = text[-_LONGEST:]
    return last.partition("\n")[2] or last


def predictions(url: str, text: str, rows: Sequence[Mapping[str, Any]]) -> Iterator[Inside]:
    """What a job wrote, as a table where it is one."""
    yield element("h2", "Predictions")
    yield element("p", url or "Nothing was written.", class_="faint")
    if not url:
        return
    told = [_columns(each) for each in rows]
    names = list(dict.fromkeys(name for each in told for name in each))
    if len(names) > 1 and all(len(each) == len(names) for each in told):
        yield table("Predictions", names, ([str(each[name]) for name in names] for each in told))
    else:
        yield _text("Predictions", text[:_LONGEST])


def _columns(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """A row's values by name; columns without names are numbered."""
    return dict(zip(map(str, count(1)), row["columns"], strict=False)) if "columns" in row else row


def steps(told: Iterable[tuple[str, str, Mapping[str, Any]]]) -> Iterator[Inside]:
    """The steps of a run, each with what it got and answered; what is secured is not told."""
    for name, status, values in told:
        yield element("h2", name)
        yield element("p", state(status))
        for key, value in values.items():
            text = (
                value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)
            )
            yield element("p", key, class_="faint")
            yield _text(f"{key} of {name}", hidden(text)[:_LONGEST])


def _text(label: str, text: str) -> Inside:
    return element("pre", text, tabindex="0", aria_label=label)
