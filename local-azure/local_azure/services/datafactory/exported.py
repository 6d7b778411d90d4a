"""From the form that azure-native takes to the one that Data Factory exports, and the engine reads.

azure-native hoists what an exported document keeps under ``typeProperties``. This puts it back: in
activities at any depth, in linked services, datasets and credentials; and the way back. Pure
functions.
"""

from typing import Any

_OF_ACTIVITY = frozenset(
    {
        "name",
        "type",
        "description",
        "dependsOn",
        "userProperties",
        "state",
        "onInactiveMarkAs",
        "policy",
        "linkedServiceName",
        "inputs",
        "outputs",
    }
)
_OF_DOCUMENT = frozenset(
    {
        "type",
        "description",
        "annotations",
        "parameters",
        "connectVia",
        "managedVirtualNetwork",
        "version",
        "linkedServiceName",
        "structure",
        "schema",
        "folder",
    }
)
_OF_TRIGGER = frozenset({"type", "description", "annotations", "runtimeState", "pipeline"})
_INNER = ("activities", "ifTrueActivities", "ifFalseActivities", "defaultActivities")
_OF_PIPELINE = (
    "description",
    "activities",
    "parameters",
    "variables",
    "concurrency",
    "annotations",
    "runDimensions",
    "folder",
    "policy",
)


def pipeline(body: dict[str, Any]) -> dict[str, Any]:
    """A pipeline's ``properties``, from its inputs.

    Args:
        body: what azure-native is given, without the parts of the path.
    """
    return pipeline_nested({key: body[key] for key in _OF_PIPELINE if body.get(key) is not None})


def pipeline_nested(properties: dict[str, Any]) -> dict[str, Any]:
    """A pipeline's ``properties``, from those with hoisted activities."""
    return {**properties, "activities": activities(properties.get("activities") or [])}


def activities(hoisted: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Activities with their own keys under ``typeProperties``, those inside them too."""
    return [_activity(each) for each in hoisted]


def document(hoisted: dict[str, Any]) -> dict[str, Any]:
    """The ``properties`` of a linked service, a dataset or a credential."""
    return _parted(hoisted, _OF_DOCUMENT)


def trigger(hoisted: dict[str, Any]) -> dict[str, Any]:
    """The ``properties`` of a tumbling-window trigger."""
    return _parted(hoisted, _OF_TRIGGER)


def pipeline_hoisted(properties: dict[str, Any]) -> dict[str, Any]:
    """A pipeline's inputs, from its ``properties``."""
    found = properties.get("activities")
    return (
        {**properties, "activities": _hoisted(found)} if "activities" in properties else properties
    )


def document_hoisted(properties: dict[str, Any]) -> dict[str, Any]:
    """What azure-native is given of a linked service, a dataset or a credential.

    What is no object stays where it is, to be refused.
    """
    own = properties.get("typeProperties", {})
    if not isinstance(own, dict):
        return properties
    outer = {key: value for key, value in properties.items() if key != "typeProperties"}
    return {**outer, **own}


def _hoisted(found: Any) -> Any:
    """Activities, or an activity; what is neither stays as it is."""
    if isinstance(found, list):
        return [_hoisted(each) for each in found]
    return _activity_hoisted(found) if isinstance(found, dict) else found


def _activity_hoisted(activity: dict[str, Any]) -> dict[str, Any]:
    hoisted = document_hoisted(activity)
    inner = {key: _hoisted(hoisted[key]) for key in _INNER if key in hoisted}
    if isinstance(cases := hoisted.get("cases"), list):
        inner["cases"] = [pipeline_hoisted(x) if isinstance(x, dict) else x for x in cases]
    return {**hoisted, **inner}


def _activity(hoisted: dict[str, Any]) -> dict[str, Any]:
    parted = _parted(hoisted, _OF_ACTIVITY)
    own = parted["typeProperties"]
    own |= {key: activities(own[key]) for key in _INNER if key in own}
    if "cases" in own:
        own["cases"] = [
            {**case, "activities": activities(case.get("activities", []))} for case in own["cases"]
        ]
    return parted


def _parted(hoisted: dict[str, Any], common: frozenset[str]) -> dict[str, Any]:
    outer = {key: value for key, value in hoisted.items() if key in common}
    own = {key: value for key, value in hoisted.items() if key not in common}
    return {**outer, "typeProperties": own}
