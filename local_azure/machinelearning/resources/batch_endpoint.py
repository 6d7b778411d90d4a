"""Batch endpoints: a name in a region, and a default deployment once one exists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_azure.machinelearning.resources.place import API_VERSION, ARM, PATH, check_region
from local_azure.resource_manager.answers import chosen, system_data, tracked
from local_azure.resource_manager.errors import NameTakenError
from local_azure.resource_manager.resource_type import ResourceType, region
from local_azure.resource_manager.shape import Problem, not_emulated
from local_azure.resource_manager.unknown import UNKNOWN, at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local_azure.resource_manager.resource_type import Json, Put

_TYPE = f"{ARM}/batchEndpoints"


def _rules(inputs: Json) -> Iterator[Problem]:
    yield from not_emulated(inputs, "sku")
    mode = at(inputs, "properties.authMode")
    if mode not in {"AADToken", None, UNKNOWN}:
        yield Problem("properties.authMode", f"found {mode!r}, accepted: 'AADToken'")
    if at(inputs, "properties.keys") is not None:
        yield Problem("properties.keys", "keys don't go with authMode 'AADToken'")


def _check(put: Put) -> None:
    check_region(put)
    for other in put.azure.resources.select(_TYPE):
        same = other.name.lower() == put.name.lower()
        here = region(other.properties["location"]) == put.location
        if same and here and other.id.lower() != put.id.lower():
            raise NameTakenError(str(put), put.name, f"in the region {put.location}")
    default = at(put.body, "properties.defaults.deploymentName")
    if default and put.azure.resources.find(f"{put.id}/deployments/{default}") is None:
        reason = f"the endpoint has no deployment {default!r}; create it, then PUT the endpoint"
        raise put.refuse("properties.defaults.deploymentName", reason)


def _answer(put: Put) -> Json:
    given = put.body["properties"]
    host = f"https://{put.name.lower()}.{put.location}.{put.cloud.inference_suffix}"
    return {
        **tracked(put),
        **chosen(put.body, ["kind"]),
        "properties": {
            **chosen(given, ["defaults", "description"]),
            "authMode": given["authMode"],
            "properties": given.get("properties") or {},
            "provisioningState": "Succeeded",
            "scoringUri": f"{host}/jobs",
            "swaggerUri": f"{host}/swagger.json",
        },
        "systemData": system_data(put),
    }


BATCH_ENDPOINT = ResourceType(
    pulumi_type="azure-native:machinelearningservices:BatchEndpoint",
    arm_type=_TYPE,
    path=f"{PATH}/batchEndpoints/{{endpointName}}",
    api_version=API_VERSION,
    answer=_answer,
    rules=_rules,
    check=_check,
    replaces=("properties.authMode",),
    autoname="copy",
)
