"""What a job is given beside the file or the folder: named inputs and outputs of a pipeline.

In the stack file each is `{type, uri}` or `{type: Literal, value}`; the endpoint takes
`{JobInputType, Uri}`, `{JobInputType, Value}` and `{JobOutputType, Uri}`
(D:machine-learning/how-to-access-data-batch-endpoints-jobs).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

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

_URI = re.compile(r"(?:azureml|https)://[^\s\"<>\\^`|]{1,2000}")


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
    fits = kind in DATA and set(port) == {"type", "uri"} and _is_uri(port["uri"])
    return (
        "" if fits else f"{_types(LITERAL)} with a uri (azureml:// or https://; a Literal: value)"
    )


def _output(port: Any) -> str:
    """What would be accepted instead; empty if the output is."""
    fits = isinstance(port, dict) and set(port) == {"type", "uri"} and port["type"] in DATA
    if not fits or not _is_uri(port["uri"]) or EVENT_ID not in port["uri"]:
        return f"{_types()} with a uri that has {EVENT_ID} in it: a path must not exist yet"
    return ""


def _types(*more: str) -> str:
    return f"an object with a type ({', '.join((*DATA, *more))})"


def _is_uri(value: Any) -> bool:
    return isinstance(value, str) and _URI.fullmatch(value) is not None
