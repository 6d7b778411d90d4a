"""What a model deployment makes of an invocation's inputs and outputs: one of each, and data only.

Source: D:machine-learning/how-to-access-data-batch-endpoints-jobs. The names are ignored.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_azure.services.machinelearning.errors import InvalidRequestError

if TYPE_CHECKING:
    from local_azure.services.machinelearning.invocation import Invocation, Port

_DATA = ("UriFile", "UriFolder")


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
