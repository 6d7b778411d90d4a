"""What a run notes down: the record of each action, in the form that expressions see."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import NAMESPACE_URL, uuid5


class Status(StrEnum):
    """How an action or a run ended, or that it has not yet."""

    SUCCEEDED = "Succeeded"
    FAILED = "Failed"
    SKIPPED = "Skipped"
    TIMED_OUT = "TimedOut"
    CANCELLED = "Cancelled"
    RUNNING = "Running"
    ABORTED = "Aborted"


@dataclass(frozen=True)
class Outcome:
    """How an action's work ended.

    Attributes:
        status: the action's status.
        code: what Azure shows beside it, such as ``OK`` or ``NotFound``.
        outputs: the action's outputs; None where it has none.
        error: ``code`` and ``message``, where something other than an HTTP answer went wrong.
    """

    status: Status = Status.SUCCEEDED
    code: str = "OK"
    outputs: Any = None
    error: dict[str, Any] | None = None


@dataclass(frozen=True)
class Response:
    """What the workflow answers its caller."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None


@dataclass
class Record:
    """One action of one run (or of one repetition of a loop), or the trigger.

    Attributes:
        name: the action's name.
        type: its type.
        start: ISO 8601, UTC.
        tracking_id: GUID of this execution.
        inputs: the evaluated inputs; None until they are.
        end: ISO 8601, UTC; empty while it runs.
    """

    name: str
    type: str
    start: str
    tracking_id: str
    inputs: Any = None
    end: str = ""
    outcome: Outcome = Outcome(Status.RUNNING, "")

    @property
    def status(self) -> Status:
        """The outcome's status."""
        return self.outcome.status

    def as_json(self) -> dict[str, Any]:
        """What ``actions('name')`` and ``result('scope')`` give; absent parts are left out."""
        outcome = self.outcome
        found = {
            "name": self.name,
            "inputs": self.inputs,
            "outputs": outcome.outputs,
            "startTime": self.start,
            "endTime": self.end,
            "trackingId": self.tracking_id,
            "code": outcome.code,
            "status": outcome.status.value,
            "error": outcome.error,
        }
        return {key: value for key, value in found.items() if value is not None}


def tracking_id(run: str, position: int) -> str:
    """The GUID of a run's action that began as the so-many-th: the same wherever it is told."""
    return str(uuid5(NAMESPACE_URL, f"{run}/{position}"))


def succeeded(outputs: Any = None, code: str = "OK") -> Outcome:
    """The action did what it was asked to."""
    return Outcome(Status.SUCCEEDED, code, outputs)


def failed(code: str, message: str, outputs: Any = None, status: str = "") -> Outcome:
    """The action failed, for the reason that ``error`` then tells.

    Args:
        code: the error's code.
        message: one sentence.
        outputs: what the action has to show all the same.
        status: the code beside the status, where it is another one than the error's.
    """
    return Outcome(Status.FAILED, status or code, outputs, {"code": code, "message": message})


def skipped(code: str, message: str) -> Outcome:
    """The action did not run."""
    return Outcome(Status.SKIPPED, "ActionSkipped", None, {"code": code, "message": message})


BRANCH_FAILED = failed("ActionFailed", "An action failed. No dependent actions succeeded.")
"""What a scope, a condition or a loop ends with when one of its last actions failed."""
