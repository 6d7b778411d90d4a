"""One run of a workflow: from the trigger's outputs to the run's end, and the one response."""

from __future__ import annotations

import asyncio
import logging
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from local_azure.clock import iso
from local_azure.expressions.errors import ExpressionError
from local_azure.expressions.template import evaluate
from local_azure.logic.definition import Definition, read
from local_azure.logic.frame import Frame
from local_azure.logic.records import (
    Outcome,
    Record,
    Response,
    Status,
    failed,
    skipped,
    succeeded,
    tracking_id,
)
from local_azure.logic.sequence import run_actions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local_azure.logic.definition import Action
    from local_azure.runs.environment import Environment

_log = logging.getLogger(__name__)
_TICKS_OF_1970 = 621_355_968_000_000_000
_LAST_TICK = 9_223_372_036_854_775_807


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


class Run:
    """A run.

    Args:
        definition: what to run.
        parameters: values by name; what is left out has its declared default.
        trigger_outputs: ``headers`` and ``body`` of the request that fired it.
        environment: the world around it.
        caller_waits: whether somebody waits for the response.

    Attributes:
        id: the run's name, unique, sorted by time backwards as Azure's are.
        variables: current values by name.
        log: every action that has begun, in that order, with its place in the loops.
        response: set once by the first Response action.
        caller_is_gone: the caller has been answered that no response came in time.
    """

    def __init__(
        self,
        definition: Definition,
        parameters: Mapping[str, Any],
        trigger_outputs: Mapping[str, Any],
        environment: Environment,
        *,
        caller_waits: bool = True,
    ) -> None:
        self.definition = definition
        self.environment = environment
        self.parameters = parameter_values(definition, parameters)
        self.started = self.time()
        self.id = _new_id(environment.clock.timestamp())
        self.trigger = _trigger_record(definition, trigger_outputs, self.started)
        self.variables: dict[str, Any] = {}
        self.variable_types: dict[str, str] = {}
        self.log: list[tuple[str, Record]] = []
        self.response: asyncio.Future[Response] = asyncio.get_running_loop().create_future()
        self.caller_waits = caller_waits
        self.caller_is_gone = False
        self._end: tuple[Status, dict[str, Any] | None] | None = None
        self._work: asyncio.Task[Outcome] | None = None

    async def execute(self) -> RunResult:
        """Run every action that is to run."""
        root = Frame(self)
        self._work = asyncio.create_task(run_actions(self.definition.actions, root))
        try:
            outcome = await self._work
        except asyncio.CancelledError:
            if self._end is None:
                raise
            outcome = succeeded()
        except Exception:  # noqa: BLE001 a run ends whatever its engine does
            _log.exception("The run %s broke.", self.id)
            outcome = failed("InternalServerError", "The engine broke; its log tells why.")
        return self._result(root, outcome)

    def begin(self, action: Action, frame: Frame) -> Record:
        """Note that an action begins."""
        record = Record(action.name, action.type, self.time(), tracking_id(self.id, len(self.log)))
        self.log.append((frame.place, record))
        return record

    def end(self, record: Record, frame: Frame, outcome: Outcome) -> None:
        """Note how an action ended; from now on expressions see it."""
        record.outcome = outcome
        record.end = self.time()
        frame.records[record.name] = record
        if self._end and self._work:
            self._work.cancel()

    def respond(self, response: Response) -> Outcome:
        """Answer the caller, once."""
        if self.caller_is_gone:
            return failed(
                "ActionResponseTimedOut",
                "The execution of template action is failed: the client application timed out "
                "waiting for a response from service.",
            )
        if not self.caller_waits or self.response.done():
            return skipped(
                "ActionResponseSkipped",
                "The execution of template action is skipped: no client application is waiting "
                "for a response from the service.",
            )
        self.response.set_result(response)
        return succeeded()

    def terminate(self, status: Status, error: dict[str, Any] | None) -> None:
        """End the run once the action that asks for it has been noted."""
        self._end = status, error

    def workflow_document(self) -> dict[str, Any]:
        """What ``workflow()`` tells."""
        about = self.environment.workflow
        run = {
            "id": f"{about.get('id', '')}/runs/{self.id}",
            "name": self.id,
            "type": "Microsoft.Logic/workflows/runs",
        }
        return {**about, "run": run}

    def time(self) -> str:
        """The current time, ISO 8601."""
        return iso(self.environment.clock.now())

    def _result(self, root: Frame, outcome: Outcome) -> RunResult:
        status, error = self._end or (
            Status.FAILED if outcome.error else Status.SUCCEEDED,
            outcome.error,
        )
        for _, record in self.log:
            if record.status is Status.RUNNING:
                record.outcome = Outcome(Status.CANCELLED, "Terminated")
                record.end = self.time()
        outputs, problem = self._outputs(root)
        if problem and not error:
            status, error = Status.FAILED, problem
        response = self.response.result() if self.response.done() else None
        return RunResult(status, response, self.log, outputs, error)

    def _outputs(self, root: Frame) -> tuple[dict[str, Any], dict[str, Any] | None]:
        try:
            return evaluate(dict(self.definition.outputs), root), None
        except ExpressionError as error:
            return {}, {"code": "InvalidTemplate", "message": f"The workflow's outputs: {error}"}


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
    return await Run(read(document), parameters, trigger_outputs, environment).execute()


def parameter_values(definition: Definition, given: Mapping[str, Any]) -> dict[str, Any]:
    """The value of every declared parameter: the given one, else the default."""
    by_name = {name.lower(): value for name, value in given.items()}
    return {
        name: by_name.get(name.lower(), declared.get("defaultValue"))
        for name, declared in definition.parameters.items()
    }


def _trigger_record(definition: Definition, outputs: Mapping[str, Any], now: str) -> Record:
    outcome = succeeded(dict(outputs))
    trigger_type = definition.trigger["type"]
    name = definition.trigger_name
    return Record(name, trigger_type, now, str(uuid4()), None, now, outcome)


def _new_id(timestamp: float) -> str:
    ticks = _TICKS_OF_1970 + int(timestamp * 10_000_000)
    return f"{_LAST_TICK - ticks:020d}{secrets.randbelow(10**12):012d}CU00"
