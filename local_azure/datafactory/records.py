"""What is known of an activity once it has ended."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Status(StrEnum):
    """How an activity or a run ended, in Data Factory's words."""

    SUCCEEDED = "Succeeded"
    FAILED = "Failed"
    SKIPPED = "Skipped"


class ActivityError(Exception):
    """An activity failed.

    Attributes:
        code: its error code.
        output: what it answered all the same.
    """

    def __init__(self, message: str, code: str, output: Any = None) -> None:
        super().__init__(message)
        self.code = code
        self.output = output


@dataclass(frozen=True)
class Record:
    """An activity's end.

    Attributes:
        name: the activity's name.
        type: the activity's type.
        status: how it ended.
        inputs: what it was given, expressions evaluated.
        output: what it answered.
        error: ``{"errorCode", "message"}``, or None.
        secure_input: whether the run history hides the inputs.
        secure_output: whether the run history hides the output.
    """

    name: str
    type: str
    status: Status
    inputs: Any = None
    output: Any = None
    error: dict[str, str] | None = None
    secure_input: bool = False
    secure_output: bool = False

    def shown(self) -> dict[str, Any]:
        """The record as the run history shows it: what is declared secure is hidden."""
        secret = self.secure_input or self.secure_output
        error = {**self.error, "message": "***"} if self.error and secret else self.error
        return {
            "name": self.name,
            "type": self.type,
            "status": self.status.value,
            "inputs": "***" if self.secure_input else self.inputs,
            "output": "***" if self.secure_output else self.output,
            "error": error,
        }


@dataclass
class RunResult:
    """A pipeline run's end.

    Attributes:
        run_id: the run's id.
        status: how it ended.
        message: why it failed, else empty.
        activities: the records, in the order in which they ended.
        variables: the variables' last values.
    """

    run_id: str
    status: Status
    message: str = ""
    activities: list[Record] = field(default_factory=list)
    variables: dict[str, Any] = field(default_factory=dict)
