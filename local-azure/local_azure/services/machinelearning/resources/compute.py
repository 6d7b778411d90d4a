"""Clusters of the type AmlCompute; other computes are not emulated."""

import re
from collections.abc import Iterator

from local_azure.control_plane.clock import offset
from local_azure.control_plane.resource_manager.answers import chosen, tracked
from local_azure.control_plane.resource_manager.form import Form
from local_azure.control_plane.resource_manager.limits import Limit
from local_azure.control_plane.resource_manager.resource_type import Json, Put, region
from local_azure.control_plane.resource_manager.shape import (
    Problem,
    missing,
    not_emulated,
    other_than,
)
from local_azure.control_plane.resource_manager.unknown import UNKNOWN, at
from local_azure.services.machinelearning.resources import managed_network
from local_azure.services.machinelearning.resources.place import check_region, part, workspace

_INNER = "properties.properties"
_NOT_EMULATED = ("subnet", "virtualMachineImage", "userAccountCredentials", "propertyBag")
_FIXED = (
    "properties.computeType",
    "properties.disableLocalAuth",
    f"{_INNER}.enableNodePublicIp",
    f"{_INNER}.isolatedNetwork",
    f"{_INNER}.osType",
    f"{_INNER}.remoteLoginPortPublicAccess",
    f"{_INNER}.vmPriority",
    f"{_INNER}.vmSize",
)
"""What a cluster keeps from its creation on.

azure-native sends it as a change all the same: its Diff replaces for a property of the body or one
level below, and never inside of a union, as this type's `properties` are
(pulumi-azure-native, provider/pkg/provider/diff.go)."""
_TWO_DIGITS = len("2022-08-31T08:19:43.44")
"""Of a second, which the last change of nodes is told to (recorded)."""
_DURATION = re.compile(r"P(?=.)(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+S)?)?")


def _rules(inputs: Json) -> Iterator[Problem]:
    yield from not_emulated(inputs, "sku")
    outer = at(inputs, "properties")
    if outer is None:
        if inputs.get("properties") is not UNKNOWN:
            yield Problem("properties", "missing; a compute has properties")
        return
    yield from other_than(outer, "computeType", "AmlCompute", path="properties")
    if "resourceId" in outer:
        yield Problem("properties.resourceId", "a compute from elsewhere is not emulated")
    inner = at(outer, "properties")
    if inner is not None:
        yield from _cluster_rules(inner)
    elif outer.get("properties") is not UNKNOWN:
        yield Problem(_INNER, "missing; a cluster has a size and a scale")


def _cluster_rules(inner: Json) -> Iterator[Problem]:
    for key in _NOT_EMULATED:
        if key in inner:
            yield Problem(f"{_INNER}.{key}", "not emulated; leave it out")
    yield from missing(inner, "vmSize", "scaleSettings", why="a cluster has it", path=_INNER)
    yield from other_than(inner, "osType", "Linux", word="accepted", path=_INNER)
    least, most = (at(inner, f"scaleSettings.{key}NodeCount") for key in ("min", "max"))
    if most is not None and (least or 0) > most:
        reason = f"found {least}, accepted: at most maxNodeCount, {most}"
        yield Problem(f"{_INNER}.scaleSettings.minNodeCount", reason)
    idle = at(inner, "scaleSettings.nodeIdleTimeBeforeScaleDown")
    if idle is not None and not _DURATION.fullmatch(idle):
        reason = f"found {idle!r}, accepted: an ISO 8601 duration such as 'PT120S'"
        yield Problem(f"{_INNER}.scaleSettings.nodeIdleTimeBeforeScaleDown", reason)


def _check(put: Put) -> None:
    check_region(put)
    if region(put.body["properties"].get("computeLocation", put.location)) != put.location:
        raise put.refuse("properties.computeLocation", f"accepted: {put.location!r}")
    if put.before is None:
        return
    after = _answer(put)
    for path in _FIXED:
        found, kept = at(after, path), at(put.before.properties, path)
        if str(found).lower() != str(kept).lower():
            raise put.refuse(
                path, f"found {found!r}; a cluster keeps what it was made with: {kept!r}"
            )


def _answer(put: Put) -> Json:
    outer = put.body["properties"]
    return {
        **tracked(put),
        "properties": {
            **chosen(outer, ["description", "disableLocalAuth"]),
            "computeLocation": put.location,
            "computeType": "AmlCompute",
            "createdOn": _since(put),
            "disableLocalAuth": outer.get("disableLocalAuth", False),
            "isAttachedCompute": False,
            "modifiedOn": offset(put.now),
            "properties": _cluster(put, outer["properties"]),
            "provisioningState": "Succeeded",
        },
    }


def _cluster(put: Put, inner: Json) -> Json:
    scale = inner["scaleSettings"]
    least = scale.get("minNodeCount", 0)
    states = ("idle", "leaving", "preempted", "preparing", "running", "unusable")
    return {
        "allocationState": "Steady",
        "allocationStateTransitionTime": f"{put.now[:_TWO_DIGITS]}+00:00",
        "currentNodeCount": least,
        "enableNodePublicIp": inner.get("enableNodePublicIp", True),
        "isolatedNetwork": inner.get("isolatedNetwork", False),
        "nodeStateCounts": {f"{state}NodeCount": 0 for state in states} | {"idleNodeCount": least},
        "osType": "Linux",
        "remoteLoginPortPublicAccess": inner.get("remoteLoginPortPublicAccess", "NotSpecified"),
        "scaleSettings": {"minNodeCount": 0, "nodeIdleTimeBeforeScaleDown": "PT120S", **scale},
        "targetNodeCount": least,
        "vmPriority": inner.get("vmPriority", "Dedicated"),
        # Recorded in capitals, however it was given.
        "vmSize": inner["vmSize"].upper(),
    }


def _since(put: Put) -> str:
    before = put.before.properties["properties"] if put.before else {}
    return str(before.get("createdOn", offset(put.now)))


COMPUTE = part(
    "Compute",
    "computes/{computeName}",
    answer=_answer,
    rules=_rules,
    limits=dict.fromkeys(
        [f"{_INNER}.scaleSettings.{key}NodeCount" for key in ("min", "max")], Limit(0)
    ),
    check=_check,
    form=Form(deleted_with="underlyingResourceAction=Delete"),
    commit=lambda put, _: managed_network.provision(put.control, workspace(put).id),
)
