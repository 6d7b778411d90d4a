"""What is noted of each activity, what the run history hides of it, and how a run ends."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from local_azure.control_plane.clock import iso_at
from local_azure.expressions.moments import TICKS_A_SECOND, span_text

HIDDEN = "***"
"""What is shown instead."""
_SHORTEST = 8
"""Characters from which on a word is looked for by itself: a key or a token is no shorter."""


class Status(StrEnum):
    """How an activity or a run ended, or that it has not yet, in Data Factory's words."""

    IN_PROGRESS = "InProgress"
    SUCCEEDED = "Succeeded"
    FAILED = "Failed"
    SKIPPED = "Skipped"
    CANCELLED = "Cancelled"


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
    """One attempt at an activity; a journal keeps it, and may have to seal it: it holds secrets.

    Attributes:
        name: the activity's name.
        type: the activity's type.
        status: how it ended, or InProgress.
        place: the containers around it, such as ``Wait for job/3/``; empty at the top.
        attempt: which attempt this is, from 1.
        id: GUID of this attempt.
        start: when it began, in seconds since 1970.
        end: when it ended; 0 while it is in progress.
        inputs: what it was given, expressions evaluated.
        output: what it answered.
        error: ``{"errorCode", "message"}``, or None.
        variables: the variables that it set, with their values.
        secure_input: whether the run history hides the inputs.
        secure_output: whether the run history hides the output.
        inactive: whether the activity is switched off; ``status`` is what it is marked as.
    """

    name: str
    type: str
    status: Status
    place: str = ""
    attempt: int = 1
    id: str = ""
    start: float = 0
    end: float = 0
    inputs: Any = None
    output: Any = None
    error: dict[str, str] | None = None
    variables: dict[str, Any] = field(default_factory=dict)
    secure_input: bool = False
    secure_output: bool = False
    inactive: bool = False

    @property
    def key(self) -> str:
        """What names this attempt within its run: ``Wait for job/3/Check status#1``."""
        return f"{self.place}{self.name}#{self.attempt}"

    def inner(self, index: int | None = None) -> str:
        """The place of what is inside, in a loop's pass or in a branch."""
        return f"{self.place}{self.name}/" + ("" if index is None else f"{index}/")

    def told(self) -> dict[str, Any]:
        """What ``activity()`` tells of it.

        Source: D:data-factory/how-to-send-notifications-to-teams for times, duration, status and
        error; ``ActivityName``, ``ActivityType``, ``ActivityRunId`` and the form of the duration
        are as in public pipelines, UNVERIFIED.
        """
        return {
            "ActivityName": self.name,
            "ActivityType": self.type,
            "ActivityRunId": self.id,
            "ExecutionStartTime": iso_at(self.start),
            "ExecutionEndTime": iso_at(self.end),
            "Duration": span_text(round((self.end - self.start) * TICKS_A_SECOND)),
            "Status": self.status.value,
            "output": self.output,
            "Error": self.error and self.detailed(self.error),
        }

    def detailed(self, error: Mapping[str, str]) -> dict[str, Any]:
        """The error with all its keys, as a public report of 2020 shows them."""
        return {**error, "failureType": "UserError", "target": self.name, "details": []}

    def shown(self) -> dict[str, Any]:
        """The record as the run history shows it: what is declared secure is hidden."""
        return {
            "name": self.name,
            "type": self.type,
            "status": "Inactive" if self.inactive else self.status.value,
            "inputs": HIDDEN if self.secure_input else masked(self.inputs),
            "output": HIDDEN if self.secure_output else self.output,
            "error": self._shown_error(),
        }

    def _shown_error(self) -> dict[str, str] | None:
        # A message may quote what was answered, and that what was asked.
        if self.error is None or not (self.secure_input or self.secure_output):
            return self.error
        if self.secure_output:
            return {**self.error, "message": HIDDEN}
        return {**self.error, "message": without(self.inputs, self.error["message"])}

    def as_json(self) -> dict[str, Any]:
        """Everything, secrets too, for ``from_json``."""
        return asdict(self)

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Record:
        """The record that ``as_json`` wrote down."""
        return cls(**{**document, "status": Status(document["status"])})


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


def failure(record: Record) -> str:
    """Why what is around a failed activity failed."""
    shown = record.shown()["error"] or {}
    return f"Operation on target {record.name} failed: {shown.get('message', '')}"


def masked(value: Any) -> Any:
    """The value without its secure strings and passwords."""
    if isinstance(value, list):
        return [masked(each) for each in value]
    if not isinstance(value, dict):
        return value
    secret = "password" if value.get("type") == "Basic" else "value"
    if value.get("type") in ("SecureString", "Basic") and secret in value:
        return {**value, secret: HIDDEN}
    return {name: masked(each) for name, each in value.items()}


def without(secret: Any, text: str) -> str:
    """The text without any string of a secret value, or a word of one such as a bearer token."""
    parts = {each for found in _strings(secret) for each in (found, *_words(found))}
    for each in sorted(parts, key=len, reverse=True):
        text = text.replace(each, HIDDEN)
    return text


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield from filter(None, [value])
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _strings(each)


def _words(text: str) -> list[str]:
    return [each for each in re.split(r"[\s&=\"]+", text) if len(each) >= _SHORTEST]
