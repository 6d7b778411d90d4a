"""The order of the steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from client.verify.resources import Resources
from client.verify.runs import Runs, Started
from client.verify.trial import Trial

if TYPE_CHECKING:
    from pathlib import Path

    from client.caller import Caller
    from client.verify.steps import Steps

NEEDED = ("scoring_uri", "input_url", "workspace_id", "endpoint_name", "predictions_url")


def verify(caller: Caller, steps: Steps, sample: Path, seconds: float, *, keep: bool) -> None:
    """Prove the environment.

    Args:
        caller: who proves it.
        steps: told of each step.
        sample: a file that the deployed model can score.
        seconds: how long the run and the job may take, each.
        keep: whether what was dropped, and the predictions, stay.

    Raises:
        StoppedError: something does not work; names the part and what to do.
    """
    trial = Trial(caller, sample)
    try:
        _prove(caller, steps, trial, seconds)
    finally:
        if not keep:
            _clean_up(steps, trial)


def _prove(caller: Caller, steps: Steps, trial: Trial, seconds: float) -> None:
    environment = caller.environment
    resources = Resources(caller)
    with steps.step("the stack's outputs") as step:
        step.found = {name: environment.need(name) for name in NEEDED}["scoring_uri"]
    with steps.step("the default deployment") as step:
        step.found = resources.default_deployment()
    with steps.step("what you may do") as step:
        step.found = trial.allowed()
    name = _started(caller, steps, trial, seconds)
    with steps.step("the job") as step:
        job = trial.follow(name, seconds)
        step.found = job.status
    with steps.step("the predictions") as step:
        step.found = trial.rows(job)


def _started(caller: Caller, steps: Steps, trial: Trial, seconds: float) -> str:
    """Name of the job that was started in the way that the stack has."""
    if caller.environment.get("workflow_id"):
        started = _by_event(caller, steps, trial, seconds)
    elif caller.environment.get("factory_id"):
        with steps.step("a folder, and a run of its pipeline") as step:
            started = Started("run", trial.run_pipeline())
            step.found = started.id
    else:
        with steps.step("a file, uploaded and invoked") as step:
            started = Started("job", trial.invoke().name)
            step.found = started.id
    if started.kind == "job":
        return started.id
    with steps.step("the pipeline run") as step:
        name = step.found = trial.job_of_pipeline(started.id, seconds)
    return name


def _by_event(caller: Caller, steps: Steps, trial: Trial, seconds: float) -> Started:
    """Drop the file; what its event starts."""
    resources, runs = Resources(caller), Runs(caller)
    with steps.step("the event subscription's filter") as step:
        chosen = resources.filter()
        step.found = chosen.begins_with + (f"…{chosen.ends_with}" if chosen.ends_with else "")
    with steps.step("identities and roles") as step:
        step.found = "; ".join(resources.roles(chosen.source))
    with steps.step("the workflow") as step:
        step.found = resources.workflow_state()
    with steps.step("a marked file lands") as step:
        dropped = trial.drop(chosen)
        step.found = dropped.path
    with steps.step("its event starts a run") as step:
        run = runs.first(dropped.url, seconds)
        step.found = f"{run.event_id}, run {run.name}"
    with steps.step("the run starts a job") as step:
        started = runs.started(dropped.url, seconds)
        step.found = f"{started.kind} {started.id}"
    return started


def _clean_up(steps: Steps, trial: Trial) -> None:
    with steps.step("cleaning up") as step:
        left = trial.remove()
        step.found = f"not yours to delete: {', '.join(left)}" if left else "nothing is left"
