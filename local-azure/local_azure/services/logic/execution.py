"""Carries a run out, to its end."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from local_azure.expressions.errors import ExpressionError
from local_azure.expressions.template import evaluate
from local_azure.runs.environment import Environment
from local_azure.services.logic.definition import read
from local_azure.services.logic.frame import Frame
from local_azure.services.logic.records import Outcome, Record, Response, Status, failed, succeeded
from local_azure.services.logic.run import Run
from local_azure.services.logic.sequence import run_actions

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
