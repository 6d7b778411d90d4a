"""Datastores on blob containers, without credentials: who uses one does so with an identity."""

from collections.abc import Iterator

from local_azure.control_plane import arm_types
from local_azure.control_plane.resource_manager.answers import chosen, proxied
from local_azure.control_plane.resource_manager.form import Form
from local_azure.control_plane.resource_manager.resource_type import Json, Put
from local_azure.control_plane.resource_manager.shape import Problem, missing, other_than
from local_azure.control_plane.resource_manager.unknown import UNKNOWN, at
from local_azure.services.machinelearning.resources.place import made, part

_TOLD = (
    "datastoreType",
    "accountName",
    "containerName",
    "description",
    "properties",
    "resourceGroup",
    "subscriptionId",
    "tags",
)


def _rules(inputs: Json) -> Iterator[Problem]:
    properties = inputs["properties"]
    if not isinstance(properties, dict):
        return
    if properties["datastoreType"] not in {"AzureBlob", UNKNOWN}:
        found = properties["datastoreType"]
        yield Problem("properties.datastoreType", f"found {found!r}, emulated: 'AzureBlob'")
        return
    if at(properties, "credentials.credentialsType") not in {"None", None}:
        reason = "keys and SAS are not emulated; accepted: 'None'"
        yield Problem("properties.credentials.credentialsType", reason)
    where, why = "properties", "a blob datastore is a container"
    yield from missing(properties, "accountName", "containerName", why=why, path=where)
    # pitfalls: "ARM datastore without subscriptionId/resourceGroup is unlinked".
    why = "without it the account is not linked"
    yield from missing(properties, "subscriptionId", "resourceGroup", why=why, path=where)
    yield from other_than(properties, "protocol", "https", word="accepted", path=where)


def _check(put: Put) -> None:
    given = put.body["properties"]
    group = f"/subscriptions/{given['subscriptionId']}/resourceGroups/{given['resourceGroup']}"
    account = f"{group}/providers/{arm_types.STORAGE_ACCOUNT}/{given['accountName']}"
    put.linked("properties.accountName", account, arm_types.STORAGE_ACCOUNT)
    container = f"{account}/blobServices/default/containers/{given['containerName']}"
    put.linked("properties.containerName", container)
    before = put.before.body["properties"] if put.before else given
    for key in ("accountName", "containerName"):
        if before[key] != given[key]:
            # Whether Azure takes that, no source says; azurerm's provider makes another one.
            raise put.refuse(f"properties.{key}", "a datastore keeps its container; make another")
    suffix = put.cloud.storage
    if given.get("endpoint", suffix) != suffix:
        reason = f"found {given['endpoint']!r}, accepted in this cloud: {suffix!r}"
        raise put.refuse("properties.endpoint", reason)


def _answer(put: Put) -> Json:
    given = put.body["properties"]
    return {
        **proxied(put),
        "properties": {
            **chosen(given, _TOLD),
            "credentials": {"credentialsType": "None"},
            "endpoint": given.get("endpoint", put.cloud.storage),
            "isDefault": False,
            "protocol": "https",
            "serviceDataAccessAuthIdentity": given.get("serviceDataAccessAuthIdentity", "None"),
        },
        "systemData": made(put),
    }


DATASTORE = part(
    "Datastore",
    "datastores/{name}",
    answer=_answer,
    rules=_rules,
    check=_check,
    form=Form(parameters=("skipValidation",)),
    write_only=("skipValidation",),
)
