"""The steps of a caller: upload, invoke, follow, download."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from batch_client import predictions
from batch_client.caller import Caller
from batch_client.downloads import download, exists
from batch_client.errors import ClientError, UsageError
from batch_client.invocation import Invocation, Port
from batch_client.jobs import COMPLETED, Job
from batch_client.pipelines import PipelineRun
from batch_client.rights import needing
from batch_client.uploads import new_folder, upload
from batch_client.waiting import followed


def upload_input(caller: Caller, path: Path, *, nested: bool) -> Port:
    """Upload an input to where it starts no job by itself.

    Raises:
        UsageError: a folder in the folder, or a container that is watched as a whole.
        ClientError: as ``upload``.
    """
    if path.is_dir() and not nested and any(each.is_dir() for each in path.iterdir()):
        message = (
            f"There are folders in {str(path)!r}, which jobs of model deployments don't look "
            "into. Flatten it; --nested uploads it as it is."
        )
        raise UsageError(message)
    folder = new_folder()
    environment = caller.environment
    watched = environment.outputs.get("input_folder") if environment.get("workflow_id") else None
    if watched is not None and folder.startswith(str(watched)):
        message = (
            f"The folder {str(watched)!r} of the input container is watched: a file that lands in "
            "it starts a job by itself. `upload --watched` does that; to invoke with a file, give "
            "the URL of one that lies elsewhere."
        )
        raise UsageError(message)
    return upload(caller, path, folder).port


def invoke(caller: Caller, asked: Invocation) -> Job:
    """Start a job.

    Raises:
        ClientError: as ``Jobs.start``; a missing role is named.
    """
    with needing(caller.invoking("invoke the endpoint")):
        job = caller.jobs.start(asked)
    caller.progress.say(f"job {job.name}: {job.status}")
    if job.page:
        caller.progress.say(f"  {job.page}")
    return job


def follow(caller: Caller, name: str, seconds: float | None) -> Job:
    """A job when it is over.

    Raises:
        ClientError: as ``followed``; a missing role is named.
    """
    advice = f"; `batch-events follow {name}` waits for its end"
    with needing(caller.invoking("follow the job")):
        job = followed(
            f"job {name}",
            partial(caller.jobs.get, name),
            seconds,
            caller.clock,
            caller.progress,
            advice,
        )
    caller.progress.say(ending(job))
    return job


def run_pipeline(caller: Caller, pipeline: str, parameters: Mapping[str, Any]) -> str:
    """Start a run of a pipeline; its id.

    Raises:
        ClientError: as ``Pipelines.start``.
    """
    run = caller.pipelines.start(pipeline, parameters)
    caller.progress.say(f"pipeline run {run}")
    return run


def follow_pipeline(caller: Caller, run: str, seconds: float | None) -> PipelineRun:
    """A pipeline run when it is over.

    Raises:
        ClientError: as ``followed``.
    """
    look, progress = partial(caller.pipelines.get, run), caller.progress
    ended = followed(f"pipeline run {run}", look, seconds, caller.clock, progress)
    progress.say(f"The pipeline run {run} is {ended.status}. {ended.message}".rstrip())
    return ended


def fetch(caller: Caller, job: Job, target: Path, *, replace: bool) -> list[Path]:
    """The predictions of a job, in a local folder; those of several outputs in one each.

    Raises:
        ClientError: the job is not Completed; else as ``download``.
    """
    if job.status != COMPLETED:
        message = f"The job {job.name} is {job.status}: it has no predictions to download."
        raise ClientError(message)
    found = predictions.places(caller, job)
    files: list[Path] = []
    for name, place in found.items():
        into = target / name if len(found) > 1 else target
        files += download(caller, place, into, replace=replace)
    return files


def fetch_logs(caller: Caller, job: Job, target: Path, *, replace: bool) -> list[Path]:
    """The logs of a job and of the runs below it, in a local folder.

    Raises:
        ClientError: as ``download``.
    """
    files: list[Path] = []
    for step, place in predictions.log_places(caller, job.name):
        if exists(caller, place):
            into = target / step if step else target
            files += download(caller, place, into, replace=replace)
    if not files:
        raise ClientError(f"The job {job.name} has no logs, neither its own nor those of a step.")
    return files


def ending(job: Job) -> str:
    """One sentence on how a job ended."""
    if job.status == COMPLETED:
        return f"The job {job.name} is Completed."
    page = f", and so does {job.page}" if job.page else ""
    return (
        f"The job {job.name} ended as {job.status}. `batch-events download {job.name} --logs` "
        f"fetches the logs that say why{page}."
    )
