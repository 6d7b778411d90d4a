"""Runs the actions of one branch: each as soon as those that it runs after have ended.

Rules of D:logic-apps/logic-apps-exception-handling ("run after"): an action whose predecessors end
otherwise than it allows is skipped; a branch has failed when one of its last actions has, where a
skipped action stands for those before it.
"""

import asyncio
from collections.abc import Sequence

from local_azure.expressions.errors import ExpressionError
from local_azure.runs.durations import seconds
from local_azure.services.logic.action import Action, has_failed
from local_azure.services.logic.actions.types import ACTION_TYPES
from local_azure.services.logic.frame import Frame
from local_azure.services.logic.records import (
    BRANCH_FAILED,
    Outcome,
    Status,
    failed,
    skipped,
    succeeded,
)
from local_azure.services.logic.step import Step


async def run_actions(actions: Sequence[Action], frame: Frame) -> Outcome:
    """Run the actions of a branch, and tell how it ended."""
    tasks: dict[str, asyncio.Task[None]] = {}
    async with asyncio.TaskGroup() as group:
        for action in actions:
            before = [tasks[name] for name in action.run_after]
            tasks[action.name] = group.create_task(_run_after(before, action, frame))
    statuses = {name: record.status for name, record in frame.records.items()}
    return BRANCH_FAILED if has_failed(actions, statuses) else succeeded()


async def _run_after(before: list[asyncio.Task[None]], action: Action, frame: Frame) -> None:
    for task in before:
        await task
    if why := _unsatisfied(action, frame):
        frame.skip([action], why)
    else:
        await _run(action, frame)


def _unsatisfied(action: Action, frame: Frame) -> Outcome | None:
    for name, allowed in action.run_after.items():
        found = frame.records[name].status
        if found not in allowed:
            expected = ", ".join(sorted(allowed))
            return skipped(
                "ActionConditionFailed",
                f"The execution of template action '{action.name}' skipped: the 'runAfter' "
                f"condition for action '{name}' is not satisfied. Expected status values "
                f"'{expected}' and actual value '{found}'.",
            )
    return None


async def _run(action: Action, frame: Frame) -> None:
    record = frame.begin(action)
    outcome = await _within_limit(Step(action, frame, record, run_actions))
    frame.end(record, outcome)


async def _within_limit(step: Step) -> Outcome:
    limit = step.action.spec.get("limit", {}).get("timeout")
    # An Until's time-out is a property of the loop, which goes by it on its own.
    if limit is None or step.action.type == "Until":
        return await _perform(step)
    try:
        async with step.environment.clock.timeout(seconds(limit)):
            return await _perform(step)
    except TimeoutError:
        message = f"The execution of template action '{step.action.name}' exceeded '{limit}'."
        error = {"code": "ActionTimedOut", "message": message}
        return Outcome(Status.TIMED_OUT, "ActionTimedOut", None, error)


async def _perform(step: Step) -> Outcome:
    kind = ACTION_TYPES[step.action.type]
    try:
        inputs = kind.inputs(step)
        step.record.inputs = kind.shown(inputs)
        return await kind.run(step, inputs)
    except ExpressionError as error:
        message = (
            "Unable to process template language expressions in action "
            f"'{step.action.name}' inputs at line '0' and column '0': '{error}'."
        )
        return failed("InvalidTemplate", message, status="BadRequest")
