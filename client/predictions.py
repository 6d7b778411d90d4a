"""Where a job's outputs lie: those that it names, or the default place.

UNVERIFIED: which of these keys the service fills in ``GET /jobs/<name>``; that predictions without
a named output lie at ``azureml/<job>/score/`` of ``workspaceblobstore``, and those of a pipeline
component in a folder of each output's name beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from client.downloads import subfolders
from client.errors import ClientError
from client.rights import INVOKE, Need, needing
from client.uris import BlobPlace, blob_place, datastore_path

if TYPE_CHECKING:
    from client.caller import Caller
    from client.environment import Environment
    from client.jobs import Job
    from client.session import Session

DEFAULT_DATASTORE = "workspaceblobstore"
LOGS = "logs"
DATASTORE_VERSION = "2025-12-01"
_BLOBS = "AzureBlob"


def places(caller: Caller, job: Job) -> dict[str, BlobPlace]:
    """Each output of a job, by its name; ``score`` is a model deployment's without a name.

    Raises:
        ClientError: a datastore that is not known, or not on blobs.
    """
    found = {
        name: _place(uri, caller.environment, caller.manager)
        for name, uri in output_uris(job).items()
    }
    own = f"azureml/{job.name}/"
    if [place.path for place in found.values()] != [f"{own}score/"]:
        return found
    container = found["score"].container_url
    names = set(subfolders(BlobPlace(container, own), caller.credential)) - {LOGS}
    return {name: BlobPlace(container, f"{own}{name}/") for name in sorted(names)} or found


def logs_place(job_name: str, environment: Environment) -> BlobPlace:
    """The folder of a job's logs (UNVERIFIED).

    Raises:
        UsageError: the place of predictions is not known.
    """
    return blob_place(f"{environment.need('predictions_url').rstrip('/')}/{job_name}/{LOGS}/")


def output_uris(job: Job) -> dict[str, str]:
    """The URI of each output of a job, by its name."""
    named = job.properties.get("outputData") or {}
    uris = {name: _uri(port) for name, port in named.items()}
    if known := {name: uri for name, uri in uris.items() if uri}:
        return known
    told = job.properties.get("output")
    default = f"azureml://datastores/{DEFAULT_DATASTORE}/paths/azureml/{job.name}/score/"
    return {"score": _uri(told) or default}


def _uri(port: Any) -> str:
    """What an output says of its place: a URI, or a datastore's id and a path."""
    if not isinstance(port, dict):
        return ""
    if uri := port.get("uri") or port.get("Uri"):
        return str(uri)
    datastore, path = port.get("datastoreId"), port.get("path")
    if not datastore or not path:
        return ""
    return f"azureml://datastores/{str(datastore).rpartition('/')[2]}/paths/{path}"


def _place(uri: str, environment: Environment, manager: Session) -> BlobPlace:
    if uri.startswith("https://"):
        return blob_place(uri)
    found = datastore_path(uri)
    if found is None:
        raise ClientError(f"The job's output is at {uri!r}, which can't be read from here.")
    return BlobPlace(_container(found.datastore, environment, manager), found.path)


def _container(datastore: str, environment: Environment, manager: Session) -> str:
    """URL of the container behind a datastore."""
    default = environment.get("predictions_url")
    if datastore == DEFAULT_DATASTORE and default:
        return blob_place(default).container_url
    workspace = environment.need("workspace_id")
    url = f"https://{environment.cloud.arm_host}{workspace}/datastores/{datastore}"
    with needing(Need("look the datastore up", INVOKE, f"the workspace {workspace}", "callers")):
        told = manager.get(url, {"api-version": DATASTORE_VERSION})["properties"]
    if told.get("datastoreType") != _BLOBS:
        kind = told.get("datastoreType")
        raise ClientError(f"The datastore {datastore!r} is of type {kind}; only {_BLOBS} is read.")
    suffix = told.get("endpoint") or environment.cloud.storage_suffix
    return f"https://{told['accountName']}.blob.{suffix}/{told['containerName']}"
