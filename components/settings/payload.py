"""What a job is given beside the file or the folder: named inputs and outputs of a pipeline.

In the stack file each is `{type, uri}` or `{type: Literal, value}`; the endpoint takes
`{JobInputType, Uri}`, `{JobInputType, Value}` and `{JobOutputType, Uri}`
(D:machine-learning/how-to-access-data-batch-endpoints-jobs).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from components.settings import data_uris
from components.settings.problems import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Named = Mapping[str, Mapping[str, str]]

NAME = "[A-Za-z][A-Za-z0-9_]{0,254}"
NAMES = "letters, digits and '_', the first a letter"
"""Nothing else: the workflow engine's setProperty refuses `.`, `[` and `]` in a name."""

DATA = ("UriFile", "UriFolder", "MLTable", "CustomModel", "MLFlowModel", "TritonModel")
LITERAL = "Literal"
EVENT_ID = "{event_id}"
"""Stands in an output's uri for the id of the event, because a path must not exist yet."""

INPUT = "{input}"
"""Stands for the path of the file, or of the marker's folder, in its container."""

PREDICTIONS = "_predictions.csv"
"""What the name of an input ends with as that of its predictions beside it."""

_ASSET = re.compile(
    r"azureml://[^\s\"<>\\^`|?#]{1,1000}/(?:data|models)/[A-Za-z0-9._-]+/versions/[A-Za-z0-9._-]+"
)
"""Something registered, by its full id."""


def check_inputs(value: dict[str, Any]) -> list[Refusal]:
    """Refusals of `job_inputs`."""
    return list(_refusals(value, _input))


def check_outputs(value: dict[str, Any]) -> list[Refusal]:
    """Refusals of `job_outputs`."""
    return list(_refusals(value, _output))


def inputs(accepted: Named) -> dict[str, dict[str, str]]:
    """Accepted inputs in the payload's form."""
    return {name: _renamed(each, "JobInputType") for name, each in accepted.items()}


def outputs(accepted: Named) -> dict[str, dict[str, str]]:
    """Accepted outputs in the payload's form."""
    return {name: _renamed(each, "JobOutputType") for name, each in accepted.items()}


def _renamed(port: Mapping[str, str], type_key: str) -> dict[str, str]:
    keys = {"type": type_key, "uri": "Uri", "value": "Value"}
    return {keys[key]: value for key, value in port.items()}


def _refusals(ports: dict[str, Any], accepted_of: Any) -> Iterable[Refusal]:
    for name, port in ports.items():
        if not re.fullmatch(NAME, name):
            yield Refusal(f"names of {NAMES}", path=f".{name}", found=name)
        elif accepted := accepted_of(port):
            yield Refusal(accepted, path=f".{name}", found=port)


def _input(port: Any) -> str:
    """What would be accepted instead; empty if the input is."""
    kind = port.get("type") if isinstance(port, dict) else None
    if kind == LITERAL:
        fits = set(port) == {"type", "value"} and isinstance(port["value"], str)
        return "" if fits else "a Literal with a value, which is text, and nothing else"
    fits = kind in DATA and set(port) == {"type", "uri"} and isinstance(port["uri"], str)
    if not fits:
        return f"{_types(LITERAL)} with a uri (a Literal: with a value)"
    return "" if _ASSET.fullmatch(port["uri"]) else _accepted(data_uris.read(port["uri"]))


def _output(port: Any) -> str:
    """What would be accepted instead; empty if the output is."""
    fits = isinstance(port, dict) and set(port) == {"type", "uri"} and port["type"] in DATA
    if not fits or EVENT_ID not in str(port["uri"]):
        return f"{_types()} with a uri that has {EVENT_ID} in it: a path must not exist yet"
    return _accepted(data_uris.written(str(port["uri"])))


def _types(*more: str) -> str:
    return f"an object with a type ({', '.join((*DATA, *more))})"


def _accepted(refusals: list[Refusal]) -> str:
    return "; ".join(refusal.accepted for refusal in refusals)
