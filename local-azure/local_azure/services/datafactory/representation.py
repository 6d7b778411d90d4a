"""Runs, activities and runs of triggers as a GET tells them; what is secure is hidden.

Sources: the models PipelineRun and ActivityRun of Data Factory's REST interface, 2018-06-01, and
the answers to Azure PowerShell that its tests recorded in 2020 (of a trigger's run
TestInvokeAndStopTriggerRun).
"""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from local_azure.control_plane.clock import american, iso_at
from local_azure.services.datafactory.activities.conversion import text
from local_azure.services.datafactory.records import HIDDEN, Record
from local_azure.services.datafactory.resources.trigger import KIND
from local_azure.services.datafactory.store import Run
from local_azure.services.datafactory.windows import TriggerRun

_SECURE = "securestring"
_DIGITS = 32


def shown_run(run: Run) -> dict[str, Any]:
    """A run."""
    return {
        "id": f"{run.factory.upper()}/pipelineruns/{run.id}",
        "runId": run.id,
        "debugRunId": None,
        "runGroupId": run.family,
        "isLatest": True,
        "pipelineName": run.pipeline,
        "parameters": {name: text(value) for name, value in _parameters(run).items()},
        "runDimension": {},
        "annotations": run.work.properties.get("annotations", []),
        "invokedBy": run.invoked_by,
        "runStart": _time(run.started or run.created),
        "runEnd": _time(run.ended),
        "durationInMs": _milliseconds(run.started, run.ended),
        "lastUpdated": _time(run.updated),
        "status": run.status,
        "message": without_secrets(run, run.message) if run.started else None,
    }


def without_secrets(run: Run, text: str) -> str:
    """A text of a run without what its secure parameters hold."""
    hidden: str = _veiled(text, _secrets(run))
    return hidden


def shown_activities(run: Run, records: Iterable[Record]) -> list[dict[str, Any]]:
    """Activities of a run."""
    secrets = _secrets(run)
    return [_veiled(_activity(run, record), secrets) for record in records]


def shown_trigger_run(run: TriggerRun) -> dict[str, Any]:
    """A trigger's run."""
    return {
        "triggerName": run.name,
        "triggerRunId": run.id,
        "triggerType": KIND,
        "triggerRunTimestamp": moment(run.fired),
        "status": run.status,
        "message": run.message or None,
        "properties": {
            "TriggerTime": american(datetime.fromtimestamp(run.fired, UTC)),
            "windowStartTime": american(datetime.fromtimestamp(run.start, UTC)),
            "windowEndTime": american(datetime.fromtimestamp(run.end, UTC)),
        },
        "triggeredPipelines": {run.pipeline: run.pipeline_run},
        "groupId": run.id,
        "dependencyStatus": {},
    }


def moment(seconds: float) -> str:
    """A time that is known, or nothing."""
    return _time(seconds) or ""


def _activity(run: Run, record: Record) -> dict[str, Any]:
    shown = record.shown()
    return {
        "activityName": record.name,
        "activityType": record.type,
        "activityRunId": record.id,
        "pipelineName": run.pipeline,
        "pipelineRunId": run.id,
        "status": shown["status"],
        "activityRunStart": _time(record.start),
        "activityRunEnd": _time(record.end),
        "durationInMs": _milliseconds(record.start, record.end),
        "retryAttempt": record.attempt - 1 or None,
        "iterationHash": _iteration(record.place),
        "input": shown["inputs"],
        "output": shown["output"],
        "error": _error(record, shown["error"]),
        "linkedServiceName": "",
        "userProperties": {},
    }


def _iteration(place: str) -> str:
    """One hash for what runs in the same pass of the same loops; empty outside of loops."""
    if not any(part.isdigit() for part in place.split("/")):
        return ""
    return hashlib.sha256(place.encode()).hexdigest()[:_DIGITS]


def _error(record: Record, error: dict[str, Any] | None) -> dict[str, Any]:
    if error is None:
        return {"errorCode": "", "message": "", "failureType": "", "target": record.name}
    return record.detailed(error)


def _parameters(run: Run) -> dict[str, Any]:
    secure = _secure(run)
    return {
        name: HIDDEN if name in secure else value for name, value in run.work.parameters.items()
    }


def _secure(run: Run) -> set[str]:
    declared = run.work.properties.get("parameters", {})
    return {name for name, each in declared.items() if str(each["type"]).lower() == _SECURE}


def _secrets(run: Run) -> list[str]:
    values = [run.work.parameters[name] for name in _secure(run)]
    return sorted(filter(None, values), key=len, reverse=True)


def _veiled(value: Any, secrets: list[str]) -> Any:
    """The value with what secure parameters hold hidden wherever it went."""
    if isinstance(value, dict):
        return {key: _veiled(each, secrets) for key, each in value.items()}
    if isinstance(value, list):
        return [_veiled(each, secrets) for each in value]
    if isinstance(value, str):
        for secret in secrets:
            value = value.replace(secret, HIDDEN)
    return value


def _time(seconds: float) -> str | None:
    return iso_at(seconds) if seconds else None


def _milliseconds(start: float, end: float) -> int | None:
    return round((end - start) * 1000) if start and end else None
