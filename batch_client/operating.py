"""The jobs of an endpoint, whoever started them: found again, and cancelled."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from typing import Any
from urllib.parse import quote

from batch_client.answers import NotThereError
from batch_client.caller import Caller
from batch_client.errors import ClientError
from batch_client.jobs import Job
from batch_client.rights import OPERATE, Need, needing
from batch_client.run_history import ML_VERSION
from batch_client.said_operating import Jobs
from batch_client.uris import is_remote, plain

_EVER = datetime.min.replace(tzinfo=UTC)
_MAY_CANCEL = f"{OPERATE}AzureML Data Scientist"
_AT_ONCE, _AHEAD = 8, 32
"""Jobs that are read at a time, and before the next one is asked for: one by one thousands of files
take hours. How many Azure answers at a time no source says; what it puts off is repeated."""


def listed(
    caller: Caller, since: datetime | None = None, state: str | None = None
) -> Iterator[Job]:
    """The endpoint's jobs, in the order of the workspace's list: the newest first.

    So it is recorded (cloud-custodian, 2026-08-25): a page of older ones alone is the last.

    The endpoint's own list, azure-ai-ml's ``list_jobs``, is refused as an invalid request
    (Azure/azure-sdk-for-python#45212). Microsoft's samples look through the workspace's jobs for
    those of the experiment that is called after the endpoint (Azure/azureml-examples#4041), and
    so is it done here. That list tells no inputs: each job that is wanted is read at the endpoint.

    Args:
        caller: who looks.
        since: those that were made then or later; None for all.
        state: those in this state; None for any.

    Raises:
        ClientError: they can't be read; a missing role is named.
    """
    names = _names(caller, since or _EVER, state)
    read = partial(_read, caller)
    _ = caller.jobs  # made once, before threads share it
    with ThreadPoolExecutor(_AT_ONCE) as readers:
        while some := list(islice(names, _AHEAD)):
            yield from filter(None, readers.map(read, some))


def _read(caller: Caller, name: str) -> Job | None:
    """A job at its endpoint; None for somebody else's run of that experiment."""
    try:
        return caller.job(name)
    except NotThereError:
        return None


def _names(caller: Caller, since: datetime, state: str | None) -> Iterator[str]:
    for told in _runs(caller, since):
        status = str(told["properties"].get("status", ""))
        if _made(told) >= since and (state or status).lower() == status.lower():
            yield str(told["name"])


def _runs(caller: Caller, since: datetime) -> Iterator[dict[str, Any]]:
    """The workspace's runs whose experiment is called after the endpoint."""
    environment = caller.environment
    url, endpoint = f"{environment.need('workspace_id')}/jobs", environment.need("endpoint_name")
    with needing(caller.invoking("list the workspace's jobs")):
        for page in caller.manager.pages(url, ML_VERSION):
            for each in page:
                if (each.get("properties") or {}).get("experimentName") == endpoint:
                    yield each
            if page and all(_made(each) < since for each in page):
                return


def _made(told: dict[str, Any]) -> datetime:
    made = (told.get("systemData") or {}).get("createdAt")
    return datetime.fromisoformat(made) if made else datetime.max.replace(tzinfo=UTC)


def wanted(caller: Caller, asked: Jobs) -> Iterator[Job]:
    """The jobs that somebody asks for, in the order of ``listed``.

    Raises:
        ClientError: as ``listed``.
    """
    if asked.file is not None:
        url, root = asked.file, caller.environment.container_url
        url = url if is_remote(url) else f"{root}/{url.strip('/')}"
        asked = replace(asked, file=plain(url))
    return (job for job in listed(caller, state=asked.state) if takes(asked, job))


def takes(asked: Jobs, job: Job) -> bool:
    """Whether a job is one of those; a file is told by its URL."""
    return (
        asked.deployment in {None, job.deployment}
        and (asked.state or job.status).lower() == job.status.lower()
        and (asked.event is None or is_of(job, asked.event))
        and (asked.file is None or any(is_in(asked.file, each) for each in job.inputs))
    )


def cancel(caller: Caller, name: str) -> Job:
    """A job as it is once its end was asked for; Azure may say CancelRequested first.

    Raises:
        ClientError: it is over already, or may not be cancelled; a missing role is named.
    """
    job = caller.job(name)
    if job.ended:
        raise ClientError(f"The job {name} is {job.status} already: there is nothing to cancel.")
    workspace = caller.environment.need("workspace_id")
    need = Need("cancel the job", _MAY_CANCEL, f"the workspace {workspace}", "operators")
    with needing(need):
        caller.manager.post(f"{workspace}/jobs/{quote(name, safe='')}/cancel", {}, ML_VERSION)
    return caller.job(name)


def is_of(job: Job, event: str) -> bool:
    """By its tag, or by a folder of that name in an output.

    That Azure keeps the tag of a model deployment's job is UNVERIFIED.
    """
    tags = job.properties.get("tags") or {}
    outputs = str(job.properties.get("outputData") or "")
    return tags.get("event_id") == event or f"/{event}/" in outputs


def is_in(file: str, given: str) -> bool:
    """Whether a file is an input, or lies in the folder that is one."""
    return file == given or file.startswith(f"{given.rstrip('/')}/")
