"""A stack's state, as `pulumi stack export` tells it: what was pending, and where it belongs.

Functions of plain data. Nothing here decrypts a secret.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

Json = dict[str, Any]

_AUTOMATIC = "__createBeforeDelete"
"""An input that azure-native adds where it made up the name: it may exist twice."""
_NOWHERE_ELSE = ("random:", "pulumi:")
_IN_GROUP = re.compile("/subscriptions/([0-9a-f-]{36})/resourceGroups/", re.IGNORECASE)


class Pending(NamedTuple):
    """An operation that was begun, and whose end nobody wrote down."""

    doing: str
    """creating, updating, deleting, …"""

    resource: Json
    """As it would have stood in the state; a create has no id yet."""

    @property
    def kind(self) -> str:
        """Pulumi's type."""
        return str(self.resource["type"])

    @property
    def is_outside(self) -> bool:
        """Whether something would be in Azure; components, random values are in the state alone."""
        return bool(self.resource.get("custom")) and not self.kind.startswith(_NOWHERE_ELSE)

    @property
    def inputs(self) -> Json:
        """What the provider was given."""
        return dict(self.resource.get("inputs") or {})

    def __str__(self) -> str:
        return f"{self.kind} {self.resource['urn'].rpartition('::')[2]}"


def pending(deployment: Json) -> list[Pending]:
    """Every operation that was begun."""
    told = deployment.get("pending_operations") or []
    return [Pending(each["type"], each["resource"]) for each in told]


def of_type(deployment: Json, kind: str) -> list[Json]:
    """The resources of a type, pending creates included."""
    creates = [each.resource for each in pending(deployment) if each.doing == "creating"]
    everything = [*(deployment.get("resources") or []), *creates]
    return [each for each in everything if each["type"] == kind]


def provider_input(deployment: Json, provider: str, name: str) -> str:
    """What a provider was configured with; empty where its default holds."""
    for each in of_type(deployment, f"pulumi:providers:{provider}"):
        if value := (each.get("inputs") or {}).get(name):
            return str(value)
    return ""


def subscription_of(deployment: Json) -> str:
    """The subscription in which the stack creates, by what it has created; empty if nothing yet."""
    if told := provider_input(deployment, "azure-native", "subscriptionId"):
        return told
    for each in deployment.get("resources") or []:
        if "resourceGroupName" in (each.get("inputs") or {}):
            found = _IN_GROUP.match(each.get("id") or "")
            if found and each["type"].startswith("azure-native:"):
                return found[1]
    return ""


def find(deployment: Json, resource_id: str) -> Json | None:
    """The resource of this id, of which one may be to be deleted."""
    found = [
        each
        for each in deployment.get("resources") or []
        if resource_id and str(each.get("id", "")).lower() == resource_id.lower()
    ]
    return min(found, key=lambda each: bool(each.get("delete")), default=None)


def taken_over(deployment: Json, creates: Iterable[tuple[Json, str]]) -> Json:
    """The state with resources in it that were about to be created, and nothing pending.

    Args:
        deployment: as it was exported.
        creates: pending resources with the ids that they would have.
    """
    resources = list(deployment.get("resources") or [])
    for resource, resource_id in creates:
        _add(resources, {**resource, "id": resource_id})
    return {**deployment, "resources": resources, "pending_operations": []}


def with_inputs(deployment: Json, creates: Iterable[tuple[Json, str]]) -> Json:
    """The state in which what was taken over has the inputs that it was created with.

    A refresh that knows no outputs yet takes every default of Azure's for an input, as an import
    does, and an `up` would take them back (azure-native's ``Read``: old and new outputs compared).
    """
    given = {(each["urn"], resource_id.lower()): each for each, resource_id in creates}
    resources = []
    for each in deployment.get("resources") or []:
        made = given.get((each["urn"], str(each.get("id", "")).lower()))
        resources.append({**each, "inputs": made.get("inputs", {})} if made else each)
    return {**deployment, "resources": resources}


def with_failures(deployment: Json, before: Json) -> Json:
    """The state in which what Azure made halfway, and failed at, says so: an `up` tries it again.

    A refresh forgets that (pulumi/pulumi#17949), and nothing is known of what is taken over; so a
    subscription whose handshake failed would stand there for good, and get no event.
    """
    known = {each["urn"]: each.get("initErrors") for each in before.get("resources") or []}
    resources = []
    for each in deployment.get("resources") or []:
        told = (each.get("outputs") or {}).get("provisioningState") == "Failed"
        errors = known.get(each["urn"]) or (["its provisioningState is Failed"] if told else [])
        resources.append({**each, "initErrors": errors} if errors else each)
    return {**deployment, "resources": resources}


def _add(resources: list[Json], new: Json) -> None:
    """Put a resource behind what it depends on.

    Where another lives under its name in the program, it is either the new one of a replacement or
    what an earlier interrupted `up` left. A name that azure-native made up does not tell which, and
    need not: the next `up` deletes it, and makes what is missing. A name of the program's own is
    taken by it: it stays, and the old one goes.
    """
    same = [each for each in resources if each["urn"] == new["urn"] and not each.get("delete")]
    for old in same:
        if old.get("pendingReplacement"):
            resources.remove(old)
        elif str(old.get("id", "")).lower() == new["id"].lower():
            return
        elif _may_be_twice(new):
            new["delete"] = True
        else:
            resources[resources.index(old)] = {**old, "delete": True}
    needed = set(_needed(new))
    after = [at for at, each in enumerate(resources) if each["urn"] in needed]
    resources.insert(max(after, default=-1) + 1, new)


def _may_be_twice(resource: Json) -> bool:
    azure_native = resource["type"].startswith("azure-native:")
    return not azure_native or bool((resource.get("inputs") or {}).get(_AUTOMATIC))


def _needed(resource: Json) -> Iterator[str]:
    yield from filter(None, (resource.get("parent"), resource.get("deletedWith")))
    yield str(resource.get("provider", "")).rpartition("::")[0]
    yield from resource.get("dependencies") or []
    for each in (resource.get("propertyDependencies") or {}).values():
        yield from each or []
