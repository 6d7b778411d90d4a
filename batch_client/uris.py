"""Where data lies, in the forms that a batch endpoint takes; everything else is refused.

A datastore's URI has a short and a long form. The documentation's ``azureml:/subscriptions/…`` is
neither and fails (S004); the long one is what is sent. D:machine-learning/
how-to-access-data-batch-endpoints-jobs; Data Lake URIs (``abfss://``) are inputs only.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import quote, unquote, urlsplit

from batch_client.errors import UsageError

_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]+:")
_LAKE = re.compile(r"^([a-z]+://[^/]+?)\.dfs\.")
_IN_DATASTORE = r"/datastores/(?P<datastore>[^/]+)/paths/(?P<path>.*)"
_WORKSPACE = (
    r"subscriptions/(?P<subscription>[^/]+)/resourceGroups/(?P<group>[^/]+)"
    r"/providers/Microsoft\.MachineLearningServices/workspaces/(?P<workspace>[^/]+)"
)
_SHORT = re.compile(f"azureml:/{_IN_DATASTORE}", re.DOTALL)
_LONG = re.compile(
    r"azureml://subscriptions/(?P<subscription>[^/]+)/resourcegroups/(?P<group>[^/]+)"
    rf"/workspaces/(?P<workspace>[^/]+){_IN_DATASTORE}",
    re.DOTALL | re.IGNORECASE,
)
_ARM_DATASTORE = re.compile(
    f"(?:azureml:)?/*{_WORKSPACE}{_IN_DATASTORE}", re.DOTALL | re.IGNORECASE
)
_WORKSPACE_ID = re.compile(f"/{_WORKSPACE}/?", re.IGNORECASE)
NAMED_ASSET = re.compile(r"azureml:(?P<name>[\w.-]+)(?::(?P<version>[\w.-]+)|@(?P<label>[\w.-]+))?")
ASSET_ID = re.compile(
    rf"(?:azureml:)?(?P<asset>/{_WORKSPACE}/(?P<kind>data|models)/[^/]+)/versions/(?P<version>[^/]+)",
    re.IGNORECASE,
)
_ACCEPTED = (
    "a local path, https://<account>.blob.<suffix>/<container>/<path>, "
    "azureml://datastores/<datastore>/paths/<path>, azureml:<asset>, azureml:<asset>:<version>"
)


@dataclass(frozen=True)
class BlobPlace:
    """A blob, or a folder of blobs.

    Attributes:
        container_url: ``https://<account>.blob.<suffix>/<container>``.
        path: name in the container, not encoded; a folder ends with a slash.
    """

    container_url: str
    path: str

    @property
    def url(self) -> str:
        """The URL, percent-encoded."""
        return f"{self.container_url}/{quote(self.path, safe='/~')}"


class DatastorePath(NamedTuple):
    """A path in a datastore of a workspace."""

    datastore: str
    path: str


def is_remote(text: str) -> bool:
    """Whether this is meant as a URI, and not as a local path."""
    return any(form.match(text) for form in (_SCHEME, ASSET_ID, _ARM_DATASTORE))


def is_asset(uri: str) -> bool:
    """Whether this names a registered asset, whose type can't be seen from its name."""
    return bool(NAMED_ASSET.fullmatch(uri) or ASSET_ID.fullmatch(uri))


def input_uri(text: str, workspace_id: str | None) -> str:
    """An input's URI in the form that works.

    Args:
        text: what somebody wrote.
        workspace_id: resource id of the endpoint's workspace; without it a short datastore URI
            stays short.

    Raises:
        UsageError: a form that no batch endpoint takes; the message has the right one.
    """
    if text.startswith("https://"):
        return _without_query(text)
    if text.startswith("abfss://") or is_asset(text):
        return text
    return _datastore_uri(text, workspace_id)


def output_uri(text: str, workspace_id: str | None) -> str:
    """An output's URI in the form that works: a path of a registered blob datastore.

    Raises:
        UsageError: anything else (only registered datastores on blobs are written to).
    """
    if not text.startswith("azureml://") and not _ARM_DATASTORE.fullmatch(text):
        message = (
            f"The output {text!r} can't be written to: accepted is a path that does not exist yet "
            "in a registered blob datastore, azureml://datastores/<datastore>/paths/<path>."
        )
        raise UsageError(message)
    uri = _datastore_uri(text, workspace_id)
    if not uri.partition("/paths/")[2].strip("/"):
        message = f"The output {text!r} names no path in the datastore: add one after /paths/."
        raise UsageError(message)
    return uri


def datastore_path(uri: str) -> DatastorePath | None:
    """What a datastore URI means, or None where it is none."""
    found = _SHORT.fullmatch(uri) or _LONG.fullmatch(uri)
    return DatastorePath(found["datastore"], found["path"]) if found else None


def blob_place(url: str) -> BlobPlace:
    """What a blob's or a folder's URL means.

    Raises:
        UsageError: no such URL.
    """
    parts = urlsplit(_without_query(url))
    container, _, path = parts.path.removeprefix("/").partition("/")
    if ".blob." not in parts.netloc or not container:
        message = f"{url!r} is no URL of a blob: https://<account>.blob.<suffix>/<container>/…"
        raise UsageError(message)
    return BlobPlace(f"https://{parts.netloc}/{container}", unquote(path))


def told_place(told: str) -> BlobPlace:
    """What a URL means that is written as ``plain`` writes it.

    Raises:
        UsageError: as ``blob_place``.
    """
    return blob_place(quote(told, safe=":/"))


def plain(url: str) -> str:
    """A blob's URL as it is written for people, whichever of storage's two hosts it names."""
    return _LAKE.sub(r"\1.blob.", unquote(url))


def told_by(event: Mapping[str, Any]) -> str:
    """URL of the blob that an event tells of, by its new name; empty where it tells of none."""
    data = event.get("data")
    told = data if isinstance(data, dict) else {}
    return str(told.get("url") or told.get("destinationUrl") or "")


def _datastore_uri(text: str, workspace_id: str | None) -> str:
    if like := _ARM_DATASTORE.fullmatch(text):
        message = f"The form of {text!r} is not supported. Write {_long(like.groupdict())!r}."
        raise UsageError(message)
    if _LONG.fullmatch(text):
        return text
    short = _SHORT.fullmatch(text)
    if short is None:
        raise UsageError(f"{text!r} can't be understood; accepted: {_ACCEPTED}.")
    here = _WORKSPACE_ID.fullmatch(workspace_id or "")
    return _long({**here.groupdict(), **short.groupdict()}) if here else text


def _long(parts: Mapping[str, str]) -> str:
    return (
        f"azureml://subscriptions/{parts['subscription']}/resourcegroups/{parts['group']}"
        f"/workspaces/{parts['workspace']}/datastores/{parts['datastore']}/paths/{parts['path']}"
    )


def _without_query(url: str) -> str:
    if "?" in url or "#" in url:
        message = (
            f"{url.partition('?')[0]!r} comes with a query or a fragment: percent-encode ? and # "
            "in a blob's name, and leave signatures out; the job reads as you do."
        )
        raise UsageError(message)
    return url
