"""Where lies what a job leaves: its named outputs, or folders of the runs below it.

Found as azure-ai-ml 1.35.2 does it. Predictions without a named output were recorded at
``azureml/<child run>/score/`` of the default datastore, in November 2022; logs at
``ExperimentRun/dcid.<run>/`` of ``workspaceartifactstore`` come from a live report. UNVERIFIED:
that ``GET /jobs/<name>`` tells a named output's URI as the answer to the invocation does, and that
the outputs of a pipeline component lie in a folder of each one's name at ``azureml/<job>/``.
"""

from collections.abc import Iterator
from typing import Any

from batch_client.caller import Caller
from batch_client.downloads import exists, subfolders
from batch_client.environment import Environment
from batch_client.errors import ClientError
from batch_client.jobs import Job
from batch_client.rights import INVOKE, Need, needing
from batch_client.run_history import ML_VERSION
from batch_client.uris import BlobPlace, blob_place, datastore_path

DEFAULT_DATASTORE = "workspaceblobstore"
ARTIFACTS_DATASTORE = "workspaceartifactstore"
SCORE = "score"
_BLOBS = "AzureBlob"


def places(caller: Caller, job: Job) -> dict[str, BlobPlace]:
    """Each output of a job, by its name; ``score`` is a model deployment's without a name.

    Raises:
        ClientError: a datastore that is not known, or not on blobs; no run below the job.
    """
    if named := output_uris(job):
        return {name: _place(caller, uri) for name, uri in named.items()}
    scored = list(_scored(caller, job))
    for place in scored:
        if exists(caller, place):
            return {SCORE: place}
    container = container_of(caller, DEFAULT_DATASTORE)
    own = f"azureml/{job.name}/"
    outputs = subfolders(caller, BlobPlace(container, own))
    found = {name: BlobPlace(container, f"{own}{name}/") for name in sorted(outputs)}
    if not found and not scored:
        message = f"The run history has no run below the job {job.name}: nothing was scored."
        raise ClientError(message)
    return found or {SCORE: scored[0]}


def place_of_event(event: str, environment: Environment) -> BlobPlace:
    """The folder of what the job of an event has written: the workflow names it so.

    Raises:
        UsageError: the stack's workflow names no outputs.
    """
    return blob_place(f"{environment.need('event_predictions_url')}{event}/")


def log_places(caller: Caller, job: str) -> list[tuple[str, BlobPlace]]:
    """The folders of a job's logs, the job's own first.

    Returns:
        Each with the name of the step that it is of; empty for the job's own, and where the job
        has a single step.

    Raises:
        ClientError: the run history, or the datastore of logs, can't be read.
    """
    container = container_of(caller, ARTIFACTS_DATASTORE)
    steps = caller.history.children(job)
    runs = [("", job), *((run.name if len(steps) > 1 else "", run.id) for run in steps)]
    return [(name, BlobPlace(container, f"ExperimentRun/dcid.{run}/")) for name, run in runs]


def _scored(caller: Caller, job: Job) -> Iterator[BlobPlace]:
    """Where the runs below a job may have left their scores: as they say, or as is known."""
    for run in caller.history.children(job.name):
        told = caller.history.references(run.id).get(SCORE) or {}
        known = [f"azureml/{run.id}/{SCORE}", f"dataset/{run.id}/{SCORE}"]
        store, path = told.get("dataStoreName"), told.get("pathOnDataStore")
        for place in [path] if store and path else known:
            container = container_of(caller, store or DEFAULT_DATASTORE)
            yield BlobPlace(container, f"{str(place).strip('/')}/")


def output_uris(job: Job) -> dict[str, str]:
    """The URI of each output whose place the job tells, by its name."""
    named = job.properties.get("outputData") or {}
    told = {**named, SCORE: named.get(SCORE) or job.properties.get("output")}
    return {name: uri for name, port in told.items() if (uri := _uri(port))}


def _uri(port: Any) -> str:
    """What an output says of its place: a URI, or a datastore's id and a path."""
    if not isinstance(port, dict):
        return ""
    if uri := port.get("uri") or port.get("Uri"):
        return str(uri)
    datastore, path = str(port.get("datastoreId") or "").rpartition("/")[2], port.get("path")
    # An ended job's own `output` is where its logs lie (samples of real jobs).
    if not datastore or datastore == ARTIFACTS_DATASTORE or not path:
        return ""
    return f"azureml://datastores/{datastore}/paths/{path}"


def _place(caller: Caller, uri: str) -> BlobPlace:
    if uri.startswith("https://"):
        return blob_place(uri)
    found = datastore_path(uri)
    if found is None:
        raise ClientError(f"The job's output is at {uri!r}, which can't be read from here.")
    return BlobPlace(container_of(caller, found.datastore), found.path)


def container_of(caller: Caller, datastore: str) -> str:
    """URL of the container behind a datastore.

    Raises:
        ClientError: it is not known, not on blobs, or may not be looked up.
    """
    environment = caller.environment
    default = environment.get("predictions_url")
    if datastore == DEFAULT_DATASTORE and default:
        return blob_place(default).container_url
    workspace = environment.need("workspace_id")
    with needing(Need("look the datastore up", INVOKE, f"the workspace {workspace}", "callers")):
        told = caller.manager.get(f"{workspace}/datastores/{datastore}", ML_VERSION)["properties"]
    if told.get("datastoreType") != _BLOBS:
        kind = told.get("datastoreType")
        raise ClientError(f"The datastore {datastore!r} is of type {kind}; only {_BLOBS} is read.")
    suffix = told.get("endpoint") or environment.cloud.storage_suffix
    return f"https://{told['accountName']}.blob.{suffix}/{told['containerName']}"
