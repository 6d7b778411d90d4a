"""What a job leaves in storage: predictions, the files that the script wrote, and logs.

All of it is written as the compute's identity. Predictions never replace a blob of another origin.
Places: D:machine-learning/how-to-troubleshoot-batch-endpoints has the log folders' names; that they
lie below the job's folder in the default datastore is UNVERIFIED.
"""

from __future__ import annotations

import shutil
from typing import IO, TYPE_CHECKING

from local_azure.machinelearning.blobs import StorageRefusalError
from local_azure.machinelearning.errors import JobFailedError
from local_azure.machinelearning.uris import DEFAULT_DATASTORE, datastore, resolve

if TYPE_CHECKING:
    from pathlib import Path

    from local_azure.machinelearning.blobs import Blobs
    from local_azure.machinelearning.jobs import Job
    from local_azure.machinelearning.plan import Plan
    from local_azure.machinelearning.scoring import Outcome
    from local_azure.machinelearning.uris import Location
    from local_azure.resource_manager.store import Resource, Resources

_LONGEST_LOG = 1024 * 1024
_CONFLICT = (409, 412)


def predictions(job: Job, plan: Plan, workspace: Resource, resources: Resources) -> Location:
    """Where a job's rows are written."""
    output = job.invocation.output
    if output is None:
        return _home(job, workspace, resources).below(f"score/{plan.output_file_name}")
    place = resolve(output.uri, workspace, resources)
    return place if output.type == "UriFile" else place.below(plan.output_file_name)


async def check_free(compute: Blobs, job: Job, place: Location) -> None:
    """Refuse an output that is there already, unless this job itself wrote it.

    Raises:
        JobFailedError: it is.
    """
    if await compute.owner_job(place) not in (None, job.name):
        raise JobFailedError(_exists(place))


async def write(compute: Blobs, job: Job, place: Location, outcome: Outcome, folder: Path) -> None:
    """Write the rows, and each file that the script left in ``AZUREML_BI_OUTPUT_PATH``.

    Raises:
        JobFailedError: refused, or the output is there already.
    """
    if outcome.rows:
        joined = folder / "predictions"
        with joined.open("wb") as whole:
            for rows in outcome.rows:
                _append(rows, whole)
        await _put(compute, job, place, joined)
    beside = type(place)(place.host, place.container, place.path.rpartition("/")[0])
    written = folder / "output"
    for file in sorted(path for path in written.rglob("*") if path.is_file()):
        await _put(compute, job, beside.below(str(file.relative_to(written))), file)


async def write_logs(
    compute: Blobs, job: Job, workspace: Resource, resources: Resources, logs: dict[str, bytes]
) -> None:
    """Write the job's logs below its own folder of the default datastore."""
    home = _home(job, workspace, resources)
    for name, text in logs.items():
        shown = text if len(text) <= _LONGEST_LOG else text[:_LONGEST_LOG] + b"\n(cut off here)\n"
        await compute.upload(home.below(f"logs/{name}"), shown, job=job.name, new=False)


def _home(job: Job, workspace: Resource, resources: Resources) -> Location:
    return datastore(DEFAULT_DATASTORE, workspace, resources).below(f"azureml/{job.name}")


def _append(rows: Path, whole: IO[bytes]) -> None:
    if rows.exists():
        with rows.open("rb") as part:
            shutil.copyfileobj(part, whole)


async def _put(compute: Blobs, job: Job, place: Location, path: Path) -> None:
    """Write a blob that may exist only from an earlier, interrupted run of the same job."""
    for new in (True, False):
        try:
            await compute.upload(place, path, job=job.name, new=new)
        except StorageRefusalError as refusal:
            if not new or refusal.status not in _CONFLICT:
                raise
            await check_free(compute, job, place)
        else:
            return


def _exists(place: Location) -> str:
    return f"The output {place.url} already exists: the path already exists, name one that doesn't."
