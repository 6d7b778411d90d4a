"""The body of ``POST /jobs``: read strictly, keys in PascalCase or camelCase.

Shape: D:machine-learning/how-to-access-data-batch-endpoints-jobs and azure-ai-ml's ``BatchJob``.
An unknown key, a wrong type and everything that a model deployment can't take is refused by name.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, field
from typing import Any

from local_azure.machinelearning import overrides
from local_azure.machinelearning.errors import InvalidRequestError
from local_azure.machinelearning.shapes import check_kind, check_type, keyed
from local_azure.machinelearning.uris import is_datastore

LARGEST_BODY = 1024 * 1024
"""Bytes; Azure's own limit is UNVERIFIED."""

_INPUT_TYPES = (
    "UriFile",
    "UriFolder",
    "MLTable",
    "Literal",
    "CustomModel",
    "MLFlowModel",
    "TritonModel",
)
_OUTPUT_TYPES = tuple(kind for kind in _INPUT_TYPES if kind != "Literal")
_ONE_OF_A_MODEL = ("UriFile", "UriFolder")
_JOB_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,254}")
_KEYS: dict[str, type] = {
    "name": str,
    "description": str,
    "tags": dict,
    "properties": dict,
    "InputData": dict,
    "OutputData": dict,
    **overrides.KEYS,
}


@dataclass(frozen=True)
class Port:
    """An input or output of a job.

    Attributes:
        name: its key; model deployments ignore it.
        type: ``UriFile`` or ``UriFolder``.
        uri: where it lies.
    """

    name: str
    type: str
    uri: str


@dataclass(frozen=True)
class Invocation:
    """What a caller asks for.

    Attributes:
        input: the one input.
        output: the one output, or None for the default place.
        name: the job's name, if the caller chose it.
        description: free text.
        tags: the caller's own.
        properties: the caller's own, such as ``experimentName``.
        overrides: settings of the deployment that hold for this job alone, by camelCase key.
    """

    input: Port
    output: Port | None = None
    name: str | None = None
    description: str | None = None
    tags: dict[str, str] = field(default_factory=dict)
    properties: dict[str, str] = field(default_factory=dict)
    overrides: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> str:
        """For the job's row."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Invocation:
        """From the job's row."""
        told = json.loads(text)
        told["input"] = Port(**told["input"])
        told["output"] = told["output"] and Port(**told["output"])
        return cls(**told)


def read(body: bytes) -> Invocation:
    """The invocation that a request body asks for.

    Raises:
        InvalidRequestError: not the documented shape, or not for a model deployment.
        NotEmulatedError: documented, but not here.
    """
    document = keyed(_parse(body), "the body", {"properties": dict})
    if "properties" not in document:
        message = 'The body has no \'properties\'; accepted: {"properties": {"InputData": {…}}}.'
        raise InvalidRequestError(message)
    told = keyed(document["properties"], "properties", _KEYS)
    return Invocation(
        input=_input(told.get("inputdata")),
        output=_output(told.get("outputdata")),
        name=_name(told.get("name")),
        description=told.get("description"),
        tags=_texts(told.get("tags", {}), "properties.tags"),
        properties=_texts(told.get("properties", {}), "properties.properties"),
        overrides=overrides.read(told),
    )


def _parse(body: bytes) -> Any:
    if not body.strip():
        message = "The request has no body; it must be a JSON object with 'properties'."
        raise InvalidRequestError(message)
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        message = f"The body is no JSON: {error}."
        raise InvalidRequestError(message) from None


def _input(data: Any) -> Port:
    name, told = _only(data, "InputData", "input")
    entry = keyed(
        told,
        f"InputData.{name}",
        {"JobInputType": str, "Uri": str, "Value": str, "Description": str},
    )
    kind = entry.get("jobinputtype", "")
    check_kind(kind, f"InputData.{name}.JobInputType", _INPUT_TYPES)
    if kind == "Literal":
        message = (
            f"InputData.{name} is a Literal; model deployments take data only "
            "(UriFile or UriFolder), literals are for pipeline component deployments."
        )
        raise InvalidRequestError(message)
    _check_data(kind, f"InputData.{name}")
    return Port(name, kind, _uri(entry, f"InputData.{name}"))


def _output(data: Any) -> Port | None:
    if data is None or data == {}:
        return None
    name, told = _only(data, "OutputData", "output")
    entry = keyed(
        told, f"OutputData.{name}", {"JobOutputType": str, "Uri": str, "Description": str}
    )
    kind = entry.get("joboutputtype", "")
    check_kind(kind, f"OutputData.{name}.JobOutputType", _OUTPUT_TYPES)
    _check_data(kind, f"OutputData.{name}")
    uri = _uri(entry, f"OutputData.{name}")
    if uri.lower().startswith("https:") or (kind == "UriFile" and uri.endswith("/")):
        message = (
            f"OutputData.{name}.Uri is {uri!r}; accepted: a path that does not exist yet, in a "
            "datastore registered on a blob container (azureml://datastores/<datastore>/paths/"
            "<path>). No other store can be written to."
        )
        raise InvalidRequestError(message)
    if is_datastore(uri) and not uri.partition("/paths/")[2].strip("/"):
        message = f"OutputData.{name}.Uri is {uri!r}; it names no path in the datastore."
        raise InvalidRequestError(message)
    return Port(name, kind, uri)


def _only(data: Any, where: str, word: str) -> tuple[str, Any]:
    """Model deployments have exactly one input and one output."""
    if not isinstance(data, dict) or len(data) != 1:
        count = len(data) if isinstance(data, dict) else 0
        message = (
            f"A model deployment takes exactly one {word}; found {count}. Accepted: "
            f'"{where}": {{"<any name>": {{…}}}}.'
        )
        raise InvalidRequestError(message)
    (entry,) = data.items()
    return entry


def _check_data(kind: str, where: str) -> None:
    if kind not in _ONE_OF_A_MODEL:
        message = f"{where} is of type {kind}; model deployments take UriFile and UriFolder."
        raise InvalidRequestError(message)


def _uri(entry: dict[str, Any], where: str) -> str:
    uri = entry.get("uri")
    if not uri:
        message = f"{where} has no 'Uri'."
        raise InvalidRequestError(message)
    if "value" in entry:
        message = f"{where} has a 'Value'; only a Literal has one."
        raise InvalidRequestError(message)
    return str(uri)


def _name(name: Any) -> str | None:
    if name is not None and not _JOB_NAME.fullmatch(name):
        message = (
            f"properties.name is {name[:100]!r}; accepted: 1 to 255 letters, digits, '-' and '_', "
            "the first one a letter or digit."
        )
        raise InvalidRequestError(message)
    return None if name is None else str(name)


def _texts(told: dict[str, Any], where: str) -> dict[str, str]:
    for key, value in told.items():
        check_type(value, f"{where}.{key}", str)
    return told
