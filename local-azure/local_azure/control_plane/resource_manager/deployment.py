"""Deployments of inline templates: each resource of the template is a PUT like any other.

Templates hold literal values only. A deleted deployment leaves its resources as they are.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from uuid import uuid4

from starlette.responses import JSONResponse, Response

from local_azure.control_plane import clouds
from local_azure.control_plane.resource_manager import form, template, versions, whatif
from local_azure.control_plane.resource_manager.answers import proxied
from local_azure.control_plane.resource_manager.errors import (
    InvalidContentError,
    InvalidPropertyError,
)
from local_azure.control_plane.resource_manager.manager import ResourceManager
from local_azure.control_plane.resource_manager.operations import Operations
from local_azure.control_plane.resource_manager.requests import Answer, Asked
from local_azure.control_plane.resource_manager.resource_type import Json, Put, ResourceType, region
from local_azure.control_plane.resource_manager.rest import Call, Operation, response
from local_azure.control_plane.resource_manager.shape import Problem, other_than
from local_azure.control_plane.resource_manager.unknown import at, holds_unknown

Find = Callable[[str], ResourceType | None]
_Resources = list[tuple[ResourceType, Json]]
_TYPE = "Microsoft.Resources/deployments"
_KEYS = {"mode", "template"}


def _rules(inputs: Json) -> Iterator[Problem]:
    if "location" in inputs:
        yield Problem("location", "a deployment in a resource group has none; leave it out")
    properties = at(inputs, "properties")
    if properties is None:
        return
    said = {key for key, value in properties.items() if value != {}}
    for key in sorted(said - _KEYS):
        yield Problem(f"properties.{key}", f"not emulated; accepted: {', '.join(sorted(_KEYS))}")
    yield from other_than(properties, "mode", "Incremental", word="accepted", path="properties")
    if "template" not in properties:
        yield Problem("properties.template", "missing; a deployment deploys an inline template")
    elif not holds_unknown(properties["template"]):
        for problem in template.problems(properties["template"]):
            yield Problem(f"properties.template{problem.path}", problem.reason)


def deployment(manager: ResourceManager) -> ResourceType:
    """The type, whose templates a manager decides on and puts."""

    def check(put: Put) -> None:
        """Everything in the template is decided on before the first of it is written."""
        for kind, inputs in _resources(manager.kind, put):
            manager.decide(kind, inputs, put.caller, put.cloud, new=False)

    async def deploy(put: Put) -> None:
        for kind, inputs in _resources(manager.kind, put):
            await manager.put(kind, inputs, put.caller, put.cloud, new=False)

    return replace(DEPLOYMENT, answer=partial(_answer, manager.kind), check=check, prepare=deploy)


def operations(manager: ResourceManager, under_way: Operations) -> list[Operation]:
    """Asking what a template would do, which clients do before they deploy it."""
    kind = manager.kind(_TYPE)
    assert kind is not None  # noqa: S101 it is registered first

    def decided(call: Call, body: Json) -> Put:
        names = {key: call.path[key] for key in kind.path_keys}
        given = form.inputs(kind.pulumi_type, kind.form, names, body)
        return manager.decide(kind, given, call.caller, _cloud(call), new=False)

    async def validate(call: Call) -> Response:
        put = decided(call, _properties(call))
        resources = list(_resources(manager.kind, put))
        told = {**_decided(put, resources), "validatedResources": _ids(resources)}
        beside = {"id": put.id, "name": put.name, "type": _TYPE}
        return JSONResponse({**beside, **_tags(put), "properties": told})

    async def what_if(call: Call) -> Response:
        body = _properties(call)
        # How it is told alone, and what it is told of; everything is.
        body["properties"].pop("whatIfSettings", None)
        put = decided(call, body)
        resources = call.control.resources
        beside = [each for each in map(resources.find, resources.below(call.target.id)) if each]
        found = whatif.changes(manager, _resources(manager.kind, put), beside)
        told = {
            "status": "Succeeded",
            "properties": {"correlationId": str(uuid4()), "changes": found},
        }
        asked = Asked("POST", f"{put.id}/whatIf", call.caller, call.query, cloud=_cloud(call))
        return response(under_way.begun(f"{_TYPE}/whatIf", asked, Answer(200, told), {}))

    scope, part = kind.path.split("/providers/")
    return [
        Operation(
            "POST",
            scope,
            f"/{verb}",
            f"{_TYPE}/{verb}/action",
            versions.accepted(kind),
            handler,
            part=f"/providers/{part}",
        )
        for verb, handler in (("validate", validate), ("whatIf", what_if))
    ]


def _properties(call: Call) -> Json:
    """The body, which has an object of properties.

    Raises:
        InvalidContentError: it has none.
    """
    if isinstance(call.body, dict) and isinstance(call.body.get("properties"), dict):
        return {**call.body, "properties": {**call.body["properties"]}}
    message = "The request content was invalid and could not be deserialized: 'properties'."
    raise InvalidContentError(message)


def _cloud(call: Call) -> clouds.Cloud:
    return clouds.of(call.host, "arm_host")


def _resources(find: Find, put: Put) -> Iterator[tuple[ResourceType, Json]]:
    for index, resource in enumerate(put.body["properties"]["template"]["resources"]):
        kind = find(resource["type"])
        if kind is None or "resourceGroupName" not in kind.path_keys or kind.arm_type == _TYPE:
            path = f"properties.template.resources[{index}].type"
            accepted = "what lies in a resource group and is emulated"
            raise InvalidPropertyError(
                str(put), path, f"found {resource['type']!r}, accepted: {accepted}"
            )
        yield kind, template.inputs(kind, resource, put.path["resourceGroupName"])


def _answer(find: Find, put: Put) -> Json:
    resources = list(_resources(find, put))
    told = {**_decided(put, resources), "outputResources": _ids(resources)}
    return {**proxied(put), **_tags(put), "properties": told}


def _tags(put: Put) -> Json:
    return {"tags": put.body["tags"]} if put.body.get("tags") else {}


def _decided(put: Put, resources: _Resources) -> Json:
    """What is told of a template before any of it is made, and after."""
    given = put.body["properties"]["template"]
    digest = hashlib.sha256(json.dumps(given, sort_keys=True).encode()).hexdigest()
    return {
        "correlationId": put.kept("correlationId"),
        "dependencies": [],
        "duration": "PT0S",
        "mode": "Incremental",
        "providers": _providers(resources),
        "provisioningState": "Succeeded",
        "templateHash": str(int(digest[:15], 16)),
        "timestamp": put.now,
    }


def _providers(resources: _Resources) -> list[Json]:
    """The types of a template by provider, each with where it is put; None for no region."""
    found: dict[str, dict[str, list[str | None]]] = {}
    for kind, inputs in resources:
        namespace, _, name = kind.arm_type.partition("/")
        where = found.setdefault(namespace, {}).setdefault(name, [])
        here = region(inputs["location"]) if "location" in inputs else None
        if here not in where:
            where.append(here)
    return [
        {
            "namespace": namespace,
            "resourceTypes": [{"resourceType": of, "locations": at} for of, at in types.items()],
        }
        for namespace, types in found.items()
    ]


def _ids(resources: _Resources) -> list[Json]:
    return [{"id": kind.resource_id(kind.split(inputs)[0])} for kind, inputs in resources]


DEPLOYMENT = ResourceType(
    pulumi_type="azure-native:resources:Deployment",
    path=f"{_TYPE}/{{deploymentName}}",
    api_version="2024-03-01",
    answer=partial(_answer, lambda _: None),
    rules=_rules,
    write_only=("properties.template",),
    regional=False,
)
