"""Jobs, and the runs below each, as those who ask get to see them.

Below a job is the run that scores, or one for each step of a pipeline. A model deployment's job is
a pipeline of one step named ``batchscoring`` (recorded in November 2022); a step's run has a GUID
of its own, and what it leaves lies in folders named by that.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.services.machinelearning.endpoints import A_PIPELINE, is_pipeline, settings
from local_azure.services.machinelearning.jobs import ENDS, RUNNING, Job, Jobs
from local_azure.services.machinelearning.pipelines.steps import Steps
from local_azure.services.machinelearning.representation import represent
from local_azure.services.machinelearning.uris import DEFAULT_DATASTORE

SCORING = "batchscoring"


class JobRuns:
    """The jobs of every workspace, and the steps of those that are pipelines."""

    def __init__(self, control: ControlPlane, jobs: Jobs, steps: Steps) -> None:
        self._control = control
        self.jobs = jobs
        self._steps = steps

    def shown(self, job: Job, workspace: Resource) -> dict[str, Any]:
        """The job as its endpoint shows it."""
        return represent(job, workspace, self.deployed(job))

    def deployed(self, job: Job) -> dict[str, Any]:
        """Settings of a job's deployment; once that is deleted, what kind it was of."""
        found = self._control.resources.find(job.deployment)
        if found:
            return settings(found)
        return A_PIPELINE if self._steps.of(job.name) else {}

    def children(self, job: Job) -> list[ChildRun]:
        """The runs below a job; those of a pipeline's steps as far as they have begun."""
        if is_pipeline(self.deployed(job)):
            steps = self._steps.of(job.name)
            return [ChildRun(run_id(job.name, each["name"]), job, **each) for each in steps]
        return [scoring_run(job)]

    def find(self, name: str, workspace: Resource) -> tuple[Job, ChildRun | None] | None:
        """The job of this name in a workspace, or the run of this id below one, with its job."""
        job = self.jobs.find(name) or self.jobs.find(self._parent(name.lower()))
        if job is None or not job.endpoint.lower().startswith(f"{workspace.id.lower()}/"):
            return None
        if job.name.lower() == name.lower():
            return job, None
        return next(((job, run) for run in self.children(job) if run.id == name.lower()), None)

    def _parent(self, run: str) -> str:
        """Name of the job that a child run belongs to; empty where there is none."""
        scoring = ((job, SCORING) for job in self.jobs.names())
        known = itertools.chain(scoring, self._steps.names())
        return next((job for job, step in known if run_id(job, step) == run), "")

    def output_uri(self, job: Job) -> str:
        """The datastore folder or file that a job's predictions are written to."""
        for output in job.invocation.outputs:
            return output.uri
        pipeline = is_pipeline(self.deployed(job))
        below = job.name if pipeline else f"{run_id(job.name)}/score"
        return f"azureml://datastores/{DEFAULT_DATASTORE}/paths/azureml/{below}/"

    def told(self, job: Job) -> dict[str, Any]:
        """A job, for a person to look at."""
        return {
            "name": job.name,
            "endpoint": job.endpoint.rpartition("/")[2],
            "deployment": job.deployment.rpartition("/")[2],
            "status": job.status,
            "states": [{"status": status, "time": time} for status, time in job.states],
            "input": " ".join(port.uri for port in job.invocation.inputs if port.uri),
            "output": self.output_uri(job),
            "tags": job.invocation.tags,
            "steps": self._steps.of(job.name),
            "scored": self.jobs.scored(job.name),
            "request_id": job.request_id,
            "error": job.error,
            "logs": str(self._control.home.jobs / job.name / "logs"),
        }


@dataclass(frozen=True)
class ChildRun:
    """A run below a job.

    Attributes:
        id: its own.
        job: of which job.
        name: the step's in the pipeline.
        status: as of a job.
        started: when (ISO 8601 UTC); None where it has not.
        ended: when; None where it has not.
        error: why it failed.
    """

    id: str
    job: Job
    name: str
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
