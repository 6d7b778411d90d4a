"""Deployments of a model: a scoring script on a cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_azure.control_plane.resource_manager.answers import chosen
from local_azure.control_plane.resource_manager.shape import Problem
from local_azure.control_plane.resource_manager.unknown import at
from local_azure.services.machinelearning.resources.place import ARM, cluster

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local_azure.control_plane.resource_manager.resource_type import Json, Put

_REQUIRED = ("compute", "environmentId", "codeConfiguration", "model")
_MISSING = (
    "missing; a model deployment has it (Azure makes a script and an environment for MLflow "
    "models, which is not emulated)"
)
_NO_VARIABLE = "no process takes it: accepted are a name without '=' and a value, neither with NUL"
_REGISTRY = "azureml://registries/"


def rules(given: Json) -> Iterator[Problem]:
    """Problems of the properties alone."""
    for key in _REQUIRED:
        if key not in given:
            yield Problem(f"properties.{key}", _MISSING)
    if at(given, "model.referenceType") not in {"Id", None}:
        reason = f"found {at(given, 'model.referenceType')!r}, emulated: 'Id'"
        yield Problem("properties.model.referenceType", reason)
    if "codeId" not in (at(given, "codeConfiguration") or {"codeId": None}):
        yield Problem("properties.codeConfiguration.codeId", "missing; a script is in a code")
    for name, value in (at(given, "environmentVariables") or {}).items():
        if not name or "=" in name or "\0" in f"{name}{value}":
            yield Problem(f"properties.environmentVariables.{name}", _NO_VARIABLE)


def check(put: Put) -> None:
    """What must hold against everything else that exists.

    Raises:
        ControlPlaneError: it does not.
    """
    given = put.body["properties"]
    nodes = cluster(put, "properties.compute", given["compute"])
    most = at(nodes.properties, "properties.properties.scaleSettings.maxNodeCount")
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


def answer(put: Put) -> Json:
    """The properties that a GET answers."""
    given = put.body["properties"]
    retry = given.get("retrySettings") or {}
    told = ["description", "environmentVariables", "compute", "environmentId", "model"]
    return {
        "environmentVariables": {},
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
    }
