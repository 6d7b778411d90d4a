"""Runs as they begin: what each does, and who started it as a GET tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local_azure.services.datafactory import system_variables
from local_azure.services.datafactory.errors import InvalidParametersError
from local_azure.services.datafactory.parameters import bind
from local_azure.services.datafactory.store import Run, Work

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from local_azure.services.datafactory.factory import Call, Pipeline

_TOLD = {"id": "TriggerId", "name": "TriggerName", "invokedByType": "TriggerType"}


def triggered(
    run_id: str,
    factory: str,
    pipeline: Pipeline,
    given: Mapping[str, Any],
    started: Mapping[str, Any],
) -> Run:
    """A run that no other run calls; see ``DataFactory.begin``.

    Raises:
        InvalidParametersError: the values don't fit the pipeline's parameters.
    """
    try:
        work = _work(pipeline, given, started)
    except ValueError as error:
        message = f"The pipeline '{pipeline.name}' can't be run: {error}"
        raise InvalidParametersError(message) from None
    invoked_by = {key: started[name] for key, name in _TOLD.items()}
    return Run(run_id, factory, pipeline.name, lambda: work, invoked_by, started["GroupId"])


def called(factory: str, pipeline: Pipeline, call: Call, now: datetime) -> Run:
    """The run of a pipeline that another run calls.

    Raises:
        ValueError: the parameters don't fit.
    """
    told = system_variables.called(call, now)
    work = _work(pipeline, call.parameters, told)
    parent = call.told["RunId"]
    invoked_by = {key: told[name] for key, name in _TOLD.items()} | {
        "pipelineName": call.told["Pipeline"],
        "pipelineRunId": parent,
    }
    return Run(
        call.run_id, factory, pipeline.name, lambda: work, invoked_by, told["GroupId"], parent
    )


def _work(pipeline: Pipeline, given: Mapping[str, Any], told: Mapping[str, Any]) -> Work:
    parameters = bind(pipeline.properties.get("parameters", {}), given)
    return Work(pipeline.properties, parameters, told)
