"""What is told of a path: headers and entries of lists, from what Azurite tells of its blob.

Owner, group and permissions are those of a new path in an account whose access control lists nobody
has touched; they are told because clients read them, and decide nothing.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from xml.etree import ElementTree as ET

from local_azure.services.storage.lake.namespace import FOLDER, META, Node
from local_azure.services.storage.transfer import Headers

_OWNER = "$superuser"
_PASSED = (
    *("accept-ranges", "cache-control", "content-disposition", "content-encoding"),
    *("content-language", "content-length", "content-range", "content-type", "etag"),
    *("last-modified", "x-ms-creation-time", "x-ms-lease-state", "x-ms-lease-status"),
    *("x-ms-request-id", "x-ms-request-server-encrypted", "x-ms-version"),
)
_SINCE_1601 = 11_644_473_600
"""Seconds until 1970: Windows' file times begin there, and count 100 nanoseconds."""


def passed(headers: Mapping[str, str], *more: str) -> Headers:
    """What of Azurite's headers Data Lake Storage has too."""
    names = (*_PASSED, *more)
    return [(name.encode(), headers[name].encode()) for name in names if name in headers]


def of_path(node: Node) -> Headers:
    """The headers that tell of a file or a directory."""
    # A change's would be that of what Azurite was sent, such as a list of blocks.
    given = passed(node.headers, "content-md5")
    if properties := _properties(node.headers):
        given.append((b"x-ms-properties", properties.encode()))
    kind = "directory" if node.is_directory else "file"
    more = {"resource-type": kind, **_rights(is_directory=node.is_directory)}
    return given + [(f"x-ms-{name}".encode(), value.encode()) for name, value in more.items()]


def of_filesystem(headers: Mapping[str, str]) -> Headers:
    """The headers that tell of a filesystem."""
    properties = _properties(headers).encode()
    return [
        *passed(headers),
        (b"x-ms-properties", properties),
        (b"x-ms-namespace-enabled", b"true"),
    ]


def access_control(node: Node) -> Headers:
    """The header that has the access control list."""
    listed = "user::rwx,group::r-x,other::---"
    return [(b"x-ms-acl", (listed if node.is_directory else listed.replace("x", "-")).encode())]


def entry(blob: ET.Element) -> dict[str, str]:
    """A path in a list, whose values are text (recorded by the SDK's own models)."""
    is_directory = blob.findtext(f"Metadata/{FOLDER.removeprefix(META)}") == "true"
    told = {name: blob.findtext(f"Properties/{name}") or "" for name in _LISTED}
    created = parsedate_to_datetime(told["Creation-Time"]).timestamp()
    return {
        "name": blob.findtext("Name") or "",
        **({"isDirectory": "true"} if is_directory else {}),
        "contentLength": told["Content-Length"],
        "creationTime": str(int((created + _SINCE_1601) * 10_000_000)),
        "etag": told["Etag"].strip('"'),
        "lastModified": told["Last-Modified"],
        **_rights(is_directory=is_directory),
    }


_LISTED = ("Content-Length", "Creation-Time", "Etag", "Last-Modified")


def _rights(*, is_directory: bool) -> dict[str, str]:
    permissions = "rwxr-x---" if is_directory else "rw-r-----"
    return {"owner": _OWNER, "group": _OWNER, "permissions": permissions}


def _properties(headers: Mapping[str, str]) -> str:
    """A blob's metadata as ``x-ms-properties`` has them."""
    return ",".join(
        f"{name.lower().removeprefix(META)}={base64.b64encode(value.encode()).decode()}"
        for name, value in headers.items()
        if name.lower().startswith(META) and name.lower() != FOLDER
    )
