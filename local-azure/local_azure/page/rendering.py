"""Templates to answers: whatever they are given is text, however hostile."""

import json
from datetime import datetime
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from starlette.responses import HTMLResponse

from local_azure.page.waterfall import seconds

_TEMPLATES = Path(__file__).parent / "templates"
_TABS = (
    ("/", "Files"),
    ("/dead-letters", "Dead letters"),
    ("/resources", "Resources"),
    ("/mail", "Mail"),
    ("/dispatches", "Dispatches"),
    ("/messages", "Messages"),
    ("/faults", "Clock and faults"),
)
_LONGEST = 4000
"""Characters of a value."""
_SECOND, _MINUTE, _HOUR = 1, 60, 3600


def render(template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """The answer that a template makes of its values."""
    return HTMLResponse(_environment().get_template(template).render(values), status)


@cache
def _environment() -> Any:
    jinja2 = import_module("jinja2")  # only whoever opens the page waits for it
    environment = jinja2.Environment(
        autoescape=True,
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        lstrip_blocks=True,
        trim_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.globals["tabs"] = _TABS
    environment.filters |= {each.__name__: each for each in _FILTERS}
    return environment


def duration(seconds: float | None) -> str:
    """Seconds as a person reads them."""
    if seconds is None:
        return "—"
    if seconds < _SECOND:
        return f"{seconds * 1000:.0f} ms"
    if seconds < _MINUTE:
        return f"{seconds:.1f} s"
    if seconds < _HOUR:
        return f"{seconds // _MINUTE:.0f} min {seconds % _MINUTE:.0f} s"
    return f"{seconds // _HOUR:.0f} h {seconds % _HOUR // _MINUTE:.0f} min"


def pretty(value: Any) -> str:
    """A JSON value on several lines; text as it is; the beginning of what is long."""
    text = value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def short(time: str | None) -> str:
    """A time (ISO 8601) to the second."""
    return datetime.fromisoformat(time[:26]).strftime("%Y-%m-%d %H:%M:%S") if time else "—"


def named(trace: dict[str, Any]) -> str:
    """The file as its container has it, else what the trace is called."""
    _, _, path = trace["file"].partition("://")
    return unquote(path.split("/", 2)[-1] if path.count("/") > 1 else trace["name"])


def copied(trace: dict[str, Any]) -> str:
    """A name for a copy of the file, beside it."""
    folder, slash, name = named(trace).rpartition("/")
    return f"{folder}{slash}copy-{name}"


def took(trace: dict[str, Any]) -> str:
    """How long it took from beginning to end."""
    return duration(seconds(trace["started"], trace["ended"]))


_GOOD = {"done", "succeeded", "completed", "delivered", "finished", "written", "ok", "accepted"}
_BAD = {"failed", "timedout", "canceled", "cancelled", "aborted", "dead-lettered", "dropped"}
_STILL = {"skipped", "unwanted"}


def tone(state: str) -> str:
    """How a state is coloured; its word always stands beside the colour."""
    tones = {"good": _GOOD, "bad": _BAD, "still": _STILL}
    return next((tone for tone, states in tones.items() if state.lower() in states), "busy")


def span_tone(span: dict[str, Any]) -> str:
    """How a span is coloured; states of jobs and attempts have words of their own."""
    found = tone(span["state"])
    if found == "busy" and span["end"]:
        return "bad" if span["reason"] else "good"
    return found


_FILTERS = (copied, duration, named, pretty, short, span_tone, tone, took)
