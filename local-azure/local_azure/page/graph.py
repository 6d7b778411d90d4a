"""A workflow's or a pipeline's definition as a picture: layers from ``runAfter`` or ``dependsOn``.

Only where what stands is worked out here; the template draws it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

_WIDTH, _HEIGHT, _GAP, _DROP, _PAD, _TITLE = 215, 42, 24, 34, 14, 26
"""Pixels: of a step, between steps of a layer, between layers, inside of a scope, of its title."""


@dataclass
class Step:
    """A step, and where it is drawn.

    Attributes:
        name: as the definition has it.
        type: of the action or activity.
        state: how it ended; empty where it never came to it.
        after: names of the steps of its own level that it waits for.
        parts: the steps inside of it.
        x, y, width, height: its box, in pixels of the whole picture.
    """

    name: str
    type: str
    state: str
    after: tuple[str, ...]
    parts: list[Step] = field(default_factory=list)
    x: float = 0
    y: float = 0
    width: float = _WIDTH
    height: float = _HEIGHT


@dataclass(frozen=True)
class Picture:
    """What is drawn: boxes, those of scopes before what is in them; edges from below to above."""

    width: float
    height: float
    boxes: list[Step]
    edges: list[tuple[float, float, float, float]]


def of_workflow(definition: Mapping[str, Any], states: Mapping[str, str]) -> Picture:
    """The picture of a workflow definition (Logic Apps)."""
    return _picture(_actions(definition.get("actions") or {}, states))


def of_pipeline(properties: Mapping[str, Any], states: Mapping[str, str]) -> Picture:
    """The picture of a pipeline (Data Factory)."""
    return _picture(_activities(properties.get("activities") or [], states))


def _actions(actions: Mapping[str, Any], states: Mapping[str, str]) -> list[Step]:
    return [
        Step(
            name,
            action.get("type", ""),
            states.get(name, ""),
            tuple(action.get("runAfter") or {}),
            [part for level in _levels(action) for part in _actions(level, states)],
        )
        for name, action in actions.items()
    ]


def _levels(action: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The groups of actions inside of one: of a scope, of a condition's sides, of cases."""
    yield action.get("actions") or {}
    for side in ("else", "default"):
        yield (action.get(side) or {}).get("actions") or {}
    for case in (action.get("cases") or {}).values():
        yield case.get("actions") or {}


def _activities(activities: Sequence[Any], states: Mapping[str, str]) -> list[Step]:
    return [
        Step(
            each["name"],
            each.get("type", ""),
            states.get(each["name"], ""),
            tuple(before["activity"] for before in each.get("dependsOn") or ()),
            [part for level in _branches(each) for part in _activities(level, states)],
        )
        for each in activities
    ]


def _branches(activity: Mapping[str, Any]) -> Iterator[Sequence[Any]]:
    inside = activity.get("typeProperties") or activity
    for branch in ("activities", "ifTrueActivities", "ifFalseActivities", "defaultActivities"):
        yield inside.get(branch) or ()
    for case in inside.get("cases") or ():
        yield case.get("activities") or ()


def _picture(steps: list[Step]) -> Picture:
    width, height = _place(steps, 1, 1)
    boxes = [*_all(steps)]
    return Picture(width + 2, height + 2, boxes, [*_edges(steps)])


def _place(steps: list[Step], left: float, top: float) -> tuple[float, float]:
    """Put steps of one level below each other, and tell how wide and high it all is."""
    for each in steps:
        if each.parts:
            wide, high = _place(each.parts, 0, 0)
            each.width, each.height = max(_WIDTH, wide + 2 * _PAD), high + _TITLE + _PAD
    layers = _layers(steps)
    widest = max((_wide(layer) for layer in layers), default=0)
    y = top
    for layer in layers:
        x = left + (widest - _wide(layer)) / 2
        for each in layer:
            each.x, each.y = x, y
            _place(each.parts, x + (each.width - _inner(each)) / 2, y + _TITLE)
            x += each.width + _GAP
        y += max(each.height for each in layer) + _DROP
    return widest, y - top - (_DROP if layers else 0)


def _inner(step: Step) -> float:
    return max((_wide(layer) for layer in _layers(step.parts)), default=0)


def _wide(layer: list[Step]) -> float:
    return sum(each.width for each in layer) + _GAP * (len(layer) - 1)


def _layers(steps: list[Step]) -> list[list[Step]]:
    """Each step below all that it waits for; a circle, which nobody can deploy, ends as well."""
    depths = {each.name: 0 for each in steps}
    for _ in steps:
        before = dict(depths)
        for each in steps:
            waits = [depths[name] + 1 for name in each.after if name in depths]
            depths[each.name] = max(waits, default=0)
        if depths == before:
            break
    layers: dict[int, list[Step]] = {}
    for each in steps:
        layers.setdefault(depths[each.name], []).append(each)
    return [layers[each] for each in sorted(layers)]


def _all(steps: list[Step]) -> Iterator[Step]:
    for each in steps:
        yield each
        yield from _all(each.parts)


def _edges(steps: list[Step]) -> Iterator[tuple[float, float, float, float]]:
    known = {each.name: each for each in steps}
    for each in steps:
        for before in (known[name] for name in each.after if name in known):
            start = (before.x + before.width / 2, before.y + before.height)
            yield (*start, each.x + each.width / 2, each.y)
        yield from _edges(each.parts)
