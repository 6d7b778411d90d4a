"""Where data lies: URLs and ``azureml://`` datastore paths, resolved to container and path.

What lies in a Data Lake is read as the blob that it is there too. Paths of URLs are
percent-decoded; those of datastore URIs are taken as they are (UNVERIFIED). Of a data asset the id
is taken, as REST's documentation has it (D:machine-learning/
how-to-access-data-batch-endpoints-jobs); that a short name is not, is UNVERIFIED. Other stores than
blob containers and filesystems are declined.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from urllib.parse import quote, unquote, urlsplit

from local_azure.control_plane.clouds import BLOB_SUFFIXES
from local_azure.control_plane.resource_manager.store import Resource, Resources
from local_azure.services.machinelearning.errors import InvalidRequestError, NotEmulatedError

DATASTORE = "Microsoft.MachineLearningServices/workspaces/datastores"
DATA_VERSION = "Microsoft.MachineLearningServices/workspaces/data/versions"
DATA_TYPES = ("uri_file", "uri_folder")
DEFAULT_DATASTORE = "workspaceblobstore"
ARTIFACTS_DATASTORE = "workspaceartifactstore"
ARTIFACTS_CONTAINER = "azureml"

_SHORT = re.compile(r"azureml://datastores/([^/]+)/paths/(.*)", re.DOTALL | re.IGNORECASE)
_LONG = re.compile(
    r"azureml:/(/subscriptions/[^/]+/resourcegroups/[^/]+)/workspaces/([^/]+)"
    r"/datastores/([^/]+)/paths/(.*)",
    re.DOTALL | re.IGNORECASE,
)
_ARM_LIKE = re.compile(
    r"(?:azureml:)?/?/subscriptions/([^/]+)/resourceGroups/([^/]+)"
    r"/providers/Microsoft\.MachineLearningServices/workspaces/([^/]+)/datastores/([^/]+)/paths/(.*)",
    re.DOTALL | re.IGNORECASE,
)
_DATA_ID = re.compile(
    r"(/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\.MachineLearningServices"
    r"/workspaces/[^/]+)/data/[^/]+/versions/[^/]+",
    re.IGNORECASE,
)
_ASSET = re.compile(r"azureml:|/subscriptions/[^/]+/resourceGroups/", re.IGNORECASE)
_ABFSS = re.compile(r"abfss://([^/@]+)@([^/@.]+\.dfs\.[^/@]+)/(.*)", re.DOTALL | re.IGNORECASE)
_LAKE = re.compile(r"(https://[^./]+)\.dfs\.", re.IGNORECASE)
_OTHER_STORE = re.compile(r"(?:abfss?|adl|wasbs?)://", re.IGNORECASE)
"""What clients also call stores; of Data Lake Storage batch endpoints document ``abfss``
(D:machine-learning/how-to-access-data-batch-endpoints-jobs)."""
_ACCEPTED = (
    "an https URL of a blob or a folder of blobs (https://<account>.blob.<suffix>/<container>/"
    "<path>, or with dfs for blob), abfss://<filesystem>@<account>.dfs.<suffix>/<path>, "
    "azureml://datastores/<datastore>/paths/<path>, azureml://subscriptions/"
    "<subscription>/resourcegroups/<group>/workspaces/<workspace>/datastores/<datastore>/paths/"
    "<path>, or a data asset's id, /subscriptions/<subscription>/resourceGroups/<group>/providers/"
    "Microsoft.MachineLearningServices/workspaces/<workspace>/data/<name>/versions/<version>"
)


@dataclass(frozen=True)
class Location:
    """A blob, or a folder of blobs.

    Attributes:
        host: blob host of the account.
        container: container's name.
        path: name of the blob or folder in the container, not encoded.
        lake: whether it was given as a file or directory of a Data Lake.
    """

    host: str
    container: str
    path: str
    lake: bool = False

    @property
    def account(self) -> str:
        """The account's name."""
        return self.host.partition(".")[0]

    @property
    def container_url(self) -> str:
        """URL of the container."""
        return f"https://{self.host}/{self.container}"

    @property
    def url(self) -> str:
        """URL of the blob, percent-encoded."""
        return f"{self.container_url}/{quote(self.path, safe='/~')}"

    def below(self, name: str) -> Location:
        """A blob of this folder."""
        folder = self.path.rstrip("/")
        return Location(self.host, self.container, f"{folder}/{name}" if folder else name)


def resolve(uri: str, workspace: Resource, resources: Resources, kind: str = "") -> Location:
    """What a URI means in a workspace.

    Args:
        uri: the URI.
        workspace: the workspace.
        resources: what exists.
        kind: ``UriFile`` or ``UriFolder``, which a data asset has to be; empty where that was seen.

    Raises:
        InvalidRequestError: not a supported form, or no such datastore or asset.
        NotEmulatedError: another store than blobs, or another kind of asset.
    """
    if found := _DATA_ID.fullmatch(uri):
        uri = _asset(uri, found[1], workspace, resources, kind)
    if named := _datastore_and_path(uri, workspace):
        return datastore(named[0], workspace, resources).below(named[1])
    if like := _ARM_LIKE.fullmatch(uri):
        right = "azureml://subscriptions/{}/resourcegroups/{}/workspaces/{}/datastores/{}/paths/{}"
        message = f"The URI {uri!r} is not supported. Write {right.format(*like.groups())!r}."
        raise InvalidRequestError(message)
    if _ASSET.match(uri) and "/datastores/" not in uri.lower():
        message = f"This name of an asset is not emulated: found {uri!r}; accepted: {_ACCEPTED}."
        raise NotEmulatedError(message)
    if lake := _ABFSS.fullmatch(uri):
        uri = f"https://{lake[2]}/{lake[1]}/{lake[3]}"
    if _OTHER_STORE.match(uri):
        message = f"Other stores than blobs are not emulated: found {uri!r}; accepted: {_ACCEPTED}."
        raise NotEmulatedError(message)
    if uri.lower().startswith("https://"):
        return _lake_url(uri) if _LAKE.match(uri) else _blob_url(uri)
    message = f"The URI {uri!r} is not supported; accepted: {_ACCEPTED}."
    raise InvalidRequestError(message)


def _asset(uri: str, there: str, workspace: Resource, resources: Resources, kind: str) -> str:
    """Where the data of a registered asset lies."""
    if there.lower() != workspace.id.lower():
        raise _of_another(uri, workspace)
    found = resources.find(uri)
    if found is None:
        raise InvalidRequestError(f"There is no data asset {uri!r}.")
    told = found.properties["properties"]
    if kind and told["dataType"].replace("_", "") != kind.lower():
        message = f"The data asset {uri!r} is of type {told['dataType']!r}, not of {kind}."
        raise InvalidRequestError(message)
    return str(told["dataUri"])


def long_form(uri: str, workspace: Resource) -> str:
    """A short datastore URI as an asset's answer has it (recorded); others as they are."""
    if not (short := _SHORT.fullmatch(uri)):
        return uri
    _, _, subscription, _, group, *_ = workspace.id.split("/")
    return (
        f"azureml://subscriptions/{subscription}/resourcegroups/{group}/workspaces/{workspace.name}"
        f"/datastores/{short[1]}/paths/{short[2]}"
    )


def is_asset(uri: str) -> bool:
    """Whether a URI is the id of a data asset."""
    return bool(_DATA_ID.fullmatch(uri))


def is_datastore(uri: str) -> bool:
    """Whether a URI is a path of a registered datastore."""
    return bool(_SHORT.fullmatch(uri) or _LONG.fullmatch(uri))


def datastore(name: str, workspace: Resource, resources: Resources) -> Location:
    """The container of a blob datastore, as a folder without a name.

    Raises:
        InvalidRequestError: no such datastore, or not one on blobs.
    """
    found = resources.find(f"{workspace.id}/datastores/{name}")
    if found is None and name.lower() in {DEFAULT_DATASTORE, ARTIFACTS_DATASTORE}:
        return _own(name.lower(), workspace, resources)
    if found is None:
        registered = resources.select(DATASTORE, workspace.id)
        known = [DEFAULT_DATASTORE, *(each.name for each in registered)]
        names = ", ".join(dict.fromkeys(known))
        message = f"The workspace '{workspace.name}' has no datastore '{name}'; it has: {names}."
        raise InvalidRequestError(message)
    told = found.body.get("properties", {})
    if told.get("datastoreType") != "AzureBlob":
        kind = told.get("datastoreType")
        message = f"The datastore '{name}' is of type {kind!r}; accepted: 'AzureBlob'."
        raise InvalidRequestError(message)
    suffix = told.get("endpoint") or "core.windows.net"
    return Location(f"{told['accountName']}.blob.{suffix}", told["containerName"], "")


def _own(name: str, workspace: Resource, resources: Resources) -> Location:
    """A datastore that every workspace has: a container of its own storage account."""
    account = resources.find(workspace.body.get("storageAccount", ""))
    if account is None:
        message = f"The storage account of the workspace '{workspace.name}' does not exist."
        raise InvalidRequestError(message)
    host = urlsplit(account.properties["primaryEndpoints"]["blob"]).netloc
    default = f"azureml-blobstore-{workspace.properties['workspaceId']}"
    return Location(host, default if name == DEFAULT_DATASTORE else ARTIFACTS_CONTAINER, "")


def _datastore_and_path(uri: str, workspace: Resource) -> tuple[str, str] | None:
    if short := _SHORT.fullmatch(uri):
        return short[1], short[2]
    if not (long := _LONG.fullmatch(uri)):
        return None
    there = f"{long[1]}/providers/Microsoft.MachineLearningServices/workspaces/{long[2]}"
    if there.lower() != workspace.id.lower():
        raise _of_another(uri, workspace)
    return long[3], long[4]


def _of_another(uri: str, workspace: Resource) -> InvalidRequestError:
    message = f"The URI {uri!r} names another workspace than the endpoint's own, '{workspace.id}'."
    return InvalidRequestError(message)


def _lake_url(uri: str) -> Location:
    return replace(_blob_url(_LAKE.sub(r"\1.blob.", uri)), lake=True)


def _blob_url(uri: str) -> Location:
    try:
        parts = urlsplit(uri)
        path = unquote(parts.path, errors="strict")
    except ValueError as error:
        message = f"The URI {uri!r} is no URL: {error}."
        raise InvalidRequestError(message) from None
    if parts.query or parts.fragment or "?" in uri or "#" in uri:
        message = (
            f"The URI {uri!r} has a query or a fragment. Percent-encode '?' and '#' in a blob's "
            "name; signed URLs are not accepted, because storage keys are off."
        )
        raise InvalidRequestError(message)
    account, _, service = parts.netloc.lower().partition(".")
    container, _, name = path.removeprefix("/").partition("/")
    if service not in BLOB_SUFFIXES or not account or not container or not name:
        message = f"The URI {uri!r} is not supported; accepted: {_ACCEPTED}."
        raise InvalidRequestError(message)
    return Location(parts.netloc.lower(), container, name)
