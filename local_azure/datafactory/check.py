"""What is wrong with a pipeline, found before it runs.

Activities of other types than those named here are refused by name, never passed over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

TYPES = ("WebActivity", "Until", "Wait", "IfCondition", "SetVariable", "Fail")
"""The activity types that the engine runs."""
CONDITIONS = frozenset({"Succeeded", "Failed", "Skipped", "Completed"})
INNER = ("activities", "ifTrueActivities", "ifFalseActivities")
_KEYS = frozenset(
    {"name", "type", "description", "dependsOn", "policy", "userProperties", "typeProperties"}
)
_REQUIRED = {
    "WebActivity": ("method", "url"),
    "Until": ("expression", "activities"),
    "Wait": ("waitTimeInSeconds",),
    "IfCondition": ("expression",),
    "SetVariable": ("variableName", "value"),
    "Fail": ("message", "errorCode"),
}
_OPTIONAL = {
    "WebActivity": ("headers", "body", "authentication", "httpRequestTimeout", "turnOffAsync"),
    "Until": ("timeout",),
    "IfCondition": ("ifTrueActivities", "ifFalseActivities"),
}


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
        inner = each.get("typeProperties", {})
        for key in INNER:
            yield from _problems(inner.get(key, []), pipeline, seen)
    yield from _circle(activities)


def _activity_problems(
    activity: Mapping[str, Any], siblings: set[Any], pipeline: Mapping[str, Any]
) -> Iterator[str]:
    name, kind = activity["name"], activity.get("type")
    if kind not in TYPES:
        yield f"'{name}': the type {kind!r} is not emulated; emulated are {', '.join(TYPES)}."
        return
    for key in sorted(set(activity) - _KEYS):
        yield f"'{name}' has no {key!r}; accepted are {', '.join(sorted(_KEYS))}."
    properties = activity.get("typeProperties", {})
    for key in _REQUIRED[kind]:
        if key not in properties:
            yield f"'{name}': typeProperties needs {key!r}."
    for key in sorted(set(properties) - {*_REQUIRED[kind], *_OPTIONAL.get(kind, ())}):
        yield f"'{name}': typeProperties has {key!r}, which is not emulated for {kind}."
    if kind == "SetVariable":
        yield from _variable_problems(name, properties, pipeline)
    for each in activity.get("dependsOn", []):
        if each["activity"] not in siblings:
            yield f"'{name}' depends on '{each['activity']}', which is not beside it."
        for condition in set(each["dependencyConditions"]) - CONDITIONS:
            yield f"'{name}': the condition {condition!r} is none of {sorted(CONDITIONS)}."


def _variable_problems(
    name: str, properties: Mapping[str, Any], pipeline: Mapping[str, Any]
) -> Iterator[str]:
    variable = properties.get("variableName")
    if variable not in pipeline.get("variables", {}):
        yield f"'{name}' sets the variable {variable!r}, which is not declared."


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
