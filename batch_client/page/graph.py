"""A definition as a graph: each step below those that it waits for, with how it ended."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

from batch_client.page.elements import element, tone

_WIDTH, _HEIGHT, _BESIDE, _BELOW, _AROUND = 220, 44, 20, 32, 12
"""Pixels: of a step without others inside; between steps, between layers; around what is inside."""
_LETTERS = 28
"""Of a name, so that it fits its step."""
_NOT_REACHED = "not reached"
_BRANCHES = ("activities", "ifTrueActivities", "ifFalseActivities", "defaultActivities")


@dataclass(frozen=True)
class Step:
    """An action or activity of a definition.

    Attributes:
        name: its name.
        type: its type.
        after: names of the steps that it waits for.
        parts: the steps inside of it, of all its branches.
    """

    name: str
    type: str
    after: tuple[str, ...]
    parts: list["Step"]


class _Drawn(NamedTuple):
    """A shape from the middle of its upper edge on."""

    shape: Element
    width: float
    height: float


def of_workflow(actions: Mapping[str, Any]) -> list[Step]:
    """The steps of a Logic App's ``actions``."""
    return [
        Step(
            name,
            str(each.get("type", "")),
            tuple(each.get("runAfter") or ()),
            [part for side in _sides(each) for part in of_workflow(side)],
        )
        for name, each in actions.items()
    ]


def _sides(action: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    cases = (action.get("cases") or {}).values()
    for side in (action, action.get("else"), *cases, action.get("default")):
        yield (side or {}).get("actions") or {}


def of_pipeline(activities: Sequence[Any]) -> list[Step]:
    """The steps of a pipeline's ``activities``."""
    return [
        Step(
            each["name"],
            str(each.get("type", "")),
            tuple(before["activity"] for before in each.get("dependsOn") or ()),
            [part for branch in _branches(each) for part in of_pipeline(branch)],
        )
        for each in activities
    ]


def _branches(activity: Mapping[str, Any]) -> Iterator[Sequence[Any]]:
    inside = activity.get("typeProperties") or {}
    for holder in (inside, *(inside.get("cases") or ())):
        yield from (holder.get(branch) or () for branch in _BRANCHES)


def drawn(label: str, steps: Sequence[Step], states: Mapping[str, str]) -> Element:
    """The graph.

    Args:
        label: what it is of.
        steps: of the definition; none waits for itself, which no service takes.
        states: how each step ended, by its name; one that has none was not reached.
    """
    shape, width, height = _level(steps, states)
    size = {"width": f"{width + 2:g}", "height": f"{height + 2:g}"}
    box = {"viewBox": f"{-width / 2 - 1:g} -1 {width + 2:g} {height + 2:g}"}
    svg = element("svg", shape, class_="graph", role="group", aria_label=label, **size, **box)
    return element("div", svg, class_="scroll")


def _level(steps: Sequence[Step], states: Mapping[str, str]) -> _Drawn:
    """Steps that wait for each other, in layers."""
    boxes = {each.name: _box(each, states) for each in steps}
    places, widest, top = dict[str, tuple[float, float]](), 0.0, 0.0
    for layer in _layers(steps):
        wide = sum(boxes[name].width + _BESIDE for name in layer) - _BESIDE
        widest, left = max(widest, wide), -wide / 2
        for name in layer:
            places[name] = (left + boxes[name].width / 2, top)
            left += boxes[name].width + _BESIDE
        top += max(boxes[name].height for name in layer) + _BELOW
    edges = [
        _edge(places[before], boxes[before].height, places[each.name])
        for each in steps
        for before in each.after
    ]
    placed = [_at(*places[name], boxes[name].shape) for name in places]
    return _Drawn(element("g", *edges, *placed), widest, max(top - _BELOW, 0))


def _layers(steps: Sequence[Step]) -> Iterator[tuple[str, ...]]:
    sorter = TopologicalSorter({each.name: each.after for each in steps})
    sorter.prepare()
    while ready := sorter.get_ready():
        yield ready
        sorter.done(*ready)


def _box(step: Step, states: Mapping[str, str]) -> _Drawn:
    inside, state = _level(step.parts, states), states.get(step.name) or _NOT_REACHED
    width = max(_WIDTH, inside.width + 2 * _AROUND)
    height = _HEIGHT + (inside.height + _AROUND if step.parts else 0)
    left, high = f"{-width / 2:g}", {"height": f"{height:g}", "rx": "4"}
    text = {"x": f"{-width / 2 + _AROUND:g}"}
    name = step.name if len(step.name) <= _LETTERS else f"{step.name[: _LETTERS - 1]}…"
    shape = element(
        "g",
        element("title", f"{step.name} ({step.type}): {state}"),
        element("rect", class_="box", x=left, width=f"{width:g}", **high),
        element("rect", class_="mark", x=left, width="5", **high),
        element("text", name, y="18", **text),
        element("text", f"{step.type}, {state}", class_="faint", y="35", **text),
        _at(0, _HEIGHT, inside.shape),
        class_=tone(state),
        role="group" if step.parts else "img",
    )
    return _Drawn(shape, width, height)


def _edge(before: tuple[float, float], height: float, after: tuple[float, float]) -> Element:
    (x, top), (to, end) = before, after
    start, middle = top + height, (top + height + end) / 2
    return element("path", d=f"M{x:g} {start:g}C{x:g} {middle:g} {to:g} {middle:g} {to:g} {end:g}")


def _at(x: float, y: float, shape: Element) -> Element:
    return element("g", shape, transform=f"translate({x:g} {y:g})")
