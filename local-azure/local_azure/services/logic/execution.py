"""Carries a run out, to its end: each action as soon as those that it runs after have ended.

Rules of D:logic-apps/logic-apps-exception-handling ("run after"): an action whose predecessors end
otherwise than it allows is skipped; a branch has failed when one of its last actions has, where a
skipped action stands for those before it.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from local_azure.expressions.errors import ExpressionError
from local_azure.expressions.template import evaluate
from local_azure.runs.durations import seconds
from local_azure.runs.environment import Environment
from local_azure.services.logic.action import Action, has_failed
from local_azure.services.logic.actions.types import ACTION_TYPES
from local_azure.services.logic.definition import read
from local_azure.services.logic.frame import Frame
from local_azure.services.logic.records import (
    BRANCH_FAILED,
    Outcome,
    Record,
    Response,
    Status,
    failed,
    skipped,
    succeeded,
)
from local_azure.services.logic.run import Run
from local_azure.services.logic.step import Step

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class RunResult:
    """How a run ended.

    Attributes:
        status: Succeeded, Failed, Cancelled or Aborted.
        response: what the caller was answered, or None where no Response action ran.
        actions: every action in the order in which they began, each with its place in the loops.
        outputs: the definition's outputs.
        error: ``code`` and ``message``, unless it succeeded.
    """

    status: Status
    response: Response | None
    actions: list[tuple[str, Record]]
    outputs: dict[str, Any]
    error: dict[str, Any] | None = None

    def action(self, name: str) -> Record:
        """The last record of an action.

        Raises:
            KeyError: when it did not even begin.
        """
        return {record.name: record for _, record in self.actions}[name]


async def execute(run: Run) -> RunResult:
    """Run every action that is to run."""
    root = Frame(run)
    run.work = asyncio.create_task(run_actions(run.definition.actions, root))
    try:
        outcome = await run.work
    except asyncio.CancelledError:
        if run.terminated is None:
            raise
        outcome = succeeded()
    except Exception:  # noqa: BLE001 a run ends whatever its engine does
        _log.exception("The run %s broke.", run.id)
        outcome = failed("InternalServerError", "The engine broke; its log tells why.")
    return _result(run, root, outcome)


async def run_definition(
    document: Mapping[str, Any],
    parameters: Mapping[str, Any],
    trigger_outputs: Mapping[str, Any],
    environment: Environment,
) -> RunResult:
    """Run a definition to its end.

    Args:
        document: the definition, which ``check_definition`` finds nothing wrong in.
        parameters: values by name.
        trigger_outputs: ``headers`` and ``body`` of the request.
        environment: the world around the run.
    """
    return await execute(Run(read(document), parameters, trigger_outputs, environment))


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


def _result(run: Run, root: Frame, outcome: Outcome) -> RunResult:
    status, error = run.terminated or (
        Status.FAILED if outcome.error else Status.SUCCEEDED,
        outcome.error,
    )
    for _, record in run.log:
        if record.status is Status.RUNNING:
            record.outcome = Outcome(Status.CANCELLED, "Terminated")
            record.end = run.time()
    outputs, problem = _outputs(root)
    if problem and not error:
        status, error = Status.FAILED, problem
    response = run.response.result() if run.response.done() else None
    return RunResult(status, response, run.log, outputs, error)


def _outputs(root: Frame) -> tuple[dict[str, Any], dict[str, Any] | None]:
    try:
        return evaluate(dict(root.run.definition.outputs), root), None
    except ExpressionError as error:
        return {}, {"code": "InvalidTemplate", "message": f"The workflow's outputs: {error}"}
