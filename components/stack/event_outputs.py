"""From settings to where the job of an event writes: a path with the event's id in it.

A path has to be new, so a second job for the same event fails there instead of scoring twice, and
the predictions are found from the event alone. Nothing else tells whose a model deployment's job
is: whether Azure keeps its tags is open, and its name is not heeded.
"""

import re
from typing import Any

import pulumi

from components.machine_learning.machine_learning_workspace import MachineLearningWorkspace
from components.machine_learning.pipeline_components.files import read_pipeline
from components.settings.model import DeploymentSettings, Settings
from components.settings.payload import EVENT_ID, INPUT, NAME, PREDICTIONS
from components.stack.endpoints import artifacts_url
from components.stack.place import PROJECT
from components.stack.scoring import input_datastore

_TYPES = {
    "uri_file": "UriFile",
    "uri_folder": "UriFolder",
    "mltable": "MLTable",
    "custom_model": "CustomModel",
    "mlflow_model": "MLFlowModel",
    "triton_model": "TritonModel",
}


def job_outputs(settings: Settings, endpoint_name: pulumi.Input[str]) -> dict[str, Any]:
    """Every output that is known, with the type and the path that a job is given for it."""
    if settings.workflow.predictions_beside_inputs:
        uri = f"azureml://datastores/{input_datastore(settings)}/paths/{INPUT}{PREDICTIONS}"
        return {"score": {"JobOutputType": "UriFile", "Uri": uri}}
    folder = f"/{EVENT_ID}/"
    named = {
        name: {
            "JobOutputType": kind,
            "Uri": pulumi.Output.concat(
                "azureml://datastores/workspaceblobstore/paths/", endpoint_name, folder, path
            ),
        }
        for name, (kind, path) in _known(settings).items()
    }
    return {**named, **settings.workflow.job_outputs}


def names_outputs(settings: Settings) -> bool:
    """Whether jobs of events write below one folder, in one for each event."""
    return settings.workflow_invokes and bool(_known(settings))


def event_predictions_url(
    settings: Settings, workspace: MachineLearningWorkspace, endpoint_name: pulumi.Input[str]
) -> pulumi.Output[str]:
    """That folder; an event's own in it has the event's id as its name."""
    return pulumi.Output.concat(artifacts_url(settings, workspace), "/", endpoint_name, "/")


def _known(settings: Settings) -> dict[str, tuple[str, str]]:
    """Type of each output and where it lies in the event's folder, but those the stack names.

    An endpoint that exists already has a default deployment of its own: a pipeline there would
    refuse an output that it does not declare.
    """
    elsewhere = settings.workflow.plain_payload or settings.workflow.predictions_beside_inputs
    if elsewhere or settings.endpoint.existing:
        return {}
    known, own = _of_default_deployment(settings), settings.workflow.job_outputs
    return {name: told for name, told in known.items() if name not in own}


def _of_default_deployment(settings: Settings) -> dict[str, tuple[str, str]]:
    default = next(
        each for each in settings.deployments if each.name == settings.default_deployment
    )
    if isinstance(default, DeploymentSettings):
        # A model deployment has one output, a file; with summary_only nobody writes that.
        unnamed = not settings.workflow.job_outputs and default.output_action == "append_row"
        return {"score": ("UriFile", default.output_file_name)} if unnamed else {}
    declared = read_pipeline(PROJECT / default.file).outputs
    return {
        name: (kind, f"{name}/" if kind != "UriFile" else name)
        for name, told in declared.items()
        if (kind := _TYPES.get(str(told.get("type")), "")) and re.fullmatch(NAME, name)
    }
