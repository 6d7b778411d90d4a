"""What is wrong with one activity by itself: name, keys, policy, and what it depends on.

Source: D:data-factory/concepts-pipelines-activities ("activity JSON"), deactivate-activity.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from local_azure.services.datafactory.activities.policy import POLICY, policy_problems
from local_azure.services.datafactory.activities.types import ACTIVITY_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from local_azure.services.datafactory.activities.base import ActivityType

CONDITIONS = frozenset({"Succeeded", "Failed", "Skipped", "Completed"})
_NAME = re.compile(r"[A-Za-z0-9_][^.+?/<>*%&:\\\r\n]{0,54}")
_STATES = {"state": ("Active", "Inactive"), "onInactiveMarkAs": ("Succeeded", "Failed", "Skipped")}
_KEYS = frozenset(
    {"name", "type", "description", "dependsOn", "policy", "userProperties", "typeProperties"}
) | set(_STATES)


def activity_problems(
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
        for condition in sorted(set(each["dependencyConditions"]) - CONDITIONS):
            yield f"the condition {condition!r} is none of {', '.join(sorted(CONDITIONS))}"


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
