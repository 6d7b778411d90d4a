"""What is wrong with a pipeline, found before it runs.

Activities of other types than those of ``activities/`` are refused by name, never passed over.
Source of the limits: D:azure-resource-manager/management/azure-subscription-service-limits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local_azure.services.datafactory.activities.types import ACTIVITY_TYPES
from local_azure.services.datafactory.activities.variables import (
    VARIABLE_TYPES,
    fits,
    is_variable_type,
)
from local_azure.services.datafactory.check_activity import activity_problems
from local_azure.services.datafactory.check_nesting import nesting_problems
from local_azure.services.datafactory.check_references import reference_problems

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_MOST_ACTIVITIES = 80
"""By default; Azure raises it to 120 for those who ask."""


def check_definition(pipeline: Mapping[str, Any]) -> list[str]:
    """The mistakes in a pipeline's ``properties``, one sentence each."""
    activities = pipeline.get("activities") if isinstance(pipeline, dict) else None
    if not isinstance(activities, list):
        return ["A pipeline has a list 'activities'."]
    # What follows takes the declarations for granted.
    if found := [*_declaration_problems(pipeline)]:
        return found
    seen: list[str] = []
    found += _problems(activities, pipeline, seen)
    if len(seen) > _MOST_ACTIVITIES:
        found.append(f"It has {len(seen)} activities; {_MOST_ACTIVITIES} are accepted.")
    # What follows takes the shape of every activity for granted.
    if found:
        return found
    return [*nesting_problems(activities), *reference_problems(pipeline)]


def _declaration_problems(pipeline: Mapping[str, Any]) -> Iterator[str]:
    for key in ("parameters", "variables"):
        declared = pipeline.get(key, {})
        if not isinstance(declared, dict) or not all(map(_is_typed, declared.values())):
            yield f"The pipeline's {key} are an object of objects with a 'type'."
            return
    for name, each in pipeline.get("variables", {}).items():
        if not is_variable_type(each["type"]):
            yield f"The variable {name!r} is of one of {VARIABLE_TYPES}; found {each['type']!r}."
        elif each.get("defaultValue") is not None and not fits(each["defaultValue"], each["type"]):
            yield f"The variable {name!r} is of type {each['type']}; its default is not."


def _is_typed(declared: Any) -> bool:
    return isinstance(declared, dict) and isinstance(declared.get("type"), str)


def _problems(
    activities: Sequence[Any], pipeline: Mapping[str, Any], seen: list[str]
) -> Iterator[str]:
    names = [each.get("name") for each in activities if isinstance(each, dict)]
    siblings = {name for name in names if isinstance(name, str)}
    sound = True
    for each in activities:
        problems = [*activity_problems(each, siblings, pipeline)]
        yield from problems
        sound &= not problems
        if not isinstance(each, dict) or not isinstance(each.get("name"), str):
            continue
        if each["name"].lower() in seen:
            yield f"The activity name '{each['name']}' is used twice."
        seen.append(each["name"].lower())
        kind = ACTIVITY_TYPES.get(str(each.get("type")))
        own = each.get("typeProperties")
        for inner in kind.inner(own) if kind and isinstance(own, dict) else ():
            if isinstance(inner, list):
                yield from _problems(inner, pipeline, seen)
            else:
                yield f"'{each['name']}': activities inside of it are a list."
    if sound:
        yield from _circle(activities)


def _circle(activities: Sequence[Any]) -> Iterator[str]:
    waits = {
        each["name"]: {before["activity"] for before in each.get("dependsOn", [])}
        for each in activities
    }
    while ready := [name for name, before in waits.items() if not before & set(waits)]:
        for name in ready:
            del waits[name]
    if waits:
        yield f"These activities wait for each other: {', '.join(sorted(waits))}."
