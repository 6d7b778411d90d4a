"""Carries a run out: from its beginning, or from what its journal holds, to its end.

Where the awaiting task is cancelled (the process stops) nothing is noted, and a run of the same id,
parameters and journal goes on from there in another process. ``PipelineRun.cancel`` is what a user
asks for: the run and what is in progress end Cancelled.

Of the activities that lie beside each other, each begins when those before it have ended. All of
them have failed if a leaf failed; where a leaf was skipped, those before it decide
(D:data-factory/tutorial-pipeline-failure-error-handling). One activity is skipped, taken from the
journal, or attempted as often as its policy allows; an inactive one does nothing and ends as it is
marked (D:data-factory/concepts-pipelines-activities, "activity policy"; deactivate-activity).
"""

import asyncio
import logging
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from local_azure.expressions.errors import ExpressionError
from local_azure.services.datafactory.activities.types import ACTIVITY_TYPES
from local_azure.services.datafactory.records import (
    ActivityError,
    Record,
    RunResult,
    Status,
    failure,
)
from local_azure.services.datafactory.run import PipelineRun
from local_azure.services.datafactory.step import Frame, Step

_RETRY_INTERVAL = 30
_MET = {
    "Succeeded": {Status.SUCCEEDED},
    "Failed": {Status.FAILED},
    "Skipped": {Status.SKIPPED},
    "Completed": {Status.SUCCEEDED, Status.FAILED},
}
_log = logging.getLogger(__name__)


async def execute(run: PipelineRun) -> RunResult:
    """Run what has not been run yet."""
    if run.cancelled:
        return _result(run, Status.CANCELLED)
    run.work = asyncio.create_task(run_sequence(run.pipeline.properties["activities"], Frame(run)))
    try:
        failed = await run.work
    except asyncio.CancelledError:
        if not run.cancelled:
            raise
        return _result(run, Status.CANCELLED)
    except Exception:  # noqa: BLE001 a run ends whatever its engine does
        _log.exception("The run %s broke.", run.id)
        return _result(run, Status.FAILED, "The engine broke; its log tells why.")
    if failed:
        return _result(run, Status.FAILED, failure(failed))
    return _result(run, Status.SUCCEEDED)


def _result(run: PipelineRun, status: Status, message: str = "") -> RunResult:
    _cancel_below(run)
    return RunResult(run.id, status, message, list(run.records.values()), dict(run.variables))


async def run_sequence(activities: Sequence[Mapping[str, Any]], frame: Frame) -> Record | None:
    """Run activities; the failure that decides, if any."""
    tasks: dict[str, asyncio.Task[Record]] = {}
    async with asyncio.TaskGroup() as group:
        for each in activities:
            tasks[each["name"]] = group.create_task(_in_turn(each, tasks, frame))
    before = {each["name"]: _before(each) for each in activities}
    leaves = [name for name in before if not any(name in each for each in before.values())]
    records = {name: task.result() for name, task in tasks.items()}
    return next(filter(None, (_deciding(leaf, before, records) for leaf in leaves)), None)


async def _in_turn(
    activity: Mapping[str, Any], tasks: Mapping[str, asyncio.Task[Record]], frame: Frame
) -> Record:
    # The tasks beside this one all exist once it is first asked to go on.
    await asyncio.sleep(0)
    runs = True
    for each in activity.get("dependsOn", []):
        found = (await asyncio.shield(tasks[each["activity"]])).status
        runs &= any(found in _MET[condition] for condition in each["dependencyConditions"])
    return await _run_activity(activity, frame, runs=runs)


def _before(activity: Mapping[str, Any]) -> list[str]:
    return [each["activity"] for each in activity.get("dependsOn", [])]


def _deciding(
    name: str, before: Mapping[str, list[str]], records: Mapping[str, Record]
) -> Record | None:
    """The failure at this activity, or, where it was skipped, before it."""
    if records[name].status is Status.FAILED:
        return records[name]
    if records[name].status is Status.SUCCEEDED:
        return None
    return next(filter(None, (_deciding(each, before, records) for each in before[name])), None)


async def _run_activity(activity: Mapping[str, Any], frame: Frame, *, runs: bool) -> Record:
    """Attempt an activity until it succeeds, or note that it is skipped; the last record."""
    if not runs:
        return _unrun(activity, frame, Status.SKIPPED)
    if activity.get("state") == "Inactive":
        marked = Status(activity.get("onInactiveMarkAs", Status.SUCCEEDED))
        return _unrun(activity, frame, marked, inactive=True)
    heeded = ACTIVITY_TYPES[activity["type"]].policy
    policy = {key: each for key, each in activity.get("policy", {}).items() if key in heeded}
    retries, number = int(policy.get("retry", 0)), 1
    while True:
        record = await _attempt(activity, frame, number)
        if record.status is Status.SUCCEEDED or number > retries:
            return record
        clock = frame.run.environment.clock
        interval = float(policy.get("retryIntervalInSeconds", _RETRY_INTERVAL))
        await clock.sleep(record.end + interval - clock.timestamp())
        number += 1


def _cancel_below(run: PipelineRun, container: Record | None = None) -> None:
    """Note that what is in progress, inside of that container, is cancelled."""
    under = container.inner() if container else ""
    for each in reversed(run.records.copy().values()):
        if each.status is Status.IN_PROGRESS and each.place.startswith(under):
            ACTIVITY_TYPES[each.type].cancel(run, each)
            run.end(replace(each, status=Status.CANCELLED))


def _unrun(
    activity: Mapping[str, Any], frame: Frame, status: Status, *, inactive: bool = False
) -> Record:
    blank = replace(_blank(activity, frame, 1), status=status, inactive=inactive)
    return frame.run.noted(blank) or frame.end(blank)


async def _attempt(activity: Mapping[str, Any], frame: Frame, number: int) -> Record:
    blank = _blank(activity, frame, number)
    noted = frame.run.noted(blank)
    if noted and noted.status is not Status.IN_PROGRESS:
        return noted
    step = Step(activity, frame, noted or blank, run_sequence)
    output, error = await _outcome(step, again=noted is not None)
    ended = replace(
        step.record,
        status=Status.FAILED if error else Status.SUCCEEDED,
        output=output,
        error=error,
        variables=step.variables,
    )
    return frame.end(ended)


async def _outcome(step: Step, *, again: bool) -> tuple[Any, dict[str, str] | None]:
    try:
        return await _work(step, again=again), None
    except ActivityError as failure:
        return failure.output, {"errorCode": failure.code, "message": str(failure)}
    except ExpressionError as failure:
        return None, {"errorCode": "InvalidTemplate", "message": str(failure)}
    except TimeoutError:
        _cancel_below(step.run, step.record)
        message = "It did not end within its time."
        return None, {"errorCode": "ActivityTimeout", "message": message}


async def _work(step: Step, *, again: bool) -> Any:
    kind = ACTIVITY_TYPES[step.record.type]
    if not again:
        step.record = replace(step.record, inputs=kind.inputs(step))
        step.run.note(step.record)
    work = kind.resume if again else kind.run
    limit = kind.limit(step)
    if limit is None:
        return await work(step)
    left = limit - step.elapsed()
    if left <= 0:
        raise TimeoutError
    async with step.environment.clock.timeout(left):
        return await work(step)


def _blank(activity: Mapping[str, Any], frame: Frame, number: int) -> Record:
    policy = activity.get("policy", {})
    return Record(
        activity["name"],
        activity["type"],
        Status.IN_PROGRESS,
        frame.place,
        number,
        str(uuid.uuid4()),
        frame.run.environment.clock.timestamp(),
        secure_input=bool(policy.get("secureInput")),
        secure_output=bool(policy.get("secureOutput")),
    )
