"""A workspace's managed network, where its jobs run: its isolation, and the rules that lead out.

Rules are resources of their own. Those that a workspace needs come when the network is provisioned:
at once where that is asked for, else with the first cluster. Source: AI:how-to-managed-network; how
the needed rules are named, and what is refused is worded, is UNVERIFIED.
"""

from collections.abc import Iterator
from typing import Any

from starlette.responses import JSONResponse, Response

from local_azure.control_plane.networks import firewall
from local_azure.control_plane.networks.links import GROUPS
from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.resource_manager.answers import chosen
from local_azure.control_plane.resource_manager.errors import ConflictError
from local_azure.control_plane.resource_manager.resource_type import Json, Put
from local_azure.control_plane.resource_manager.rest import Call, Operation
from local_azure.control_plane.resource_manager.shape import Problem, is_part, not_emulated
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.control_plane.resource_manager.unknown import UNKNOWN, at
from local_azure.services.machinelearning.resources import outbound
from local_azure.services.machinelearning.resources.outbound import (
    CLOSED,
    ENDPOINT,
    OFF,
    PARTS,
    REQUIRED,
    USERS,
)
from local_azure.services.machinelearning.resources.place import API_VERSION, ARM

_TOLD = ("firewallSku", "managedNetworkKind")


def problems(given: Any) -> Iterator[Problem]:
    """What is wrong with a workspace's ``managedNetwork``."""
    if not isinstance(given, dict):
        return
    for problem in not_emulated(given, "enableNetworkMonitor", "status"):
        yield Problem(f"managedNetwork.{problem.path}", problem.reason)
    for name, rule in _of_the_user(given).items():
        if rule is not UNKNOWN:
            yield from outbound.rule_problems(rule, f"managedNetwork.outboundRules.{name}")


def check(put: Put) -> None:
    """An isolation mode, once chosen, stays; and where each rule leads exists.

    Rules that the workspace needs come back as they were told, and change nothing (resource
    azurerm_machine_learning_workspace of terraform-provider-azurerm puts what it has read).

    Raises:
        ControlPlaneError: it is changed, or does not.
    """
    mode = _mode(put.body)
    before = _mode(put.before.body) if put.before else OFF
    if before not in {OFF, mode}:
        reason = f"found {mode!r}; a managed network keeps its mode, {before!r}"
        raise put.refuse("managedNetwork.isolationMode", reason)
    rules = outbound.told_rules(put.control, put.id)
    for name, rule in _inline(put.body).items():
        path, known = f"managedNetwork.outboundRules.{name}", rules.get(name)
        if not _is_needed(rule):
            outbound.check_rule(put, rule, mode, path)
        elif not is_part({**rule, "status": at(known, "status")}, known):
            raise put.refuse(f"{path}.category", f"found {REQUIRED!r}, accepted: {USERS!r}")


def told(put: Put) -> Json:
    """What the answer to a workspace's PUT tells of its network."""
    mode, given = _mode(put.body), put.body.get("managedNetwork") or {}
    beside = {"enableNetworkMonitor": False, "isolationMode": mode}
    if mode == OFF:
        return beside
    known = at(put.before.properties, "managedNetwork.status") if put.before else None
    return {
        **beside,
        **chosen(given, _TOLD),
        "outboundRules": outbound.told_rules(put.control, put.id),
        "status": known or {"status": "Inactive", "sparkReady": False},
    }


def commit(put: Put, answer: Json) -> None:
    """Make the rules that a workspace was given, and its network where that is asked for."""
    for name, rule in _of_the_user(put.body.get("managedNetwork") or {}).items():
        outbound.put_rule(put.control, put.id, name, {"category": USERS, **rule})
    status = at(answer, "managedNetwork.status.status")
    if put.body.get("provisionNetworkNow") or status == "Active":
        provision(put.control, put.id)
    else:
        outbound.tell(put.control, put.id)


def provision(control: ControlPlane, workspace_id: str) -> None:
    """Let a workspace's network exist, with what it needs; nothing where it has none."""
    found = control.resources.find(workspace_id)
    if found is None or outbound.isolation(found) == OFF:
        return
    for part, group in PARTS:
        target = control.resources.find(str(found.properties.get(part)))
        if target and (outbound.isolation(found) == CLOSED or not firewall.is_public(target)):
            _need(control, found, target, group)
    if outbound.isolation(found) == CLOSED or not firewall.is_public(found):
        _need(control, found, found, GROUPS[ARM][0])
    outbound.tell(control, workspace_id, "Active")
    for rule in control.resources.select(outbound.OUTBOUND_RULE.arm_type, under=workspace_id):
        outbound.connect_rule(control, rule)
    outbound.tell(control, workspace_id)


def network_of(workspace: Resource) -> str:
    """The network that a workspace's jobs run in: its own, or none of the user's."""
    return "" if outbound.isolation(workspace) == OFF else workspace.id


def _mode(body: Json) -> str:
    return str((body.get("managedNetwork") or {}).get("isolationMode", OFF))


def _inline(body: Json) -> dict[str, Json]:
    return (body.get("managedNetwork") or {}).get("outboundRules") or {}


def _of_the_user(network: Json) -> dict[str, Any]:
    rules = at(network, "outboundRules") or {}
    return {name: rule for name, rule in rules.items() if not _is_needed(rule)}


def _is_needed(rule: Any) -> bool:
    return bool(at(rule, "category") == REQUIRED)


def _need(control: ControlPlane, found: Resource, target: Resource, group: str) -> None:
    destination = {"serviceResourceId": target.id, "subresourceTarget": group}
    rule = {"type": ENDPOINT, "category": REQUIRED, "destination": destination}
    outbound.put_rule(control, found.id, f"__SYS_PE_{target.name}_{group}", rule)


def operation(workspaces: str) -> Operation:
    """What ``az ml workspace provision-network`` asks for, at the path of workspaces."""

    async def handler(call: Call) -> Response:
        if outbound.isolation(call.target) == OFF:
            message = "The workspace has no managed network."
            raise ConflictError(message)
        provision(call.control, call.target.id)
        return JSONResponse({"status": "Active", "sparkReady": False})

    rest, versions = "/provisionManagedNetwork", (API_VERSION, "2024-10-01-preview")
    return Operation("POST", workspaces, rest, f"{ARM}{rest}/action", versions, handler)
