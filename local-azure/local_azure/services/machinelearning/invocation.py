"""The body of ``POST /jobs``: read strictly, keys in PascalCase or camelCase.

Shape: D:machine-learning/how-to-access-data-batch-endpoints-jobs and azure-ai-ml's ``BatchJob``.
An unknown key and a wrong type is refused by name. What a deployment makes of the inputs is its own
matter: see ``plan`` and ``pipelines.plan``.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from local_azure.control_plane import strict_json
from local_azure.services.machinelearning import overrides
from local_azure.services.machinelearning.errors import InvalidRequestError, NotEmulatedError
from local_azure.services.machinelearning.shapes import check_kind, check_type, keyed
from local_azure.services.machinelearning.uris import is_asset, is_datastore

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
_PLAIN = ("UriFile", "UriFolder", "Literal")
"""Types of inputs that have no mode: azure-ai-ml sends one with the others alone."""
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
        type: one of the documented types, such as ``UriFile`` or ``Literal``.
        uri: where it lies; empty for a literal.
        value: of a literal: a string, a number or a boolean.
    """

    name: str
    type: str
    uri: str = ""
    value: Any = None


@dataclass(frozen=True)
class Invocation:
    """What a caller asks for.

    Attributes:
        inputs: by the caller's names.
        outputs: those that are not to lie in their default places.
        name: the job's name, if the caller chose it.
        description: free text.
        tags: the caller's own.
        properties: the caller's own, such as ``experimentName``.
        overrides: settings of the deployment that hold for this job alone, by camelCase key.
    """

    inputs: tuple[Port, ...] = ()
    outputs: tuple[Port, ...] = ()
    name: str | None = None
    description: str | None = None
    tags: dict[str, str] = field(default_factory=dict)
    properties: dict[str, str] = field(default_factory=dict)
    overrides: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> str:
        """For the job's row."""
        return json.dumps(self, default=vars)

    @classmethod
    def from_json(cls, text: str) -> Invocation:
        """From the job's row."""
        told = json.loads(text)
        ports = {key: tuple(Port(**each) for each in told[key]) for key in ("inputs", "outputs")}
        return cls(**{**told, **ports})


def read(body: bytes) -> Invocation:
    """The invocation that a request body asks for.

    Raises:
        InvalidRequestError: not the documented shape.
        NotEmulatedError: documented, but not here.
    """
    document = keyed(_parse(body), "the body", {"properties": dict})
    if "properties" not in document:
        message = 'The body has no \'properties\'; accepted: {"properties": {"InputData": {…}}}.'
        raise InvalidRequestError(message)
    told = keyed(document["properties"], "properties", _KEYS)
    return Invocation(
        inputs=tuple(_input(*each) for each in told.get("inputdata", {}).items()),
        outputs=tuple(_output(*each) for each in told.get("outputdata", {}).items()),
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
        return strict_json.read(body)
    except ValueError as error:
        message = f"The body is no JSON: {error}."
        raise InvalidRequestError(message) from None


def _input(name: str, told: Any) -> Port:
    where = f"InputData.{name}"
    value = _taken(told, "value")
    keys = {"JobInputType": str, "Uri": str, "Description": str}
    mode = {} if _taken(told, "jobinputtype") in _PLAIN else {"Mode": str}
    entry = keyed(_without(told, "value"), where, {**keys, **mode})
    kind = entry.get("jobinputtype", "")
    check_kind(kind, f"{where}.JobInputType", _INPUT_TYPES)
    if kind == "Literal":
        return Port(name, kind, value=_literal(value, entry, where))
    if value is not None:
        message = f"{where} has a 'Value'; only a Literal has one."
        raise InvalidRequestError(message)
    return Port(name, kind, _uri(entry, where))


def _output(name: str, told: Any) -> Port:
    where = f"OutputData.{name}"
    # Whether an output is written at once or at the end, its mode, makes no difference here.
    keys = {"JobOutputType": str, "Uri": str, "Description": str, "Mode": str}
    entry = keyed(told, where, keys)
    kind = entry.get("joboutputtype", "")
    check_kind(kind, f"{where}.JobOutputType", _OUTPUT_TYPES)
    if "uri" not in entry:
        message = f"{where} without a 'Uri' is not emulated; left out, it has its default place."
        raise NotEmulatedError(message)
    uri = _uri(entry, where)
    if (
        uri.lower().startswith(("https:", "abfss:"))
        or is_asset(uri)
        or (kind == "UriFile" and uri.endswith("/"))
    ):
        message = (
            f"{where}.Uri is {uri!r}; accepted: a path that does not exist yet, in a "
            "datastore registered on a blob container (azureml://datastores/<datastore>/paths/"
            "<path>). No other store can be written to."
        )
        raise InvalidRequestError(message)
    if is_datastore(uri) and not uri.partition("/paths/")[2].strip("/"):
        message = f"{where}.Uri is {uri!r}; it names no path in the datastore."
        raise InvalidRequestError(message)
    return Port(name, kind, uri)


def _taken(told: Any, key: str) -> Any:
    """A value whose type is free, which ``keyed`` does not know."""
    if not isinstance(told, dict):
        return None
    return next((value for name, value in told.items() if name.lower() == key), None)


def _without(told: Any, key: str) -> Any:
    if not isinstance(told, dict):
        return told
    return {name: value for name, value in told.items() if name.lower() != key}


def _literal(value: Any, entry: dict[str, Any], where: str) -> Any:
    if not isinstance(value, str | int | float):
        message = f"{where}.Value must be a string, a number or a boolean; found {value!r}."
        raise InvalidRequestError(message)
    if "uri" in entry:
        message = f"{where} has a 'Uri'; a Literal has a 'Value' alone."
        raise InvalidRequestError(message)
    return value


def _uri(entry: dict[str, Any], where: str) -> str:
    if not entry.get("uri"):
        message = f"{where} has no 'Uri'."
        raise InvalidRequestError(message)
    return str(entry["uri"])


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
