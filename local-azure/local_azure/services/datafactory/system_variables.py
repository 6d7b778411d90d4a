"""What ``pipeline()`` tells beside Pipeline, RunId and parameters.

Source: D:data-factory/control-flow-system-variables; what it tells of the trigger of a run that was
started by hand or called has the right form, its content is UNVERIFIED.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from local_azure.control_plane.clock import iso, iso_at

if TYPE_CHECKING:
    from datetime import datetime

    from local_azure.services.datafactory.factory import Call
    from local_azure.services.datafactory.trigger_runs import TriggerRun


def started_by_hand(factory: str, run_id: str, now: datetime) -> dict[str, Any]:
    """What a run is told that somebody started.

    Args:
        factory: the factory's name.
        run_id: the run's id.
        now: when.
    """
    return {
        "DataFactory": factory,
        "GroupId": run_id,
        "TriggerType": "Manual",
        "TriggerId": uuid4().hex,
        "TriggerName": "Manual",
        "TriggerTime": iso(now),
        "TriggeredByPipelineName": None,
        "TriggeredByPipelineRunId": None,
    }


def started_by_window(factory: str, run: TriggerRun) -> dict[str, Any]:
    """What a run is told that a tumbling window started.

    Args:
        factory: the factory's resource id.
        run: the trigger's run.
    """
    return {
        "DataFactory": factory.rpartition("/")[2],
        "GroupId": run.family,
        "TriggerType": "TumblingWindowTrigger",
        "TriggerId": run.id,
        "TriggerName": run.name,
        "TriggerTime": iso_at(run.fired),
        "TriggeredByPipelineName": None,
        "TriggeredByPipelineRunId": None,
    }


def called(call: Call, now: datetime) -> dict[str, Any]:
    """What a run is told that another one called."""
    kept = {key: each for key, each in call.told.items() if key != "parameters"}
    return {
        **kept,
        "TriggerType": "PipelineActivity",
        "TriggerId": call.activity.id,
        "TriggerName": call.activity.name,
        "TriggerTime": iso(now),
        "TriggeredByPipelineName": call.told["Pipeline"],
        "TriggeredByPipelineRunId": call.told["RunId"],
    }
