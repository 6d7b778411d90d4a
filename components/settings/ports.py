"""What a job is given beside the file or the folder: named inputs and outputs of a pipeline.

In the stack file each is `{type, uri}` or `{type: Literal, value}`; the endpoint takes
`{JobInputType, Uri}`, `{JobInputType, Value}` and `{JobOutputType, Uri}`
(D:machine-learning/how-to-access-data-batch-endpoints-jobs).
"""

import re
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator

from components.settings import data_uris
from components.settings.problems import Refused
from components.settings.section import FORMS, Section, matching

NAME = "[A-Za-z][A-Za-z0-9_]{0,254}"

PortName = Annotated[str, matching(NAME, "letters, digits and '_', the first a letter")]
"""Nothing else: the workflow engine's setProperty refuses `.`, `[` and `]` in a name."""

EVENT_ID = "{event_id}"
"""Stands in an output's uri for the id of the event, because a path must not exist yet."""

INPUT = "{input}"
"""Stands for the path of the file, or of the marker's folder, in its container."""

PREDICTIONS = "_predictions.csv"
"""What the name of an input ends with as that of its predictions beside it."""

_ASSET = (
    r"azureml://[^\s\"<>\\^`|?#]{1,1000}/(?:data|models)/[A-Za-z0-9._-]+/versions/[A-Za-z0-9._-]+|"
    + data_uris.REGISTERED % "models"
)
"""Something registered, by its full id."""

_Data = Literal["UriFile", "UriFolder", "MLTable", "CustomModel", "MLFlowModel", "TritonModel"]

IN_FILES = {
    "UriFile": "uri_file",
    "UriFolder": "uri_folder",
    "MLTable": "mltable",
    "CustomModel": "custom_model",
    "MLFlowModel": "mlflow_model",
    "TritonModel": "triton_model",
}
"""What the file of a pipeline component calls the types of data."""


def _read(uri: str) -> str:
    return uri if re.fullmatch(_ASSET, uri) else data_uris.read(uri)


def _written(uri: str) -> str:
    if EVENT_ID not in uri:
        raise Refused(f"a uri that has {EVENT_ID} in it: a path must not exist yet")
    return data_uris.written(uri)


class DataInput(Section):
    """Data that a job reads."""

    type: _Data
    """UriFile, UriFolder, MLTable, CustomModel, MLFlowModel or TritonModel."""

    uri: Annotated[str, AfterValidator(_read)]
    """Where it lies, azureml:<name>:<version> of what is registered in the workspace, or its full
    id."""


class LiteralInput(Section):
    """A value that a job is given."""

    told_by = "value"

    type: Literal["Literal"]
    """Literal."""

    value: str
    """Text, whatever the pipeline makes of it."""


class Output(Section):
    """Data that a job writes."""

    type: _Data
    """UriFile, UriFolder, MLTable, CustomModel, MLFlowModel or TritonModel."""

    uri: Annotated[str, AfterValidator(_written)]
    """Where it is written; {event_id} in it becomes the event's id."""


Input = Annotated[DataInput | LiteralInput, FORMS]


def sent(
    ports: Mapping[str, DataInput | LiteralInput] | Mapping[str, Output],
) -> dict[str, dict[str, str]]:
    """Inputs or outputs in the payload's form."""
    return {
        name: {_key(port, field): value for field, value in port.model_dump().items()}
        for name, port in ports.items()
    }


def _key(port: Section, field: str) -> str:
    if field == "type":
        return "JobOutputType" if isinstance(port, Output) else "JobInputType"
    return field.capitalize()
