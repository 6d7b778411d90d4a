"""Resource Manager templates, as far as they are lists of resources with literal values.

Expressions, parameters, variables, loops, conditions and nested templates are refused by name.
"""

from collections.abc import Iterator
from typing import Any

from local_azure.control_plane.resource_manager import form
from local_azure.control_plane.resource_manager.resource_type import Json, ResourceType
from local_azure.control_plane.resource_manager.shape import Problem

_NEEDED = {"$schema", "contentVersion", "resources"}
_KEYS = _NEEDED | {"metadata"}
_REQUIRED = {"type", "apiVersion", "name"}
_OF_RESOURCE = _REQUIRED | {"location", "tags", "identity", "properties", "kind", "sku"}


def problems(template: Any) -> Iterator[Problem]:
    """What a template has that can't be deployed here; paths are told below the template."""
    if not isinstance(template, dict):
        yield Problem("", "accepted: an object")
        return
    for key in sorted(_NEEDED - set(template)):
        yield Problem(f".{key}", "missing; a template has it")
    for key in sorted(set(template) - _KEYS):
        yield Problem(f".{key}", f"not emulated; accepted: {', '.join(sorted(_KEYS))}")
    resources = template.get("resources", [])
    if not isinstance(resources, list):
        yield Problem(".resources", "accepted: a list")
        return
    for index, resource in enumerate(resources):
        path = f".resources[{index}]"
        if isinstance(resource, dict):
            yield from _resource_problems(resource, path)
        else:
            yield Problem(path, "accepted: an object")
    yield from _expressions(template, "")


def _resource_problems(resource: Json, path: str) -> Iterator[Problem]:
    for key in sorted(_REQUIRED - set(resource)):
        yield Problem(f"{path}.{key}", "missing; a resource has it")
    for key in sorted(set(resource) - _OF_RESOURCE):
        yield Problem(f"{path}.{key}", f"not emulated; accepted: {', '.join(sorted(_OF_RESOURCE))}")
    kind, name = str(resource.get("type", "")), str(resource.get("name", ""))
    if kind.count("/") != name.count("/") + 1:
        reason = f"found {name!r}; {kind!r} takes {kind.count('/')} names, joined by slashes"
        yield Problem(f"{path}.name", reason)


def _expressions(value: Any, path: str) -> Iterator[Problem]:
    if isinstance(value, dict):
        for key, entry in value.items():
            yield from _expressions(entry, f"{path}.{key}")
    elif isinstance(value, list):
        for index, entry in enumerate(value):
            yield from _expressions(entry, f"{path}[{index}]")
    elif isinstance(value, str) and value.startswith("[") and not value.startswith("[["):
        yield Problem(path, f"found {value!r}, an expression; only literal values are emulated")


def inputs(kind: ResourceType, resource: Json, group: str) -> Json:
    """A template's resource as azure-native would be given it.

    Args:
        kind: its type.
        resource: the entry of the template.
        group: resource group that is deployed to.
    """
    names = dict(zip(kind.path_keys, [group, *resource["name"].split("/")], strict=True))
    body = {key: value for key, value in resource.items() if key not in _REQUIRED}
    return form.inputs(kind.pulumi_type, kind.form, names, body)
