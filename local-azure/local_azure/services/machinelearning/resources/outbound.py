"""The outbound rules of a workspace's managed network, each a resource of its own.

A rule to a private endpoint holds once the network exists and its connection is approved. What
leads to names and service tags is kept and has no effect (stricter than Azure).
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from local_azure.control_plane.entra.directory import Principal
from local_azure.control_plane.networks import connections, firewall
from local_azure.control_plane.networks.connections import APPROVED, PENDING, Owner
from local_azure.control_plane.networks.links import GROUPS
from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.resource_manager.answers import proxied, system_data
from local_azure.control_plane.resource_manager.errors import ConflictError
from local_azure.control_plane.resource_manager.resource_type import Json, Put, ResourceType
from local_azure.control_plane.resource_manager.shape import Problem, other_than
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.control_plane.resource_manager.unknown import at
from local_azure.services.machinelearning.resources.place import API_VERSION, ARM, PATH, workspace

OFF, OPEN, CLOSED = "Disabled", "AllowInternetOutbound", "AllowOnlyApprovedOutbound"
ENDPOINT, REQUIRED, USERS = "PrivateEndpoint", "Required", "UserDefined"
_RULE = f"{ARM}/outboundRules"

PARTS = (
    ("storageAccount", "blob"),
    ("storageAccount", "file"),
    ("keyVault", "vault"),
    ("containerRegistry", "registry"),
)
"""What each workspace needs an endpoint to; of the account's queue and table, which batch jobs need
too, none comes by itself."""


def rule_problems(rule: Json, path: str) -> Iterator[Problem]:
    """What is wrong with a rule by itself."""
    yield from other_than(rule, "category", USERS, word="accepted", path=path)
    if rule.get("destination") is None:
        yield Problem(f"{path}.destination", "missing; a rule leads somewhere")
    elif rule.get("type") == ENDPOINT and at(rule, "destination.sparkEnabled"):
        yield Problem(f"{path}.destination.sparkEnabled", "not emulated; accepted: False")


def check_rule(put: Put, rule: Json, mode: str, path: str) -> None:
    """A rule goes with the network's mode, and leads to what has endpoints.

    Raises:
        ControlPlaneError: it does not.
    """
    if mode == OFF:
        raise put.refuse(path, "the workspace has no managed network that a rule could lead out of")
    if rule["type"] != ENDPOINT:
        if mode == OPEN:
            reason = f"a {rule['type']} rule goes with {CLOSED!r} alone; the internet is open"
            raise put.refuse(path, reason)
        return
    to = rule["destination"]
    target = put.linked(f"{path}.destination", str(to.get("serviceResourceId")), *GROUPS)
    if to.get("subresourceTarget") not in GROUPS[target.type]:
        offered = ", ".join(GROUPS[target.type])
        reason = f"found {to.get('subresourceTarget')!r}, accepted: {offered}"
        raise put.refuse(f"{path}.destination.subresourceTarget", reason)


def isolation(workspace: Resource) -> str:
    """How a workspace's network is isolated."""
    return str(at(workspace.properties, "managedNetwork.isolationMode") or OFF)


def put_rule(control: ControlPlane, workspace_id: str, name: str, rule: Json) -> None:
    """Make a rule, or let it lead elsewhere."""
    rule_id = f"{workspace_id}/outboundRules/{name}"
    before = control.resources.find(rule_id)
    known = before.properties["properties"]["status"] if before else "Inactive"
    properties = {**rule, "status": known}
    shown = {"name": name, "type": _RULE, "properties": properties}
    control.resources.put(Resource(rule_id, _RULE, name, {"properties": rule}, shown))


def connect_rule(control: ControlPlane, rule: Resource) -> None:
    """Let a rule hold, once the network exists; a target's owner may have to approve it."""
    found = control.resources.find(rule.id.rpartition("/outboundRules/")[0])
    if found is None or at(found.properties, "managedNetwork.status.status") != "Active":
        return
    given, approved = rule.body["properties"], True
    if given["type"] == ENDPOINT:
        to = given["destination"]
        target = control.resources.find(to["serviceResourceId"])
        if target is None:
            return
        status = APPROVED if _may_approve(control, found, target) else PENDING
        owner = Owner(rule.id, found.id, to["subresourceTarget"])
        connections.connect(control, target, owner, status)
        made = connections.of(control, rule.id)[0]
        approved = connections.status(made) == APPROVED
    status = "Active" if approved else "Inactive"
    properties = {**rule.properties["properties"], "status": status}
    control.resources.put(replace(rule, properties={**rule.properties, "properties": properties}))


def _may_approve(control: ControlPlane, found: Resource, target: Resource) -> bool:
    """At the workspace's own parts its system-assigned identity may; else one needs the role.

    Source: AI:how-to-managed-network, approval of private endpoints.
    """
    identity = found.properties["identity"]
    own = {str(found.properties.get(part)).lower() for part, _ in PARTS} | {found.id.lower()}
    if "SystemAssigned" in identity["type"] and target.id.lower() in own:
        return True
    given = [identity, *(identity.get("userAssignedIdentities") or {}).values()]
    allows, action = control.authorization.allows, connections.approval(target)
    return any(allows(str(each.get("principalId")), action, target.id) for each in given)


def unreached(
    control: ControlPlane, found: Resource, account_id: str, groups: Iterable[str]
) -> list[str]:
    """Parts of an account that a workspace's jobs do not reach out of their network."""
    account = control.resources.find(account_id)
    mode = isolation(found)
    if account is None or mode == OFF or (mode == OPEN and _is_open(account)):
        return []
    led = {
        each.body["__group"]
        for each in connections.to(control, account)
        if each.body["__network"] == found.id and connections.status(each) == APPROVED
    }
    return [each for each in groups if each not in led]


def _is_open(account: Resource) -> bool:
    denied = at(account.properties, "networkRuleSet.defaultAction") == "Deny"
    return firewall.is_public(account) and not denied


def told_rules(control: ControlPlane, workspace_id: str) -> Json:
    """A workspace's rules, by name."""
    found = control.resources.select(_RULE, under=workspace_id)
    return {each.name: each.properties["properties"] for each in found}


def tell(control: ControlPlane, workspace_id: str, status: str = "") -> None:
    """Let the workspace tell its network as it is by now."""
    found = control.resources.find(workspace_id)
    if found is None or isolation(found) == OFF:
        return
    network = {
        **found.properties["managedNetwork"],
        "outboundRules": told_rules(control, workspace_id),
    }
    if status:
        network["status"] = {"status": status, "sparkReady": False}
    control.resources.put(
        replace(found, properties={**found.properties, "managedNetwork": network})
    )


def _rules(inputs: Json) -> Iterator[Problem]:
    if isinstance(inputs["properties"], dict):
        yield from rule_problems(inputs["properties"], "properties")


def _check(put: Put) -> None:
    check_rule(put, put.body["properties"], isolation(workspace(put)), "properties")


def _answer(put: Put) -> Json:
    given = {"category": USERS, **put.body["properties"]}
    before = put.before.properties["properties"]["status"] if put.before else "Inactive"
    return {
        **proxied(put),
        "properties": {**given, "status": before},
        "systemData": system_data(put),
    }


def _commit(put: Put, answer: Json) -> None:
    connect_rule(put.control, Resource(put.id, _RULE, put.name, put.body, answer))
    tell(put.control, workspace(put).id)


def _forget(control: ControlPlane, rule: Resource) -> None:
    connections.disconnect(control, rule.id)
    control.resources.delete(rule.id)
    tell(control, rule.id.rpartition("/outboundRules/")[0])


def _check_users(_: ControlPlane, rule: Resource, __: Principal) -> None:
    if rule.properties["properties"].get("category") == REQUIRED:
        message = f"The rule '{rule.name}' is one that the workspace needs; it can't be deleted."
        raise ConflictError(message)


OUTBOUND_RULE = ResourceType(
    pulumi_type="azure-native:machinelearningservices:ManagedNetworkSettingsRule",
    path=f"{PATH}/outboundRules/{{ruleName}}",
    api_version=API_VERSION,
    answer=_answer,
    rules=_rules,
    check=_check,
    check_delete=_check_users,
    commit=_commit,
    forget=_forget,
)
