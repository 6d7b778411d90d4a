"""A target's side of private endpoints: ``<target>/privateEndpointConnections/<name>``.

A connection comes with its endpoint and goes with it; the target's owner approves or rejects it.
What it belongs to is kept beside what was PUT: the owner (endpoint, managed endpoint or outbound
rule), the network that it lies in, and the group that it is for.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple
from uuid import uuid4

from local_azure.control_plane import arm_types
from local_azure.control_plane.networks.links import GROUPS
from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.resource_manager.answers import proxied, without_version
from local_azure.control_plane.resource_manager.errors import ResourceNotFoundError
from local_azure.control_plane.resource_manager.resource_type import Json, Put, ResourceType
from local_azure.control_plane.resource_manager.shape import Problem
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.control_plane.resource_manager.unknown import at

APPROVED, PENDING, REJECTED, DISCONNECTED = "Approved", "Pending", "Rejected", "Disconnected"
_FOLDER = "privateEndpointConnections"
_STATE = "privateLinkServiceConnectionState"
_NESTED = arm_types.FACTORY
"""The one target whose connections azure-native does not flatten."""


class Owner(NamedTuple):
    """What a connection is made for.

    Attributes:
        id: of the endpoint, the managed endpoint or the outbound rule.
        network: id of what it leads out of: a virtual network, a factory or a workspace.
        group: what of the target it is for.
    """

    id: str
    network: str
    group: str


def approval(target: Resource) -> str:
    """The action that a caller needs whose endpoint to a target is to be approved at once."""
    return f"{target.type}/{_FOLDER}Approval/action"


def connect(
    control: ControlPlane, target: Resource, owner: Owner, status: str, told_id: str = ""
) -> None:
    """Make the connection of an owner that has none yet.

    Args:
        control: the control plane.
        target: what the endpoint is for.
        owner: whose connection it is.
        status: ``Approved`` or ``Pending``.
        told_id: the endpoint's id, where that is not the owner's: one in Microsoft's network.
    """
    if of(control, owner.id):
        return
    name = f"{owner.id.rpartition('/')[2]}.{uuid4()}"  # how Azure names it is UNVERIFIED
    given = {_STATE: _state(target.type, status), "privateEndpoint": {"id": told_id or owner.id}}
    kind = f"{target.type}/{_FOLDER}"
    body = {"__owner": owner.id.lower(), "__network": owner.network, "__group": owner.group}
    inner = {**given, "provisioningState": "Succeeded"}
    told: Json = {"name": name, "type": kind, **_placed(target.type, inner)}
    connection_id = f"{target.id}/{_FOLDER}/{name}"
    control.resources.put(Resource(connection_id, kind, name, body | given, told))
    tell_target(control, target.id)


def disconnect(control: ControlPlane, owner_id: str) -> None:
    """Take an owner's connection away, with the owner."""
    for each in of(control, owner_id):
        control.resources.delete(each.id)
        tell_target(control, _target(each))


def of(control: ControlPlane, owner_id: str) -> list[Resource]:
    """The connection of an owner, if there is one."""
    found = [each for kind in GROUPS for each in control.resources.select(f"{kind}/{_FOLDER}")]
    return [each for each in found if each.body.get("__owner") == owner_id.lower()]


def to(control: ControlPlane, target: Resource) -> list[Resource]:
    """All connections to a target."""
    return control.resources.select(f"{target.type}/{_FOLDER}", under=target.id)


def status(connection: Resource) -> str:
    """Its state in a word."""
    inner = connection.properties.get("properties") or connection.properties
    return str(inner[_STATE]["status"])


def shown(put: Put) -> Json:
    """What the answer to a target's PUT tells of its connections, if there are some."""
    found = told(put.control, put.id, put.type.arm_type)
    return {_FOLDER: found} if found else {}


def told(control: ControlPlane, target_id: str, arm_type: str) -> list[Json]:
    """A target's connections, as it tells them itself."""
    found = control.resources.select(f"{arm_type}/{_FOLDER}", under=target_id)
    return [{"id": each.id, **without_version(each.properties)} for each in found]


def tell_target(control: ControlPlane, target_id: str) -> None:
    """Let the target tell its connections as they are by now; a factory never does."""
    target = control.resources.find(target_id)
    if target is None or target.type == arm_types.FACTORY:
        return
    properties, value = dict(target.properties), told(control, target.id, target.type)
    if "properties" in properties:
        properties["properties"] = {**properties["properties"], _FOLDER: value}
    else:
        properties[_FOLDER] = value
    control.resources.put(replace(target, properties=properties))


def _tell_owner(control: ControlPlane, connection: Resource, now: str) -> None:
    """Let the endpoint know in which state its connection is."""
    owner = control.resources.find(connection.body.get("__owner", ""))
    if owner is None:
        return
    properties: dict[str, Any] = dict(owner.properties)
    for key in ("privateLinkServiceConnections", "manualPrivateLinkServiceConnections"):
        if owner.type == arm_types.PRIVATE_ENDPOINT:
            properties[key] = [
                {**each, _STATE: {**each[_STATE], "status": now}} for each in properties[key]
            ]
    inner = properties.get("properties", {})
    if "connectionState" in inner:
        state = {**inner["connectionState"], "status": now}
        properties["properties"] = {**inner, "connectionState": state}
    elif "status" in inner:
        told_status = "Active" if now == APPROVED else "Inactive"
        properties["properties"] = {**inner, "status": told_status}
    control.resources.put(replace(owner, properties=properties))


def _state(target_type: str, status: str, description: str = "") -> Json:
    account = target_type == arm_types.STORAGE_ACCOUNT
    needed = "actionRequired" if account else "actionsRequired"
    return {"status": status, "description": description, needed: "None"}


def _placed(target_type: str, inner: Json) -> Json:
    return {"properties": inner} if target_type == _NESTED else inner


def _target(connection: Resource) -> str:
    return connection.id.rpartition(f"/{_FOLDER}/")[0]


def _rules(inputs: Json) -> Iterator[Problem]:
    given = at(inputs, f"properties.{_STATE}") or at(inputs, _STATE) or {}
    if str(given.get("status", "")).capitalize() not in {APPROVED, REJECTED}:
        reason = f"found {given.get('status')!r}, accepted: {APPROVED!r} or {REJECTED!r}"
        yield Problem(f"{_STATE}.status", reason)


def _check(put: Put) -> None:
    """Nobody makes a connection but an endpoint."""
    if put.before is None:
        raise ResourceNotFoundError(put.id)
    if status(put.before) == DISCONNECTED:
        raise put.refuse(_STATE, "its endpoint is gone; delete the connection")


def _answer(put: Put) -> Json:
    given = (put.body.get("properties") or put.body)[_STATE]
    before = put.before.body if put.before else {}
    target_type = put.type.arm_type.rpartition("/")[0]
    state = _state(target_type, given["status"].capitalize(), given.get("description", ""))
    inner = {
        "privateEndpoint": before.get("privateEndpoint"),
        _STATE: state,
        "provisioningState": "Succeeded",
    }
    return {**proxied(put), **_placed(target_type, inner)}


def _commit(put: Put, answer: Json) -> None:
    assert put.before is not None  # noqa: S101 checked
    kept = {
        key: value
        for key, value in put.before.body.items()
        if key.startswith("__") or key == "privateEndpoint"
    }
    made = Resource(put.id, put.type.arm_type, put.name, {**put.body, **kept}, answer)
    put.control.resources.put(made)
    _tell_owner(put.control, made, status(made))
    tell_target(put.control, _target(made))


def _forget(control: ControlPlane, connection: Resource) -> None:
    """Its endpoint stays, for nothing."""
    _tell_owner(control, connection, DISCONNECTED)
    control.resources.delete(connection.id)
    tell_target(control, _target(connection))


def _type(pulumi_type: str, target: str, key: str, api_version: str) -> ResourceType:
    return ResourceType(
        pulumi_type=f"azure-native:{pulumi_type}:PrivateEndpointConnection",
        path=f"{target}/{{{key}}}/{_FOLDER}/{{privateEndpointConnectionName}}",
        api_version=api_version,
        answer=_answer,
        rules=_rules,
        check=_check,
        regional=False,
        commit=_commit,
        forget=_forget,
    )


TYPES = (
    _type("storage", arm_types.STORAGE_ACCOUNT, "accountName", "2024-01-01"),
    _type("keyvault", arm_types.VAULT, "vaultName", "2024-11-01"),
    _type("containerregistry", arm_types.REGISTRY, "registryName", "2023-01-01-preview"),
    _type("machinelearningservices", arm_types.WORKSPACE, "workspaceName", "2025-12-01"),
    _type("datafactory", arm_types.FACTORY, "factoryName", "2018-06-01"),
)
