"""Logic Apps of the Consumption plan on the control plane.

Integration accounts and service environments are not emulated.
"""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from local_azure.control_plane.clouds import CHINA, PUBLIC, US_GOVERNMENT
from local_azure.control_plane.resource_manager.answers import chosen, tracked
from local_azure.control_plane.resource_manager.form import Form
from local_azure.control_plane.resource_manager.resource_type import Json, Put, ResourceType
from local_azure.control_plane.resource_manager.rest import Handler, Operation
from local_azure.control_plane.resource_manager.shape import Problem, not_emulated
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.control_plane.resource_manager.unknown import UNKNOWN, holds_unknown
from local_azure.services.logic.check import check_definition, sample

TYPE = "Microsoft.Logic/workflows"
_API_VERSIONS = ("2016-06-01", "2019-05-01")
_ADDRESSES = [{"address": "192.0.2.1"}]
_ENDPOINTS = {
    "workflow": {"outgoingIpAddresses": _ADDRESSES, "accessEndpointIpAddresses": _ADDRESSES},
    "connector": {"outgoingIpAddresses": [{"address": "192.0.2.0/27"}]},
}
"""Addresses that documentation may use: firewall rules are made of what stands here in Azure."""
_NUMBERS = 99
_DIGITS = 20
"""Of a version (recorded)."""
_SECURE = {"securestring", "secureobject"}
_TYPES = {
    each.lower(): each
    for each in [
        "String",
        "SecureString",
        "Int",
        "Float",
        "Bool",
        "Array",
        "Object",
        "SecureObject",
    ]
}
"""Recorded of ``bool`` and ``string``."""


def _rules(inputs: Json) -> Iterator[Problem]:
    yield from not_emulated(
        inputs,
        "endpointsConfiguration",
        "integrationAccount",
        "integrationServiceEnvironment",
        chosen={"endpointsConfiguration": _ENDPOINTS},
    )
    if "definition" not in inputs:
        yield Problem("definition", "missing; a workflow consists of its definition")
        return
    if inputs.get("state", "Enabled") not in {"Enabled", "Disabled", UNKNOWN}:
        found = inputs["state"]
        yield Problem("state", f"found {found!r}, accepted: 'Enabled' or 'Disabled'")
    if holds_unknown(inputs["definition"]) or inputs.get("parameters") is UNKNOWN:
        return
    parameters = inputs.get("parameters") or {}
    if any(holds_unknown(parameter) for parameter in parameters.values()):
        parameters = {name: _placeheld(inputs, name) for name in parameters}
    for sentence in check_definition(inputs["definition"], parameters):
        yield Problem("definition", sentence)


def _placeheld(inputs: Json, name: str) -> Any:
    """A parameter's value; where it is not known yet, one of the type that is declared."""
    given = inputs["parameters"][name]
    if given is not UNKNOWN and not holds_unknown(given):
        return given
    declared = inputs["definition"].get("parameters", {}).get(name, {}).get("type", "String")
    return {"value": sample(declared)}


def _answer(put: Put) -> Json:
    number = put.before.properties["version"] if put.before else _first_version()
    return {
        **tracked(put, untagged=None),
        **chosen(put.body, ["accessControl"]),
        "definition": _definition(put.body["definition"]),
        "accessEndpoint": put.kept("accessEndpoint", lambda: access_endpoint(put.location)),
        "changedTime": put.now,
        "createdTime": put.kept("createdTime", lambda: put.now),
        "endpointsConfiguration": _ENDPOINTS,
        "parameters": {n: _parameter(p) for n, p in (put.body.get("parameters") or {}).items()},
        "provisioningState": "Succeeded",
        "state": put.body.get("state", "Enabled"),
        "version": f"{int(number) + 1:0{_DIGITS}}",
    }


def _definition(given: Json) -> Json:
    """A definition as a GET tells it: types of parameters and outputs as Azure writes them."""
    parts = {part: given[part] for part in ("parameters", "outputs") if given.get(part)}
    return given | {part: {n: _typed(e) for n, e in each.items()} for part, each in parts.items()}


def _typed(declared: Json) -> Json:
    kind = declared.get("type")
    return {**declared, "type": _TYPES.get(str(kind).lower(), kind)} if kind else declared


def _first_version() -> str:
    """One that no workflow of this id has had before, whose runs may still be shown."""
    return str(uuid4().int % 10 ** (_DIGITS - 1))


def _parameter(given: Json) -> Json:
    """A parameter as a GET tells it: a secure one without its value."""
    if str(given.get("type", "")).lower() in _SECURE:
        return chosen(given, ["type", "description"])
    return chosen(given, ["type", "description", "value", "metadata"])


def access_endpoint(location: str) -> str:
    """Where a new workflow of a region is called: its own id has 32 hexadecimal digits."""
    identifier, region = uuid4().hex, location.replace(" ", "").lower()
    number = int(identifier[:8], 16) % _NUMBERS
    return f"https://prod-{number:02d}.{region}.{_suffix(region)}:443/workflows/{identifier}"


def _suffix(region: str) -> str:
    if region.startswith("china"):
        return CHINA.logic
    return (US_GOVERNMENT if region.startswith("usgov") else PUBLIC).logic


WORKFLOW = ResourceType(
    form=Form(below=frozenset({"sku"})),
    pulumi_type="azure-native:logic:Workflow",
    path=f"{TYPE}/{{workflowName}}",
    api_version="2019-05-01",
    answer=_answer,
    rules=_rules,
    write_only=("parameters",),
)


def operation(
    rest: str, action: str, handler: Handler, method: str = "GET", heeds: tuple[str, ...] = ()
) -> Operation:
    """What is asked at a path below a workflow's, and the action of workflows that it takes."""
    path, right = WORKFLOW.path, WORKFLOW.action(action)
    return Operation(method, path, rest, right, _API_VERSIONS, handler, heeds=heeds)


def version_of(workflow: Resource, version: str) -> Json:
    """How a version of a workflow is referred to."""
    place = f"{workflow.id}/versions/{version}"
    return {"id": place, "name": version, "type": f"{workflow.type}/versions"}
