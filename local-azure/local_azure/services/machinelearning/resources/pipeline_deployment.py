"""Deployments of a pipeline component: a component, and settings for all of its jobs.

azure-ai-ml sends some settings of model deployments with it; they are accepted, and have no effect.
"""

from collections.abc import Iterator

from local_azure.control_plane.resource_manager.answers import chosen
from local_azure.control_plane.resource_manager.resource_type import Json, Put
from local_azure.control_plane.resource_manager.shape import Problem
from local_azure.control_plane.resource_manager.unknown import at
from local_azure.services.machinelearning.endpoints import settings
from local_azure.services.machinelearning.pipelines.plan import compute_id
from local_azure.services.machinelearning.resources.place import ARM, cluster, workspace
from local_azure.services.machinelearning.uris import DEFAULT_DATASTORE

_CONFIGURATION = "properties.deploymentConfiguration"
_OF_A_MODEL = ("compute", "environmentId", "codeConfiguration", "model", "environmentVariables")
_SETTINGS = {
    "default_compute": "the name or id of a cluster",
    "default_datastore": f"'{DEFAULT_DATASTORE}'",
    "continue_on_step_failure": "'true' or 'false'",
    "force_rerun": "'true' or 'false'; nothing is reused here",
}


def rules(given: Json) -> Iterator[Problem]:
    """Problems of the properties alone."""
    for key in (key for key in _OF_A_MODEL if key in given):
        yield Problem(f"properties.{key}", "belongs to a model deployment; leave it out")
    configuration = at(given, "deploymentConfiguration") or {}
    kind = at(configuration, "deploymentConfigurationType")
    if kind not in {"PipelineComponent", None}:
        reason = f"found {kind!r}, accepted: 'PipelineComponent'"
        yield Problem(f"{_CONFIGURATION}.deploymentConfigurationType", reason)
    if "componentId" not in configuration:
        yield Problem(f"{_CONFIGURATION}.componentId", "missing; it names the component")
    yield from _rules_of_settings(configuration)


def _rules_of_settings(configuration: Json) -> Iterator[Problem]:
    told = at({"settings": {}, **configuration}, "settings")
    if told is None:
        return
    where = f"{_CONFIGURATION}.settings"
    if "default_compute" not in told:
        reason = f"missing; accepted: {_SETTINGS['default_compute']}"
        yield Problem(f"{where}.default_compute", reason)
    for key in told:
        value = at(told, key)
        if key not in _SETTINGS:
            yield Problem(f"{where}.{key}", f"not emulated; accepted: {', '.join(_SETTINGS)}")
        elif value is not None and not _fits(key, str(value)):
            yield Problem(f"{where}.{key}", f"found {value!r}, accepted: {_SETTINGS[key]}")


def _fits(key: str, value: str) -> bool:
    if key == "default_compute":
        return bool(value)
    accepted = {DEFAULT_DATASTORE} if key == "default_datastore" else {"true", "false"}
    return value.lower() in accepted


def check(put: Put) -> None:
    """What must hold against everything else that exists.

    Raises:
        ControlPlaneError: it does not.
    """
    configuration = put.body["properties"]["deploymentConfiguration"]
    here = workspace(put).id
    where = f"{_CONFIGURATION}.settings.default_compute"
    cluster(put, where, compute_id(configuration["settings"]["default_compute"], here))
    where = f"{_CONFIGURATION}.componentId.assetId"
    named = configuration["componentId"]["assetId"].removeprefix("azureml:")
    component = put.linked(where, named, f"{ARM}/components/versions")
    if settings(component)["componentSpec"].get("type") != "pipeline":
        raise put.refuse(where, "names a command; accepted: a pipeline component")


def answer(put: Put) -> Json:
    """The properties that a GET answers; those of models are empty (recorded at 2022-05-01)."""
    given = put.body["properties"]
    return {
        **chosen(given, ["description", "deploymentConfiguration"]),
        "errorThreshold": given.get("errorThreshold", 0),
        "loggingLevel": "Info",
        "maxConcurrencyPerInstance": given.get("maxConcurrencyPerInstance", 0),
        "miniBatchSize": given.get("miniBatchSize", 0),
        "outputAction": "SummaryOnly",
        "outputFileName": given.get("outputFileName"),
        "properties": given.get("properties") or {},
        "provisioningState": "Succeeded",
        "resources": {"instanceCount": 1, **(given.get("resources") or {})},
        "retrySettings": {"maxRetries": 0, "timeout": "PT0S"},
    }
