"""The runs below a job: the one that scores, or one for each step of a pipeline.

A model deployment's job is a pipeline of one step named ``batchscoring`` (recorded in November
2022); a step's run has a GUID of its own, and what it leaves lies in folders named by that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

from local_azure.services.machinelearning.jobs import ENDS, RUNNING

if TYPE_CHECKING:
    from local_azure.services.machinelearning.jobs import Job

SCORING = "batchscoring"


@dataclass(frozen=True)
class ChildRun:
    """A run below a job.

    Attributes:
        id: its own.
        job: of which job.
        step: the step's name in the pipeline.
        status: as of a job.
        started: when (ISO 8601 UTC); None where it has not.
        ended: when; None where it has not.
        error: why it failed.
    """

    id: str
    job: Job
    step: str
    status: str
    started: str | None
    ended: str | None
    error: str


def run_id(job: str, step: str = SCORING) -> str:
    """Id of a job's child run."""
    return str(uuid5(NAMESPACE_URL, f"{job}/{step}"))


def scoring_run(job: Job) -> ChildRun:
    """The one child run of a model deployment's job."""
    times = dict(job.states)
    ended = job.states[-1][1] if job.status in ENDS else None
    return ChildRun(
        run_id(job.name), job, SCORING, job.status, times.get(RUNNING), ended, job.error
    )


def step_run(job: Job, step: dict[str, Any]) -> ChildRun:
    """The run of a pipeline's step, as ``Steps`` keeps it."""
    name = step["name"]
    return ChildRun(
        run_id(job.name, name),
        job,
        name,
        step["status"],
        step["started"],
        step["ended"],
        step["error"],
    )
