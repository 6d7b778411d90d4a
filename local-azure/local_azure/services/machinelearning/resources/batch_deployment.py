"""Deployments on a batch endpoint: of a model, or of a pipeline component."""

from collections.abc import Iterator
from types import ModuleType

from local_azure.control_plane.entra.directory import Principal
from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.resource_manager.answers import chosen, tracked
from local_azure.control_plane.resource_manager.errors import ConflictError
from local_azure.control_plane.resource_manager.limits import NAMED, POSITIVE, Limit
from local_azure.control_plane.resource_manager.resource_type import Json, Put
from local_azure.control_plane.resource_manager.shape import Problem, not_emulated
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.control_plane.resource_manager.unknown import at
from local_azure.services.machinelearning.resources import model_deployment, pipeline_deployment
from local_azure.services.machinelearning.resources.place import (
    ENDPOINTS_DATA,
    check_region,
    made,
    part,
)

_LIMITS = {
    "codeConfiguration.scoringScript": NAMED,
    "deploymentConfiguration.componentId.assetId": NAMED,
    "errorThreshold": Limit(-1),
    "maxConcurrencyPerInstance": POSITIVE,
    "miniBatchSize": POSITIVE,
    "model.assetId": NAMED,
    "resources.instanceCount": POSITIVE,
    "retrySettings.maxRetries": Limit(0),
}


def _kind(given: Json) -> ModuleType:
    """The module of the kind of deployment; each has ``rules``, ``check`` and ``answer``."""
    return pipeline_deployment if "deploymentConfiguration" in given else model_deployment


def _rules(inputs: Json) -> Iterator[Problem]:
    yield from not_emulated(inputs, "sku", "identity")
    given = at(inputs, "properties")
    if given is not None:
        yield from _kind(given).rules(given)


def _check(put: Put) -> None:
    check_region(put)
    kind = _kind(put.body["properties"])
    if put.before and kind is not _kind(put.before.body["properties"]):
        reason = "a deployment of a model can't become one of a pipeline, nor the reverse"
        raise put.refuse("properties.deploymentConfiguration", reason)
    kind.check(put)


def _check_delete(control: ControlPlane, deployment: Resource, _caller: Principal) -> None:
    endpoint = control.resources.find(deployment.id.rpartition("/deployments/")[0])
    default = at(endpoint.properties, "properties.defaults.deploymentName") if endpoint else None
    if endpoint and default and default.lower() == deployment.name.lower():
        message = (
            f"The deployment '{deployment.name}' is the default of the endpoint "
            f"'{endpoint.name}'. Give the endpoint another default first, or delete the endpoint."
        )
        raise ConflictError(message)


def _answer(put: Put) -> Json:
    given = put.body["properties"]
    return {
        **tracked(put),
        **chosen(put.body, ["kind"]),
        "properties": _kind(given).answer(put),
        "systemData": chosen(made(put), ENDPOINTS_DATA),
    }


BATCH_DEPLOYMENT = part(
    "BatchDeployment",
    "batchEndpoints/{endpointName}/deployments/{deploymentName}",
    answer=_answer,
    rules=_rules,
    limits={f"properties.{path}": limit for path, limit in _LIMITS.items()},
    check=_check,
    check_delete=_check_delete,
)
