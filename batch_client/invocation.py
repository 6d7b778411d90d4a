"""What a job is asked to do, and the body of ``POST /jobs`` that says it.

Shape: D:machine-learning/how-to-access-data-batch-endpoints-jobs; the overrides' keys are
azure-ai-ml's ``BatchJob``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

FILE = "UriFile"
FOLDER = "UriFolder"
LITERAL = "Literal"
TYPES = (FILE, FOLDER, "MLTable", "CustomModel", "MLFlowModel", "TritonModel")
"""Types of data; MLTable is for pipeline components alone."""
ASSET_TYPES = {"uri_file": FILE, "uri_folder": FOLDER}
"""By what assets and components call them, those that a batch endpoint reads."""


@dataclass(frozen=True)
class Port:
    """An input or an output.

    Attributes:
        type: one of ``TYPES``, or ``LITERAL`` for an input.
        value: its URI; the text itself for a literal.
    """

    type: str
    value: str


@dataclass(frozen=True)
class Overrides:
    """Settings of the deployment that hold for one job alone; None leaves the deployment's.

    Attributes:
        instance_count: nodes.
        mini_batch_size: files for each call of the scoring script.
        max_concurrency_per_instance: calls at a time on one node.
        error_threshold: failed files after which the job fails; -1 for never.
        mini_batch_retries: how often a failed mini-batch is tried again.
        mini_batch_timeout_seconds: seconds for each call.
        output_file_name: of the predictions.
        logging_level: Info, Warning or Debug.
    """

    instance_count: int | None = None
    mini_batch_size: int | None = None
    max_concurrency_per_instance: int | None = None
    error_threshold: int | None = None
    mini_batch_retries: int | None = None
    mini_batch_timeout_seconds: int | None = None
    output_file_name: str | None = None
    logging_level: str | None = None

    def body(self) -> dict[str, Any]:
        """The part of the payload that says it."""
        seconds = self.mini_batch_timeout_seconds
        retry = {
            "maxRetries": self.mini_batch_retries,
            "timeout": None if seconds is None else f"PT{seconds}S",
        }
        return _said(
            {
                "compute": _said({"instanceCount": self.instance_count}) or None,
                "miniBatchSize": self.mini_batch_size,
                "maxConcurrencyPerInstance": self.max_concurrency_per_instance,
                "errorThreshold": self.error_threshold,
                "retrySettings": _said(retry) or None,
                "outputFileName": self.output_file_name,
                "loggingLevel": self.logging_level,
            }
        )


@dataclass(frozen=True)
class Invocation:
    """What a job is asked to do.

    Attributes:
        inputs: by name; a model deployment has one and does not mind its name.
        outputs: by name; without any, predictions go to the workspace's default place.
        name: the job's; None lets one be chosen.
        deployment: whose job it is; None is the endpoint's default.
        experiment: that the job belongs to.
        tags: of the job.
        overrides: settings for this job alone.
    """

    inputs: Mapping[str, Port]
    outputs: Mapping[str, Port] = field(default_factory=dict)
    name: str | None = None
    deployment: str | None = None
    experiment: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    overrides: Overrides = field(default_factory=Overrides)

    def body(self, name: str | None = None) -> dict[str, Any]:
        """The request's body, for a job of this name or of one that the endpoint chooses."""
        experiment = {"experimentName": self.experiment} if self.experiment else None
        properties = {
            "name": name,
            "InputData": {key: _input(port) for key, port in self.inputs.items()},
            "OutputData": {key: _output(port) for key, port in self.outputs.items()} or None,
            "tags": dict(self.tags) or None,
            "properties": experiment,
            **self.overrides.body(),
        }
        return {"properties": _said(properties)}

    def headers(self) -> dict[str, str]:
        """The request's headers."""
        return {"azureml-model-deployment": self.deployment} if self.deployment else {}


def _input(port: Port) -> dict[str, str]:
    key = "Value" if port.type == LITERAL else "Uri"
    return {"JobInputType": port.type, key: port.value}


def _output(port: Port) -> dict[str, str]:
    return {"JobOutputType": port.type, "Uri": port.value}


def _said(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}
