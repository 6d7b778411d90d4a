"""What is wrong with a pipeline, found before it runs.

Activities of other types than those of ``activities/`` are refused by name, never passed over.
Branches may lie in loops, and nothing else that has activities inside.
Sources: D:azure-resource-manager/management/azure-subscription-service-limits; of an activity by
itself D:data-factory/concepts-pipelines-activities ("activity JSON"), deactivate-activity; of what
may lie in what D:data-factory/concepts-nested-activities, control-flow-for-each-activity.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from local_azure.services.datafactory.activities.base import ActivityType
from local_azure.services.datafactory.activities.conversion import POLICY, policy_problems
from local_azure.services.datafactory.activities.foreach import at_once
from local_azure.services.datafactory.activities.types import ACTIVITY_TYPES
from local_azure.services.datafactory.activities.variables import (
    VARIABLE_TYPES,
    fits,
    is_variable_type,
)
from local_azure.services.datafactory.check_references import reference_problems

_MOST_ACTIVITIES = 80
"""By default; Azure raises it to 120 for those who ask."""
_LOOPS = frozenset({"ForEach", "Until"})
_BRANCHES = frozenset({"IfCondition", "Switch"})
_CONDITIONS = frozenset({"Succeeded", "Failed", "Skipped", "Completed"})
_NAME = re.compile(r"[A-Za-z0-9_][^.+?/<>*%&:\\\r\n]{0,54}")
_STATES = {"state": ("Active", "Inactive"), "onInactiveMarkAs": ("Succeeded", "Failed", "Skipped")}
_KEYS = frozenset(
    {"name", "type", "description", "dependsOn", "policy", "userProperties", "typeProperties"}
) | set(_STATES)


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
    return [*_nesting_problems(activities), *reference_problems(pipeline)]


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
        problems = [*_activity_problems(each, siblings, pipeline)]
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


def _nesting_problems(
    activities: Sequence[Mapping[str, Any]], around: tuple[Mapping[str, Any], ...] = ()
) -> Iterator[str]:
    """One sentence for each problem."""
    for each in activities:
        if each.get("state") == "Inactive":
            continue
        if around and not _fits(each["type"], around[-1]["type"]):
            yield f"'{each['name']}': {_named(each)} can't be inside of {_named(around[-1])}."
        if each["type"] == "SetVariable" and any(map(_is_parallel, around)):
            yield (
                f"'{each['name']}': a variable is shared by all passes of a ForEach; to set it "
                "inside of one, let that be isSequential."
            )
        for inner in ACTIVITY_TYPES[each["type"]].inner(each["typeProperties"]):
            yield from _nesting_problems(inner, (*around, each))


def _fits(inner: str, outer: str) -> bool:
    return inner not in _LOOPS and not (inner in _BRANCHES and outer in _BRANCHES)


def _named(activity: Mapping[str, Any]) -> str:
    return f"{'an' if activity['type'][0] in 'IU' else 'a'} {activity['type']}"


def _is_parallel(activity: Mapping[str, Any]) -> bool:
    return activity["type"] == "ForEach" and at_once(activity["typeProperties"]) > 1


def _activity_problems(
    activity: Any, siblings: set[Any], pipeline: Mapping[str, Any]
) -> Iterator[str]:
    """One sentence for each problem.

    Args:
        activity: anything that stands in a list of activities.
        siblings: the names in that list.
        pipeline: the pipeline's ``properties``.
    """
    if not isinstance(activity, dict) or not isinstance(activity.get("name"), str):
        yield "An activity is an object with a name."
        return
    name = activity["name"]
    if not _NAME.fullmatch(name):
        yield (
            f"The activity name {name!r} is refused: it has 55 characters at most, begins with a "
            "letter, a digit or _, and has none of . + ? / < > * % & : \\"
        )
    for problem in _own_problems(activity, siblings, pipeline):
        yield f"'{name}': {problem}."


def _own_problems(
    activity: Mapping[str, Any], siblings: set[Any], pipeline: Mapping[str, Any]
) -> Iterator[str]:
    yield from _dependency_problems(activity.get("dependsOn", []), siblings)
    for key, accepted in _STATES.items():
        if activity.get(key, accepted[0]) not in accepted:
            yield f"{key} is one of {', '.join(accepted)}; found {activity[key]!r}"
    if activity.get("state") == "Inactive":
        return
    kind = ACTIVITY_TYPES.get(str(activity.get("type")))
    if kind is None:
        emulated = ", ".join(sorted(ACTIVITY_TYPES))
        yield f"the type {activity.get('type')!r} is not emulated; emulated are {emulated}"
        return
    for key in sorted(set(activity) - _KEYS - kind.keys):
        yield f"it has {key!r}; accepted are {', '.join(sorted(_KEYS | kind.keys))}"
    yield from _policy_problems(kind, activity.get("policy", {}))
    yield from _property_problems(kind, activity, pipeline)


def _dependency_problems(depends: Any, siblings: set[Any]) -> Iterator[str]:
    if not isinstance(depends, list) or not all(map(_is_dependency, depends)):
        yield "dependsOn is a list of {'activity', 'dependencyConditions'}"
        return
    for each in depends:
        if each["activity"] not in siblings:
            yield f"it depends on '{each['activity']}', which is not beside it"
        for condition in sorted(set(each["dependencyConditions"]) - _CONDITIONS):
            yield f"the condition {condition!r} is none of {', '.join(sorted(_CONDITIONS))}"


def _is_dependency(found: Any) -> bool:
    return (
        isinstance(found, dict)
        and set(found) == {"activity", "dependencyConditions"}
        and isinstance(found["activity"], str)
        and isinstance(found["dependencyConditions"], list)
        and bool(found["dependencyConditions"])
        and all(isinstance(each, str) for each in found["dependencyConditions"])
    )


def _policy_problems(kind: ActivityType, policy: Any) -> Iterator[str]:
    if not isinstance(policy, dict):
        yield "policy is an object"
        return
    for key in sorted(set(policy) - POLICY):
        yield f"policy has {key!r}; accepted: {', '.join(sorted(POLICY))}"
    yield from policy_problems({key: policy[key] for key in kind.policy & set(policy)})


def _property_problems(
    kind: ActivityType, activity: Mapping[str, Any], pipeline: Mapping[str, Any]
) -> Iterator[str]:
    own = activity.get("typeProperties")
    if not isinstance(own, dict):
        yield "typeProperties is an object"
        return
    for key in sorted(kind.required - set(own)):
        yield f"typeProperties needs {key!r}"
    for key in sorted(set(own) - kind.required - kind.optional - set(kind.harmless)):
        yield f"typeProperties has {key!r}, which is not emulated for {kind.type}"
    for key, accepted in kind.harmless.items():
        if own.get(key, accepted[0]) not in accepted:
            yield f"{key!r} other than {json.dumps(accepted[0])} is not emulated for {kind.type}"
    yield from kind.problems(activity, pipeline)
