"""Deployments of a model on a batch endpoint; pipeline components are not emulated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_azure.machinelearning.resources.place import (
    API_VERSION,
    ARM,
    PATH,
    check_region,
    workspace,
)
from local_azure.resource_manager.answers import chosen, system_data, tracked
from local_azure.resource_manager.errors import ConflictError
from local_azure.resource_manager.resource_type import ResourceType
from local_azure.resource_manager.shape import Problem, not_emulated
from local_azure.resource_manager.unknown import at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local_azure.azure import Azure
    from local_azure.entra.directory import Principal
    from local_azure.resource_manager.resource_type import Json, Put
    from local_azure.resource_manager.store import Resource

_LEAST = {
    "miniBatchSize": 1,
    "maxConcurrencyPerInstance": 1,
    "errorThreshold": -1,
    "resources.instanceCount": 1,
    "retrySettings.maxRetries": 0,
}
_REQUIRED = ("compute", "environmentId", "codeConfiguration", "model")
_REGISTRY = "azureml://registries/"


def _rules(inputs: Json) -> Iterator[Problem]:
    yield from not_emulated(inputs, "sku", "identity")
    given = at(inputs, "properties")
    if given is None:
        return
    if "deploymentConfiguration" in given:
        reason = "pipeline components are not emulated; leave it out for a model"
        yield Problem("properties.deploymentConfiguration", reason)
    for key in _REQUIRED:
        if key not in given:
            # An MLflow model could do without script and environment; it is not emulated.
            yield Problem(f"properties.{key}", "missing; a model deployment has it")
    if at(given, "model.referenceType") not in {"Id", None}:
        reason = f"found {at(given, 'model.referenceType')!r}, emulated: 'Id'"
        yield Problem("properties.model.referenceType", reason)
    if "codeId" not in (at(given, "codeConfiguration") or {"codeId": None}):
        yield Problem("properties.codeConfiguration.codeId", "missing; a script is in a code")
    for path, least in _LEAST.items():
        value = at(given, path)
        if value is not None and value < least:
            yield Problem(f"properties.{path}", f"found {value}, accepted: {least} or more")


def _check(put: Put) -> None:
    check_region(put)
    given = put.body["properties"]
    cluster = put.linked("properties.compute", given["compute"], f"{ARM}/computes")
    if not cluster.id.lower().startswith(f"{workspace(put).id.lower()}/"):
        raise put.refuse("properties.compute", "the cluster is in another workspace")
    most = at(cluster.properties, "properties.properties.scaleSettings.maxNodeCount")
    count = at(given, "resources.instanceCount") or 1
    if count > most:
        reason = f"found {count}, accepted: at most the cluster's maxNodeCount, {most}"
        raise put.refuse("properties.resources.instanceCount", reason)
    _check_asset(put, "model.assetId", f"{ARM}/models/versions")
    _check_asset(put, "codeConfiguration.codeId", f"{ARM}/codes/versions")
    _check_asset(put, "environmentId", f"{ARM}/environments/versions")


def _check_asset(put: Put, path: str, arm_type: str) -> None:
    asset = at(put.body["properties"], path)
    # Curated environments and shared models live in registries, which Azure owns.
    if not asset.lower().startswith(_REGISTRY):
        put.linked(f"properties.{path}", asset.removeprefix("azureml:"), arm_type)


def _check_delete(azure: Azure, deployment: Resource, _caller: Principal) -> None:
    endpoint = azure.resources.find(deployment.id.rpartition("/deployments/")[0])
    default = at(endpoint.properties, "properties.defaults.deploymentName") if endpoint else None
    if endpoint and default and default.lower() == deployment.name.lower():
        message = (
            f"The deployment '{deployment.name}' is the default of the endpoint "
            f"'{endpoint.name}'. Give the endpoint another default first, or delete the endpoint."
        )
        raise ConflictError(message)


def _answer(put: Put) -> Json:
    given = put.body["properties"]
    retry = given.get("retrySettings") or {}
    told = ["description", "environmentVariables", "compute", "environmentId", "model"]
    return {
        **tracked(put),
        **chosen(put.body, ["kind"]),
        "properties": {
            **chosen(given, told),
            "codeConfiguration": chosen(given["codeConfiguration"], ["codeId", "scoringScript"]),
            "errorThreshold": given.get("errorThreshold", -1),
            "loggingLevel": given.get("loggingLevel", "Info"),
            "maxConcurrencyPerInstance": given.get("maxConcurrencyPerInstance", 1),
            "miniBatchSize": given.get("miniBatchSize", 10),
            "outputAction": given.get("outputAction", "AppendRow"),
            "outputFileName": given.get("outputFileName", "predictions.csv"),
            "properties": given.get("properties") or {},
            "provisioningState": "Succeeded",
            "resources": {"instanceCount": 1, **(given.get("resources") or {})},
            "retrySettings": {"maxRetries": 3, "timeout": "PT30S", **retry},
        },
        "systemData": system_data(put),
    }


def _tell(put: Put, _answer: Json) -> None:
    """A new deployment of a model, or another model in it, is news; other settings are none."""
    before = put.before.body["properties"] if put.before else {}
    model = put.body["properties"].get("model")
    if model and model != before.get("model"):
        put.azure.machinelearning.news.model_deployed(put)


BATCH_DEPLOYMENT = ResourceType(
    pulumi_type="azure-native:machinelearningservices:BatchDeployment",
    arm_type=f"{ARM}/batchEndpoints/deployments",
    path=f"{PATH}/batchEndpoints/{{endpointName}}/deployments/{{deploymentName}}",
    api_version=API_VERSION,
    answer=_answer,
    rules=_rules,
    check=_check,
    check_delete=_check_delete,
    autoname="copy",
    commit=_tell,
)
