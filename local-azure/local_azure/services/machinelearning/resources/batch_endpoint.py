"""Batch endpoints: a name in a region, and a default deployment once one exists."""

import json
from collections.abc import Iterator

from local_azure.control_plane.resource_manager.answers import chosen, tracked
from local_azure.control_plane.resource_manager.errors import (
    CannotSetResourceIdentityError,
    NameTakenError,
    UserError,
)
from local_azure.control_plane.resource_manager.resource_type import Json, Put, region
from local_azure.control_plane.resource_manager.shape import Problem, not_emulated
from local_azure.control_plane.resource_manager.unknown import UNKNOWN, at
from local_azure.services.machinelearning.resources.place import (
    API_VERSION,
    ARM,
    ENDPOINTS_DATA,
    check_region,
    made,
    part,
)

_TYPE = f"{ARM}/batchEndpoints"


def _rules(inputs: Json) -> Iterator[Problem]:
    yield from not_emulated(inputs, "sku")
    mode = at(inputs, "properties.authMode")
    # azure-ai-ml was recorded to send `aadToken`, which Azure takes
    if mode is not None and mode is not UNKNOWN and str(mode).lower() != "aadtoken":
        yield Problem("properties.authMode", f"found {mode!r}, accepted: 'AADToken'")
    if at(inputs, "properties.keys") is not None:
        yield Problem("properties.keys", "keys don't go with authMode 'AADToken'")


def _check(put: Put) -> None:
    check_region(put)
    _check_identity(put)
    _check_tags(put.body.get("tags") or {})
    for other in put.control.resources.select(_TYPE):
        same = other.name.lower() == put.name.lower()
        here = region(other.properties["location"]) == put.location
        if same and here and other.id.lower() != put.id.lower():
            raise NameTakenError(str(put), put.name, f"in the region {put.location}")
    default = at(put.body, "properties.defaults.deploymentName")
    if default and put.control.resources.find(f"{put.id}/deployments/{default}") is None:
        reason = f"the endpoint has no deployment {default!r}; create it, then PUT the endpoint"
        raise put.refuse("properties.defaults.deploymentName", reason)


def _check_identity(put: Put) -> None:
    """In Azure's words (Azure/azure-rest-api-specs#40149)."""
    kind = at(put.body, "identity.type")
    if kind not in (None, "None", "SystemAssigned"):
        raise CannotSetResourceIdentityError(_TYPE, kind, "SystemAssigned")


def _check_tags(tags: Json) -> None:
    """In Azure's words (Azure/azure-sdk-for-python#41586)."""
    wrong = [
        f'{{ "PropertyName": "Tags.Values[{position}]", '
        f'"ErrorMessage": "Tag values must not be null or empty.", '
        f'"AttemptedValue": {json.dumps(value)}, "ErrorCode": "PredicateValidator" }}'
        for position, value in enumerate(tags.values())
        if not value
    ]
    if wrong:
        message = (
            "The Endpoint request provided has the following validation errors. Please resolve "
            f"them and try again. Errors: [ {', '.join(wrong)} ]"
        )
        raise UserError(message)


def _answer(put: Put) -> Json:
    """As recorded, at 2022-05-01 and 2023-10-01."""
    given = put.body["properties"]
    host = f"https://{put.name.lower()}.{put.location}.{put.cloud.inference}"
    return {
        **tracked(put),
        **chosen(put.body, ["kind"]),
        "properties": {
            **chosen(given, ["description"]),
            "defaults": given.get("defaults") or {"deploymentName": None},
            "authMode": "AADToken",
            "properties": {
                **(given.get("properties") or {}),
                "BatchEndpointCreationApiVersion": API_VERSION,
                "azureml.onlineendpointid": put.id,
            },
            "provisioningState": "Succeeded",
            "scoringUri": f"{host}/jobs",
            "swaggerUri": None,
        },
        "systemData": chosen(made(put), ENDPOINTS_DATA),
    }


BATCH_ENDPOINT = part(
    "BatchEndpoint",
    "batchEndpoints/{endpointName}",
    answer=_answer,
    rules=_rules,
    check=_check,
    replaces=("properties.authMode",),
)
