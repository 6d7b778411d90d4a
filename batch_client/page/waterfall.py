"""Steps on one scale of time: how deep each lies, where its bar begins, how long it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from batch_client.spans import Span, moment

_SCALE, _LEAST = 1000.0, 4.0


@dataclass(frozen=True)
class Bar:
    """A step on the scale.

    Attributes:
        span: what it is of.
        depth: how many steps lie above it.
        start: of the bar, in thousandths of the scale; -1 where no time is told.
        width: likewise.
        seconds: how long it took; None while it goes on, or where that is not told.
    """

    span: Span
    depth: int
    start: float
    width: float
    seconds: float | None


def bars(spans: Sequence[Span]) -> list[Bar]:
    """The bars, in the order in which the steps are told."""
    times = [moment(told) for each in spans for told in (each.start, each.end) if told]
    first, last = (min(times), max(times)) if times else (datetime.now(UTC),) * 2
    whole = max((last - first).total_seconds(), 0.001)
    depths: dict[str, int] = {}
    found = []
    for each in spans:
        depths[each.id] = depth = depths.get(each.parent, -1) + 1
        if not each.start:
            found.append(Bar(each, depth, -1, 0, None))
            continue
        start = (moment(each.start) - first).total_seconds() / whole * _SCALE
        seconds = (moment(each.end) - moment(each.start)).total_seconds() if each.end else None
        width = _SCALE - start if seconds is None else seconds / whole * _SCALE
        found.append(Bar(each, depth, min(start, _SCALE - _LEAST), max(width, _LEAST), seconds))
    return found


def duration(seconds: float | None) -> str:
    """Seconds as a person reads them."""
    if seconds is None:
        return "—"
    if seconds < 1:
        return f"{1000 * max(seconds, 0):.0f} ms"
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(int(minutes), 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest:.0f} s" if minutes else f"{rest:.1f} s"
