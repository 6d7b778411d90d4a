"""One activity: skipped, taken from the journal, or attempted as often as its policy allows.

An inactive activity does nothing and ends as it is marked.
Source: D:data-factory/concepts-pipelines-activities ("activity policy"), deactivate-activity.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from local_azure.expressions import ExpressionError
from local_azure.services.datafactory.activities.types import ACTIVITY_TYPES
from local_azure.services.datafactory.records import ActivityError, Record, Status
from local_azure.services.datafactory.step import Step

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local_azure.services.datafactory.frame import Frame
    from local_azure.services.datafactory.run import PipelineRun
    from local_azure.services.datafactory.step import Inside

_RETRY_INTERVAL = 30


async def run_activity(
    activity: Mapping[str, Any], frame: Frame, inside: Inside, *, runs: bool
) -> Record:
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
        record = await _attempt(activity, frame, inside, number)
        if record.status is Status.SUCCEEDED or number > retries:
            return record
        clock = frame.run.environment.clock
        interval = float(policy.get("retryIntervalInSeconds", _RETRY_INTERVAL))
        await clock.sleep(record.end + interval - clock.timestamp())
        number += 1


def cancel_below(run: PipelineRun, container: Record | None = None) -> None:
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


async def _attempt(
    activity: Mapping[str, Any], frame: Frame, inside: Inside, number: int
) -> Record:
    blank = _blank(activity, frame, number)
    noted = frame.run.noted(blank)
    if noted and noted.status is not Status.IN_PROGRESS:
        return noted
    step = Step(activity, frame, noted or blank, inside)
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
        cancel_below(step.run, step.record)
        message = "It did not end within its time."
        return None, {"errorCode": "ActivityTimeout", "message": message}


async def _work(step: Step, *, again: bool) -> Any:
    kind = ACTIVITY_TYPES[step.record.type]
    if not again:
        step.record = replace(step.record, inputs=kind.inputs(step))
        step.run.begin(step.record)
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
