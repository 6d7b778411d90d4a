"""What a template would change, told as Resource Manager's what-if tells it.

Shape: D:rest/api/resources/deployments/what-if. Compared is what a template says with what was said
before, so that no default of a service counts as a change; which other noise Azure tells is
UNVERIFIED. What no answer tells is not told here either.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from local_azure.control_plane.resource_manager import form
from local_azure.control_plane.resource_manager.manager import ResourceManager
from local_azure.control_plane.resource_manager.requests import told
from local_azure.control_plane.resource_manager.resource_type import Json, ResourceType, region
from local_azure.control_plane.resource_manager.store import Resource


def changes(
    manager: ResourceManager, resources: Iterable[tuple[ResourceType, Json]], beside: list[Resource]
) -> list[Json]:
    """The changes of a template's resources; what lies beside them is ignored.

    Args:
        manager: what finds resources.
        resources: type and inputs of each resource of the template.
        beside: what the group has.
    """
    named = [_change(manager, kind, inputs) for kind, inputs in resources]
    ids = {each["resourceId"].lower() for each in named}
    return named + [_ignored(manager, each) for each in beside if each.id.lower() not in ids]


def _change(manager: ResourceManager, kind: ResourceType, inputs: Json) -> Json:
    path, bag = kind.split(inputs)
    if "location" in bag:
        bag["location"] = region(bag["location"])
    named = {"id": kind.told_id(path), "name": path[kind.name_key], "type": kind.arm_type}
    wanted = _told_at_all(kind, form.request(kind.form, bag))
    after = {**named, "apiVersion": kind.api_version, **wanted}
    found = manager.find(kind, path)
    if found is None:
        return {"resourceId": named["id"], "changeType": "Create", "after": after}
    said, body = _told_at_all(kind, form.request(kind.form, found.body)), told(kind, found)
    shown = _visible(said, said, body)
    delta = list(_delta(shown, _visible(wanted, said, body)))
    return {
        "resourceId": found.id,
        "changeType": "Modify" if delta else "NoChange",
        "before": {**named, "apiVersion": kind.api_version, **shown},
        "after": after,
        "delta": delta,
    }


def _ignored(manager: ResourceManager, resource: Resource) -> Json:
    kind = manager.kind(resource.type)
    body = told(kind, resource) if kind else {}
    return {"resourceId": resource.id, "changeType": "Ignore", "before": body, "after": body}


def _told_at_all(kind: ResourceType, body: Json) -> Json:
    """A body without what no answer of its type tells."""
    for path in kind.write_only:
        # The paths are azure-native's, which has no level `properties` in most types.
        for whole in (path, f"properties.{path}"):
            body = _without(body, whole.split("."))
    return body


def _without(value: Any, path: list[str]) -> Any:
    key, *rest = path
    if isinstance(value, list):
        return [_without(each, path) for each in value]
    if not isinstance(value, dict):
        return value
    if not rest:
        return {name: each for name, each in value.items() if name != key}
    return {name: _without(each, rest) if name == key else each for name, each in value.items()}


def _visible(body: Any, said: Any, answered: Any) -> Any:
    """A body without what was said before and no answer tells since."""
    if not (isinstance(body, dict) and isinstance(said, dict) and isinstance(answered, dict)):
        return body
    return {
        key: _visible(value, said.get(key), answered.get(key))
        for key, value in body.items()
        if key not in said or key in answered
    }


def _delta(before: Any, after: Any, path: str = "") -> Iterator[Json]:
    if isinstance(before, dict) and isinstance(after, dict):
        for key in sorted(before.keys() | after.keys()):
            yield from _delta(before.get(key), after.get(key), f"{path}.{key}".lstrip("."))
    elif isinstance(before, list) and isinstance(after, list) and before != after:
        pairs = range(max(len(before), len(after)))
        children = [c for i in pairs for c in _delta(_at(before, i), _at(after, i), str(i))]
        yield {**_said(path, "Array", before, after), "children": children}
    elif str(before).lower() != str(after).lower():
        kind = "Create" if before is None else "Delete" if after is None else "Modify"
        yield _said(path, kind, before, after)


def _said(path: str, kind: str, before: Any, after: Any) -> Json:
    return {"path": path, "propertyChangeType": kind, "before": before, "after": after}


def _at(values: list[Any], index: int) -> Any:
    return values[index] if index < len(values) else None
