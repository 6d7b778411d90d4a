"""Connections on the control plane: those to Office 365 Outlook, each of which a person authorises.

Connections that sign in by parameters (a key, a service principal) are not emulated. What
`statuses` says before and after is from public reports and templates of live connections.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from local_azure.control_plane.resource_manager.answers import chosen, tracked
from local_azure.control_plane.resource_manager.resource_type import Json, Put, ResourceType, region
from local_azure.control_plane.resource_manager.shape import Problem
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.control_plane.resource_manager.unknown import at

TYPE = "Microsoft.Web/connections"
OFFICE_365 = "office365"
_API = re.compile(
    r"/subscriptions/[^/]+/providers/Microsoft\.Web/locations/([^/]+)/managedApis/([^/]+)",
    re.IGNORECASE,
)
_DECLINED = ("customParameterValues", "nonSecretParameterValues", "parameterValues", "testLinks")
_UNAUTHENTICATED = {
    "code": "Unauthenticated",
    "message": "This connection is not authenticated.",
}
_WAITING = [{"status": "Error", "target": "token", "error": _UNAUTHENTICATED}]
_CONNECTED = [{"status": "Connected"}]


def is_authorised(connection: Resource) -> bool:
    """Whether a person has signed in for it."""
    told: bool = connection.properties["properties"].get("statuses") == _CONNECTED
    return told


def authorised(connection: Resource, now: str) -> Resource:
    """The connection once a person has."""
    told = connection.properties["properties"] | {"statuses": _CONNECTED, "changedTime": now}
    return replace(connection, properties=connection.properties | {"properties": told})


def _rules(inputs: Json) -> Iterator[Problem]:
    for key in _DECLINED:
        if at(inputs, f"properties.{key}"):
            yield Problem(f"properties.{key}", "not emulated; leave it out")
    if "properties" not in inputs:
        yield Problem("properties", "missing; a connection needs the id of its api")
        return
    api = at(inputs, "properties.api.id")
    if api is None:
        return
    found = _API.fullmatch(api)
    if found is None:
        form = "/subscriptions/<subscription>/providers/Microsoft.Web/locations/<region>"
        yield Problem("properties.api.id", f"found {api!r}, accepted: {form}/managedApis/<api>")
    elif found[2].lower() != OFFICE_365:
        reason = f"the connector {found[2]!r} is not emulated, accepted: {OFFICE_365!r}"
        yield Problem("properties.api.id", reason)


def _check(put: Put) -> None:
    api = at(put.body, "properties.api.id")
    found = _API.fullmatch(str(api))
    if found is None:
        raise put.refuse("properties.api.id", "missing; the connector is named by it")
    if region(found[1]) != put.location:
        raise put.refuse(
            "properties.api.id", f"found the region {found[1]!r}, accepted: {put.location!r}"
        )


def _answer(put: Put) -> Json:
    given = put.body["properties"]
    kept: Any = put.before.properties["properties"] if put.before else {}
    api = {"name": OFFICE_365, "type": "Microsoft.Web/locations/managedApis", **given["api"]}
    return {
        **tracked(put),
        "properties": {
            **chosen(given, ["displayName"]),
            "api": api,
            "createdTime": kept.get("createdTime", put.now),
            "changedTime": put.now,
            "statuses": kept.get("statuses", _WAITING),
        },
    }


CONNECTION = ResourceType(
    pulumi_type="azure-native:web:Connection",
    path=f"{TYPE}/{{connectionName}}",
    api_version="2016-06-01",
    answer=_answer,
    rules=_rules,
    check=_check,
    replaces=("properties.api",),
)
