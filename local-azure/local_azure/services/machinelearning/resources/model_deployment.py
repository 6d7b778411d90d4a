"""Deployments of a model: a scoring script on a cluster."""

from collections.abc import Iterator

from local_azure.control_plane.resource_manager.answers import chosen
from local_azure.control_plane.resource_manager.resource_type import Json, Put
from local_azure.control_plane.resource_manager.shape import Problem, missing
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.control_plane.resource_manager.unknown import at
from local_azure.services.machinelearning.endpoints import settings
from local_azure.services.machinelearning.mlflow.model import MODEL_TYPE
from local_azure.services.machinelearning.overrides import DEFAULTS, effective
from local_azure.services.machinelearning.resources.place import ARM, cluster

_NO_SCRIPT = "missing; accepted without it: a model of type mlflow_model, and no environmentId"
_NO_VARIABLE = "no process takes it: accepted are a name without '=' and a value, neither with NUL"
_REGISTRY = "azureml://registries/"


def rules(given: Json) -> Iterator[Problem]:
    """Problems of the properties alone."""
    why = "a model deployment has it"
    yield from missing(given, "compute", "model", why=why, path="properties")
    scripted = bool(given.get("codeConfiguration"))
    if scripted and not given.get("environmentId"):
        yield Problem("properties.environmentId", "'Environment Id' must not be empty.")
    if given.get("environmentId") and not scripted:
        yield Problem("properties.codeConfiguration", _NO_SCRIPT)
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
    model = _asset(put, "model.assetId", f"{ARM}/models/versions")
    if not given.get("codeConfiguration"):
        if not model or settings(model).get("modelType") != MODEL_TYPE:
            raise put.refuse("properties.codeConfiguration", _NO_SCRIPT)
        return
    _asset(put, "codeConfiguration.codeId", f"{ARM}/codes/versions")
    _asset(put, "environmentId", f"{ARM}/environments/versions")


def _asset(put: Put, path: str, arm_type: str) -> Resource | None:
    """The version that is named; None of what lies in a registry, which Azure owns."""
    asset = at(put.body["properties"], path)
    if asset.lower().startswith(_REGISTRY):
        return None
    return put.linked(f"properties.{path}", asset.removeprefix("azureml:"), arm_type)


def _code(given: Json) -> Json:
    """Nothing of an MLflow model, UNVERIFIED."""
    code = given.get("codeConfiguration")
    return {"codeConfiguration": chosen(code, ["codeId", "scoringScript"])} if code else {}


def answer(put: Put) -> Json:
    """The properties that a GET answers."""
    given = put.body["properties"]
    whole = effective(given, {})
    told = ("description", "environmentVariables", "compute", "environmentId", "model", *DEFAULTS)
    return {
        "environmentVariables": {},
        **chosen(whole, told),
        **_code(given),
        "loggingLevel": str(whole["loggingLevel"]).capitalize(),
        "properties": given.get("properties") or {},
        "provisioningState": "Succeeded",
        "resources": {"instanceCount": 1, **(given.get("resources") or {})},
    }
