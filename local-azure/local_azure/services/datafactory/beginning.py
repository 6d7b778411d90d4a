"""Runs as they begin: what each does, and what it is told of who started it.

Source of the latter, which ``pipeline()`` tells beside Pipeline, RunId and parameters:
D:data-factory/control-flow-system-variables; of the trigger of a run that was started by hand or
called it has the right form, its content is UNVERIFIED.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from local_azure.control_plane.clock import iso, iso_at
from local_azure.services.datafactory.errors import InvalidParametersError
from local_azure.services.datafactory.factory import Call, Pipeline
from local_azure.services.datafactory.parameters import bind
from local_azure.services.datafactory.store import Run, Work

if TYPE_CHECKING:  # loads Pulumi's SDK, which linting does not wait for
    from local_azure.services.datafactory.windows import TriggerRun

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
    told = told_of_call(call, now)
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


def started_by_hand(factory: str, run_id: str, now: datetime) -> dict[str, Any]:
    """What a run is told that somebody started, in a factory of this name."""
    return {
        "DataFactory": factory,
        "GroupId": run_id,
        **_trigger("Manual", uuid4().hex, "Manual", iso(now)),
    }


def started_by_window(factory: str, run: TriggerRun) -> dict[str, Any]:
    """What a run is told that a tumbling window started, in a factory of this resource id."""
    return {
        "DataFactory": factory.rpartition("/")[2],
        "GroupId": run.family,
        **_trigger("TumblingWindowTrigger", run.id, run.name, iso_at(run.fired)),
    }


def told_of_call(call: Call, now: datetime) -> dict[str, Any]:
    """What a run is told that another one called."""
    kept = {key: each for key, each in call.told.items() if key != "parameters"}
    activity = call.activity
    trigger = _trigger("PipelineActivity", activity.id, activity.name, iso(now), call.told)
    return {**kept, **trigger}


def _trigger(
    kind: str, identifier: str, name: str, time: str, caller: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    caller = caller or {}
    return {
        "TriggerType": kind,
        "TriggerId": identifier,
        "TriggerName": name,
        "TriggerTime": time,
        "TriggeredByPipelineName": caller.get("Pipeline"),
        "TriggeredByPipelineRunId": caller.get("RunId"),
    }
