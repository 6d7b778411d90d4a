"""What a job leaves in storage: predictions, the files that the script wrote, and logs.

All of it is written as the compute's identity. Predictions never replace a blob of another origin.
Predictions lie in a folder of the child run that scores, in the default datastore (its listing was
recorded in November 2022). Logs lie in the container ``azureml`` of the workspace's account, in a
folder ``ExperimentRun/dcid.<run>`` (a live report; azure-ai-ml looks there), named as
D:machine-learning/how-to-troubleshoot-batch-endpoints has it. UNVERIFIED: which of them Azure keeps
with the job's own run, and that a pipeline's outputs lie in the folder of the job's own.
"""

import asyncio
import shutil
from collections.abc import Sequence
from pathlib import Path

from local_azure.control_plane.resource_manager.store import Resource, Resources
from local_azure.services.machinelearning.blobs import Blobs, StorageRefusalError
from local_azure.services.machinelearning.endpoints import Target, is_pipeline, settings
from local_azure.services.machinelearning.errors import JobFailedError
from local_azure.services.machinelearning.job_runs import run_id
from local_azure.services.machinelearning.jobs import Job
from local_azure.services.machinelearning.node import Node
from local_azure.services.machinelearning.plan import Plan
from local_azure.services.machinelearning.uris import (
    ARTIFACTS_DATASTORE,
    DEFAULT_DATASTORE,
    Location,
    datastore,
    resolve,
)

_LONGEST_LOG = 1024 * 1024
_CONFLICT = (409, 412)


def predictions(job: Job, plan: Plan, workspace: Resource, resources: Resources) -> Location:
    """Where a job's rows are written."""
    if not job.invocation.outputs:
        folder = home(run_id(job.name), workspace, resources)
        return folder.below(f"score/{plan.output_file_name}")
    (output,) = job.invocation.outputs
    place = resolve(output.uri, workspace, resources)
    return place if output.type == "UriFile" else place.below(plan.output_file_name)


async def check_free(node: Node, place: Location) -> None:
    """Refuse an output that is there already, unless this job itself wrote it.

    Raises:
        JobFailedError: it is.
    """
    if await node.compute.owner_job(place) not in (None, node.job.name):
        taken = "already exists: the path already exists, name one that doesn't."
        raise JobFailedError(f"The output {place.url} {taken}")


async def check_free_folder(node: Node, place: Location) -> None:
    """As ``check_free``, also where a blob lies below the place.

    Raises:
        JobFailedError: something is there already.
    """
    names, _ = await node.compute.names(place, delimiter="")
    for blob in (place, *(type(place)(place.host, place.container, name) for name in names[:1])):
        await check_free(node, blob)


async def write(node: Node, place: Location, rows: Sequence[Path]) -> None:
    """Write the rows, and each file that the script left in ``AZUREML_BI_OUTPUT_PATH``.

    Raises:
        JobFailedError: refused, or the output is there already.
    """
    if rows:
        joined = node.work / "predictions"
        await asyncio.to_thread(_join, rows, joined)
        await put_file(node, place, joined)
    beside = type(place)(place.host, place.container, place.path.rpartition("/")[0])
    await put_folder(node, beside, node.work / "output")


async def put_folder(node: Node, place: Location, folder: Path) -> None:
    """Write every file of a folder.

    Raises:
        JobFailedError: refused, a file is there already, or one is a link out of the folder.
    """
    for file in await asyncio.to_thread(_files, folder):
        await put_file(node, place.below(str(file.relative_to(folder))), file)


async def write_logs(
    compute: Blobs, job: Job, target: Target, resources: Resources, logs: dict[str, bytes]
) -> None:
    """Write the job's logs among the artifacts of the runs that they are of."""
    artifacts = datastore(ARTIFACTS_DATASTORE, target.workspace, resources).below("ExperimentRun")
    pipeline = is_pipeline(settings(target.deployment))
    main = job.name if pipeline else run_id(job.name)
    for name, text in logs.items():
        shown = text if len(text) <= _LONGEST_LOG else text[:_LONGEST_LOG] + b"\n(cut off here)\n"
        place = artifacts.below(_artifact(name, job, main))
        await compute.upload(place, shown, job=job.name, new=False)


def _artifact(name: str, job: Job, main: str) -> str:
    """A log of a step belongs to the step's run, any other one to the main run."""
    match name.split("/", 2):
        case ["steps", step, rest]:
            return f"dcid.{run_id(job.name, step)}/{rest}"
    return f"dcid.{main}/logs/{name}"


def home(run: str, workspace: Resource, resources: Resources) -> Location:
    """A run's own folder of the default datastore."""
    return datastore(DEFAULT_DATASTORE, workspace, resources).below(f"azureml/{run}")


def _join(parts: Sequence[Path], whole: Path) -> None:
    with whole.open("wb") as joined:
        for each in parts:
            if each.exists():
                with each.open("rb") as part:
                    shutil.copyfileobj(part, joined)


def _files(folder: Path) -> list[Path]:
    """The files of a folder; what a link shows of the machine outside of it is no output."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    for file in files:
        if not file.resolve().is_relative_to(folder.resolve()):
            message = f"The output file '{file.relative_to(folder)}' is a link out of its folder."
            raise JobFailedError(message)
    return files


async def put_file(node: Node, place: Location, path: Path) -> None:
    """Write a blob that may exist only from an earlier, interrupted run of the same job.

    Raises:
        JobFailedError: refused, or the output is there already.
    """
    for new in (True, False):
        try:
            await node.compute.upload(place, path, job=node.job.name, new=new)
        except StorageRefusalError as refusal:
            if not new or refusal.status not in _CONFLICT:
                raise
            await check_free(node, place)
        else:
            return
