"""The order of the steps."""

from datetime import UTC, datetime
from pathlib import Path

from batch_client import windows
from batch_client.caller import Caller
from batch_client.verify import alerts
from batch_client.verify.filters import Filter
from batch_client.verify.resources import Deployment, Resources
from batch_client.verify.runs import Runs, Started
from batch_client.verify.stack import (
    Pipeline,
    Stack,
    apart,
    by_hand,
    of_events,
    of_pipeline,
    secret_left,
)
from batch_client.verify.steps import Steps
from batch_client.verify.trial import Trial

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
    stack = _looked_at(caller, steps, trial)
    name = _started(caller, steps, trial, stack, seconds)
    with steps.step("the job") as step:
        job = trial.follow(name, seconds)
        step.found = job.status
    with steps.step("the predictions") as step:
        step.found = trial.rows(job, stack.deployment)


def _looked_at(caller: Caller, steps: Steps, trial: Trial) -> Stack:
    """What is to be proved, once nothing is known to be in the way."""
    environment, resources = caller.environment, Resources(caller)
    with steps.step("the stack's outputs") as step:
        step.found = {name: environment.need(name) for name in NEEDED}["scoring_uri"]
    with steps.step("the default deployment") as step:
        deployment = resources.default_deployment()
        step.found = deployment.name
    if environment.get("workflow_id"):
        stack = _of_events(steps, resources, deployment)
    elif environment.get("factory_id"):
        with steps.step("the pipeline") as step:
            stack = of_pipeline(resources, deployment, environment.need("pipeline_name"))
            step.found = _told(stack.pipeline)
    else:
        stack = by_hand(resources.with_inputs(deployment), environment.input_name)
    if environment.get("window_trigger_name"):
        with steps.step("the trigger of windows") as step:
            step.found = windows.trigger_state(caller)
    if ends := environment.get("invoker_secret_ends"):
        with steps.step("the client secret") as step:
            renews = environment.get("invoker_secret_renews") or ends
            step.found = secret_left(ends, renews, datetime.now(UTC))
    if isinstance(ids := environment.outputs.get("alert_ids"), dict):
        with steps.step("the alerts") as step:
            step.found = alerts.told(resources, ids)
    with steps.step("what you may do") as step:
        step.found = trial.allowed(stack)
    if stack.chosen:
        with steps.step("what jobs write starts no job") as step:
            step.found = apart(caller, stack)
    return stack


def _of_events(steps: Steps, resources: Resources, deployment: Deployment) -> Stack:
    with steps.step("the event subscription's filter") as step:
        chosen = resources.filter()
        step.found = chosen.begins_with + (f"…{chosen.ends_with}" if chosen.ends_with else "")
    with steps.step("identities and roles") as step:
        step.found = "; ".join(resources.roles(chosen.source))
    with steps.step("the workflow") as step:
        step.found = resources.workflow_state()
        stack = of_events(resources, deployment, chosen)
        if stack.pipeline:
            step.found += f", starts {_told(stack.pipeline)}"
    return stack


def _told(pipeline: Pipeline | None) -> str:
    if pipeline is None:
        return ""
    left_out = " (what is copied before is not tried)" if pipeline.copies_before else ""
    return f"{pipeline.name}{left_out}"


def _started(caller: Caller, steps: Steps, trial: Trial, stack: Stack, seconds: float) -> str:
    """Name of the job that was started in the way that the stack has."""
    if stack.chosen:
        started = _by_event(caller, steps, trial, stack.chosen, seconds)
    elif stack.pipeline:
        with steps.step("a file, and a run of its pipeline") as step:
            started = Started("run", trial.run_pipeline(stack.pipeline))
            step.found = started.id
    else:
        with steps.step("a file, uploaded and invoked") as step:
            started = Started("job", trial.invoke(stack.input_type).name)
            step.found = started.id
    if started.kind == "job":
        return started.id
    with steps.step("the pipeline run") as step:
        name = step.found = trial.job_of_pipeline(started.id, seconds)
        if stack.pipeline and stack.pipeline.copied_to:
            step.found += f"; what it copied to {stack.pipeline.copied_to} stays there"
    return name


def _by_event(
    caller: Caller, steps: Steps, trial: Trial, chosen: Filter, seconds: float
) -> Started:
    """Drop the file; what its event starts."""
    runs = Runs(caller)
    with steps.step("a marked file lands") as step:
        dropped = trial.drop(chosen)
        step.found = dropped.place.path
    with steps.step("its event starts a run") as step:
        run = runs.first(dropped, seconds)
        step.found = f"{run.event_id}, run {run.name}"
    with steps.step("the run starts a job") as step:
        started = runs.started(dropped, seconds)
        step.found = f"{started.kind} {started.id}"
    return started


def _clean_up(steps: Steps, trial: Trial) -> None:
    with steps.step("cleaning up") as step:
        left = trial.remove()
        step.found = f"not yours to delete: {', '.join(left)}" if left else "nothing is left"
