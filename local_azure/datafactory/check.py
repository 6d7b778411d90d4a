"""What is wrong with a pipeline, found before it runs.

Activities of other types than those of ``activities/`` are refused by name, never passed over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local_azure.datafactory.activities.types import ACTIVITY_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

CONDITIONS = frozenset({"Succeeded", "Failed", "Skipped", "Completed"})
_KEYS = frozenset(
    {"name", "type", "description", "dependsOn", "policy", "userProperties", "typeProperties"}
)


def check_definition(pipeline: Mapping[str, Any]) -> list[str]:
    """The mistakes in a pipeline's ``properties``, one sentence each."""
    activities = pipeline.get("activities")
    if not isinstance(activities, list):
        return ["A pipeline has a list 'activities'."]
    return list(_problems(activities, pipeline, set()))


def _problems(
    activities: Sequence[Any], pipeline: Mapping[str, Any], seen: set[str]
) -> Iterator[str]:
    siblings = {each.get("name") for each in activities if isinstance(each, dict)}
    for each in activities:
        if not isinstance(each, dict) or not isinstance(each.get("name"), str):
            yield "An activity is an object with a name."
            continue
        name = each["name"]
        if name in seen:
            yield f"The activity name '{name}' is used twice."
        seen.add(name)
        yield from _activity_problems(each, siblings, pipeline)
        kind = ACTIVITY_TYPES.get(str(each.get("type")))
        for inner in kind.inner(each.get("typeProperties", {})) if kind else ():
            yield from _problems(inner, pipeline, seen)
    yield from _circle(activities)


def _activity_problems(
    activity: Mapping[str, Any], siblings: set[Any], pipeline: Mapping[str, Any]
) -> Iterator[str]:
    name, type_ = activity["name"], activity.get("type")
    kind = ACTIVITY_TYPES.get(str(type_))
    if kind is None:
        emulated = ", ".join(sorted(ACTIVITY_TYPES))
        yield f"'{name}': the type {type_!r} is not emulated; emulated are {emulated}."
        return
    for key in sorted(set(activity) - _KEYS - kind.keys):
        yield f"'{name}' has no {key!r}; accepted are {', '.join(sorted(_KEYS | kind.keys))}."
    properties = activity.get("typeProperties", {})
    for key in sorted(kind.required - set(properties)):
        yield f"'{name}': typeProperties needs {key!r}."
    for key in sorted(set(properties) - kind.required - kind.optional):
        yield f"'{name}': typeProperties has {key!r}, which is not emulated for {type_}."
    for problem in kind.problems(properties, pipeline):
        yield f"'{name}': {problem}."
    for each in activity.get("dependsOn", []):
        if each["activity"] not in siblings:
            yield f"'{name}' depends on '{each['activity']}', which is not beside it."
        for condition in set(each["dependencyConditions"]) - CONDITIONS:
            yield f"'{name}': the condition {condition!r} is none of {sorted(CONDITIONS)}."


def _circle(activities: Sequence[Any]) -> Iterator[str]:
    waits = {
        each["name"]: {before["activity"] for before in each.get("dependsOn", [])}
        for each in activities
        if isinstance(each, dict) and isinstance(each.get("name"), str)
    }
    while ready := [name for name, before in waits.items() if not before & set(waits)]:
        for name in ready:
            del waits[name]
    if waits:
        yield f"These activities wait for each other: {', '.join(sorted(waits))}."
