"""What one run of a workflow knows and notes down, and its one response."""

import asyncio
import secrets
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from local_azure.control_plane.clock import iso
from local_azure.runs.environment import Environment
from local_azure.services.logic.action import Action
from local_azure.services.logic.definition import Definition
from local_azure.services.logic.records import (
    Outcome,
    Record,
    Response,
    Status,
    failed,
    skipped,
    succeeded,
    tracking_id,
)

_TICKS_OF_1970 = 621_355_968_000_000_000
_LAST_TICK = 9_223_372_036_854_775_807


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
        terminated: the status and the error with which the run ends once the action that sets it
            has been noted.
        work: what carries it out.
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
        self.terminated: tuple[Status, dict[str, Any] | None] | None = None
        self.work: asyncio.Task[Outcome] | None = None

    def begin(self, action: Action, place: str) -> Record:
        """Note that an action begins at a place, see ``Frame.place``."""
        record = Record(action.name, action.type, self.time(), tracking_id(self.id, len(self.log)))
        self.log.append((place, record))
        return record

    def end(self, record: Record, outcome: Outcome) -> None:
        """Note how an action ended, and end the run where that was asked for."""
        record.outcome = outcome
        record.end = self.time()
        if self.terminated and self.work:
            self.work.cancel()

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

    def time(self) -> str:
        """The current time, ISO 8601."""
        return iso(self.environment.clock.now())


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
