"""Spans on one scale of time: where each bar begins, and how long it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Span = dict[str, Any]

_NOT_BARS = {"verdict", "log", "predictions"}
_LEAST = 4.0


@dataclass(frozen=True)
class Bar:
    """A span on the scale.

    Attributes:
        span: what it is of.
        depth: how many spans lie above it.
        start: of the bar, in thousandths of the scale.
        width: likewise.
        seconds: how long it took; None while it goes on.
    """

    span: Span
    depth: int
    start: float
    width: float
    seconds: float | None


def bars(spans: Sequence[Span]) -> list[Bar]:
    """The bars, each below what caused it."""
    shown = [each for each in spans if each["kind"] not in _NOT_BARS and each["start"]]
    if not shown:
        return []
    first = min(_time(each["start"]) for each in shown)
    last = max(_time(each["end"] or each["start"]) for each in shown)
    scale = 1000 / max((last - first).total_seconds(), 0.001)
    depths: dict[str, int] = {}
    found = []
    for each in _below("", _by_parent(shown)):
        depths[each["id"]] = depth = depths.get(each["parent"], -1) + 1
        start = min((_time(each["start"]) - first).total_seconds() * scale, 1000 - _LEAST)
        end = (_time(each["end"]) - first).total_seconds() * scale if each["end"] else 1000.0
        took = seconds(each["start"], each["end"])
        found.append(Bar(each, depth, start, max(end - start, _LEAST), took))
    return found


def whole(bars: Sequence[Bar]) -> float:
    """Seconds of the scale."""
    spans = [each.span for each in bars]
    first = min((each["start"] for each in spans), default="")
    last = max((each["end"] or each["start"] for each in spans), default="")
    return seconds(first, last) or 0.0


def seconds(start: str, end: str) -> float | None:
    """What passed; None where it has not ended."""
    return (_time(end) - _time(start)).total_seconds() if end else None


def _by_parent(spans: Sequence[Span]) -> dict[str, list[Span]]:
    known = {each["id"] for each in spans}
    below: dict[str, list[Span]] = {}
    for each in spans:
        parent = each["parent"] if each["parent"] in known else ""
        below.setdefault(parent, []).append(each)
    return below


def _below(parent: str, below: dict[str, list[Span]]) -> list[Span]:
    found = []
    for each in below.get(parent, ()):
        found += [each, *_below(each["id"], below)]
    return found


def _time(told: str) -> datetime:
    return datetime.fromisoformat(told[:26])
