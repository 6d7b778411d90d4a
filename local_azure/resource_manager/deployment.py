"""Deployments of inline templates: each resource of the template is a PUT like any other.

Templates hold literal values only. A deleted deployment leaves its resources as they are.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from local_azure.resource_manager import template
from local_azure.resource_manager.answers import proxied
from local_azure.resource_manager.errors import InvalidPropertyError
from local_azure.resource_manager.resource_type import IN_GROUP, ResourceType
from local_azure.resource_manager.shape import Problem
from local_azure.resource_manager.unknown import UNKNOWN, at, holds_unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local_azure.resource_manager.resource_type import Json, Put

_TYPE = "Microsoft.Resources/deployments"
_KEYS = {"mode", "template"}


def _rules(inputs: Json) -> Iterator[Problem]:
    if "location" in inputs:
        yield Problem("location", "a deployment in a resource group has none; leave it out")
    properties = at(inputs, "properties")
    if properties is None:
        return
    for key in sorted(set(properties) - _KEYS):
        yield Problem(f"properties.{key}", f"not emulated; accepted: {', '.join(sorted(_KEYS))}")
    if properties["mode"] not in {"Incremental", UNKNOWN}:
        yield Problem("properties.mode", f"found {properties['mode']!r}, accepted: 'Incremental'")
    if "template" not in properties:
        yield Problem("properties.template", "missing; a deployment deploys an inline template")
    elif not holds_unknown(properties["template"]):
        for problem in template.problems(properties["template"]):
            yield Problem(f"properties.template{problem.path}", problem.reason)


def _check(put: Put) -> None:
    """Everything in the template is decided on before the first of it is written."""
    for kind, inputs in _resources(put):
        put.azure.manager.decide(kind, inputs, put.caller, put.cloud, new=False)


async def _deploy(put: Put) -> None:
    for kind, inputs in _resources(put):
        await put.azure.manager.put(kind, inputs, put.caller, put.cloud, new=False)


def _resources(put: Put) -> Iterator[tuple[ResourceType, Json]]:
    from local_azure.resource_manager.catalogue import (  # noqa: PLC0415 it lists this type as well
        by_arm_type,
    )

    for index, resource in enumerate(put.body["properties"]["template"]["resources"]):
        kind = by_arm_type(resource["type"])
        if kind is None or kind.arm_type not in template.UNFLATTENED:
            accepted = ", ".join(sorted(template.UNFLATTENED))
            path = f"properties.template.resources[{index}].type"
            raise InvalidPropertyError(
                str(put), path, f"found {resource['type']!r}, emulated: {accepted}"
            )
        yield kind, template.inputs(kind, resource, put.path["resourceGroupName"])


def _answer(put: Put) -> Json:
    given = put.body["properties"]["template"]
    digest = hashlib.sha256(json.dumps(given, sort_keys=True).encode()).hexdigest()
    return {
        **proxied(put),
        **({"tags": put.body["tags"]} if put.body.get("tags") else {}),
        "properties": {
            "correlationId": put.kept("correlationId"),
            "dependencies": [],
            "duration": "PT0S",
            "mode": "Incremental",
            "outputResources": [_told(kind, inputs) for kind, inputs in _resources(put)],
            "providers": [],
            "provisioningState": "Succeeded",
            "templateHash": str(int(digest[:15], 16)),
            "timestamp": put.now,
        },
    }


def _told(kind: ResourceType, inputs: Json) -> dict[str, Any]:
    return {"id": kind.resource_id(kind.split(inputs)[0])}


DEPLOYMENT = ResourceType(
    pulumi_type="azure-native:resources:Deployment",
    arm_type=_TYPE,
    path=f"{IN_GROUP}/{_TYPE}/{{deploymentName}}",
    api_version="2024-03-01",
    answer=_answer,
    rules=_rules,
    check=_check,
    write_only=("properties.template",),
    regional=False,
    prepare=_deploy,
)
