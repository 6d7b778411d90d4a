"""How a model deployment's job runs: its settings with the job's own over them, and its assets.

Of an invocation it takes one input, one output at most, and data only, whatever their names
(D:machine-learning/how-to-access-data-batch-endpoints-jobs).
"""

import re
from dataclasses import dataclass
from typing import Any

from local_azure.control_plane.resource_manager.store import Resource, Resources
from local_azure.services.machinelearning.endpoints import Target, referred, settings
from local_azure.services.machinelearning.errors import InvalidRequestError, NotEmulatedError
from local_azure.services.machinelearning.invocation import Invocation, Port
from local_azure.services.machinelearning.mlflow.model import MODEL_TYPE
from local_azure.services.machinelearning.overrides import effective, seconds
from local_azure.services.machinelearning.scoring import Settings

_SHORT_ASSET = re.compile(r"azureml:(?P<name>[^:/@]+):(?P<version>[^:/@]+)")
_DATA = ("UriFile", "UriFolder")


@dataclass(frozen=True)
class Plan:
    """Everything that a job needs besides its input.

    Attributes:
        compute: the cluster.
        code: version of the code asset; None where MLflow runs the model.
        script: the scoring script's path in it.
        model: version of the model asset.
        environment: version of the environment, where the deployment names one here.
        variables: environment variables of the deployment.
        instance_count: nodes that the job takes.
        scoring: how it scores.
        output_file_name: of the rows.
    """

    compute: Resource
    code: Resource | None
    script: str
    model: Resource
    environment: Resource | None
    variables: dict[str, str]
    instance_count: int
    scoring: Settings
    output_file_name: str


def make_plan(target: Target, overrides: dict[str, Any], resources: Resources) -> Plan:
    """The plan of a job on a deployment.

    Raises:
        NotEmulatedError: a model that is not named by its id.
        InvalidRequestError: something that the deployment refers to is gone, too many nodes, or no
            scoring script, and no MLflow model.
    """
    told = settings(target.deployment)
    chosen = effective(told, overrides)
    retry = chosen["retrySettings"]
    code = told.get("codeConfiguration") or {}
    model = _model(told, target, resources)
    if not code.get("codeId"):
        _check_kind(target, model)
    count = overrides.get("instanceCount") or (told.get("resources") or {}).get("instanceCount")
    compute = _required(told["compute"], target, resources)
    instances = _instances(int(count or 1), compute)
    return Plan(
        compute=compute,
        code=_required(code["codeId"], target, resources) if code.get("codeId") else None,
        script=code.get("scoringScript") or "",
        model=model,
        environment=_environment(told, target, resources),
        variables=dict(told.get("environmentVariables") or {}),
        instance_count=instances,
        scoring=Settings(
            mini_batch_size=int(chosen["miniBatchSize"]),
            workers=instances * int(chosen["maxConcurrencyPerInstance"]),
            error_threshold=int(chosen["errorThreshold"]),
            max_retries=int(retry["maxRetries"]),
            timeout=seconds(retry["timeout"]),
            logging_level=chosen["loggingLevel"],
            append_rows=chosen["outputAction"] == "AppendRow",
            every_file=not code.get("codeId"),
        ),
        output_file_name=chosen["outputFileName"],
    )


def node_count(compute: Resource) -> int:
    """How many nodes a cluster grows to."""
    inner = settings(compute).get("properties") or {}
    return int((inner.get("scaleSettings") or {}).get("maxNodeCount", 1))


def _check_kind(target: Target, model: Resource) -> None:
    if settings(model).get("modelType") != MODEL_TYPE:
        message = (
            f"The deployment '{target.deployment.name}' has no scoring script, and its model is no "
            f"{MODEL_TYPE}, which alone is run without one."
        )
        raise InvalidRequestError(message)


def _instances(count: int, compute: Resource) -> int:
    nodes = node_count(compute)
    if count > nodes:
        message = (
            f"The job asks for {count} instances; the cluster '{compute.name}' has at most {nodes}."
        )
        raise InvalidRequestError(message)
    return count


def _model(told: dict[str, Any], target: Target, resources: Resources) -> Resource:
    model = told.get("model") or {}
    if model.get("referenceType") != "Id":
        message = (
            f"The deployment '{target.deployment.name}' refers to its model by "
            f"{model.get('referenceType')!r}; only 'Id' is emulated."
        )
        raise NotEmulatedError(message)
    return _required(model["assetId"], target, resources)


def _environment(told: dict[str, Any], target: Target, resources: Resources) -> Resource | None:
    """Curated environments live in Azure's own registry, and none of them is known here."""
    named = told.get("environmentId") or ""
    if not named or "/registries/" in named.lower():
        return None
    return _required(named, target, resources)


def _required(reference: str, target: Target, resources: Resources) -> Resource:
    return referred(target, f"'{reference}'", _resource_id(reference, target), resources)


def _resource_id(reference: str, target: Target) -> str:
    """Assets may be named ``azureml:<name>:<version>``; models alone are looked up so."""
    if short := _SHORT_ASSET.fullmatch(reference):
        return f"{target.workspace.id}/models/{short['name']}/versions/{short['version']}"
    return reference.removeprefix("azureml:")


def check_ports(asked: Invocation) -> None:
    """Let exactly one input pass, and at most one output.

    Raises:
        InvalidRequestError: another number, a literal, another type of data.
    """
    _check_count(asked.inputs, "InputData", "input")
    if asked.outputs:
        _check_count(asked.outputs, "OutputData", "output")
    _check_data(asked.inputs[0])
    for port in asked.outputs:
        _check_file(port)


def _check_count(ports: tuple[Port, ...], where: str, word: str) -> None:
    if len(ports) != 1:
        message = (
            f"A model deployment takes exactly one {word}; found {len(ports)}. Accepted: "
            f'"{where}": {{"<any name>": {{…}}}}.'
        )
        raise InvalidRequestError(message)


def _check_data(port: Port) -> None:
    if port.type == "Literal":
        message = (
            f"InputData.{port.name} is a Literal; model deployments take data only "
            "(UriFile or UriFolder), literals are for pipeline component deployments."
        )
        raise InvalidRequestError(message)
    if port.type not in _DATA:
        message = (
            f"InputData.{port.name} is of type {port.type}; model deployments take UriFile and "
            "UriFolder."
        )
        raise InvalidRequestError(message)


def _check_file(port: Port) -> None:
    """The sentence is Azure's (MicrosoftDocs/azure-docs#118447)."""
    if port.type != "UriFile":
        raise InvalidRequestError("Job output type must be 'uri_file'")
