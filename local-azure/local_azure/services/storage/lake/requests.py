"""A request to Data Lake Storage: its operation, and what of it goes on to Azurite.

Sources: learn.microsoft.com, rest/api/storageservices/datalakestoragegen2 (Filesystem, Path);
storage/blobs/data-lake-storage-access-control-model for what roles allow. Declined by name: access
control lists, leases on this endpoint, expiry, customer-provided keys.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from urllib.parse import unquote, urlsplit

from local_azure.services.storage.errors import (
    InvalidHeaderValueError,
    InvalidQueryParameterError,
    KeyBasedAuthenticationNotPermittedError,
    NotEmulatedError,
)
from local_azure.services.storage.lake.errors import InvalidSourceUriError
from local_azure.services.storage.lake.namespace import FOLDER, META, Place
from local_azure.services.storage.operations import BLOB_READ, Operation
from local_azure.services.storage.operations import find as find_of_blobs
from local_azure.services.storage.requests import BlobRequest

RENAME_SOURCE = "x-ms-rename-source"
_PROPERTIES = "x-ms-properties"
CONTENT = (
    *("cache-control", "content-disposition", "content-encoding", "content-language"),
    "content-type",
)
"""What a path has beside its properties, whatever it contains."""
_CONTENT = {f"x-ms-{name}": f"x-ms-blob-{name}" for name in (*CONTENT, "content-md5")}
"""How the blob endpoint calls it."""
_IF = ("if-match", "if-none-match", "if-modified-since", "if-unmodified-since")
_CONDITIONS = {name: name for name in (*_IF, "x-ms-lease-id")}
_OF_SOURCE = {
    **{f"x-ms-source-{name}": name for name in _IF},
    "x-ms-source-lease-id": "x-ms-lease-id",
}
_HEADERS = frozenset(
    (
        *("x-ms-version", "x-ms-date", "x-ms-client-request-id", "x-ms-return-client-request-id"),
        *("x-ms-lease-id", "x-ms-range", "x-ms-range-get-content-md5", "x-ms-content-crc64"),
        RENAME_SOURCE,
    )
)
_MADE = ("resource", "continuation")
_PAGED = (*_MADE, "maxResults")
_PARAMETERS = {
    "ListFilesystems": (*_PAGED, "prefix"),
    "CreateFile": _MADE,
    "CreateDirectory": _MADE,
    "ListPaths": (*_PAGED, "directory", "recursive", "upn"),
    "GetPathProperties": ("action", "upn"),
    "Rename": ("continuation", "mode"),
    "Append": ("action", "position", "flush", "close"),
    "Flush": ("action", "position", "close", "retainUncommittedData"),
    "SetPathProperties": ("action",),
    "Delete": ("continuation", "paginated", "recursive"),
}
"""Of an operation, beside ``timeout``; where nothing stands here, ``resource``."""
_WRITTEN = frozenset((_PROPERTIES, *_CONTENT))
_MORE_HEADERS = {
    "CreateFilesystem": frozenset((_PROPERTIES,)),
    "SetFilesystemProperties": frozenset((_PROPERTIES,)),
    "CreateFile": _WRITTEN,
    "CreateDirectory": _WRITTEN,
    "Flush": _WRITTEN,
    "SetPathProperties": _WRITTEN,
    "Rename": frozenset(_OF_SOURCE),
}
"""Of an operation, beside those of all."""
_BLOBS = BLOB_READ.rpartition("/")[0]


def _data(name: str, *actions: str) -> Operation:
    return Operation(name, (tuple(f"{_BLOBS}/{action}" for action in actions),))


def _as_of_blobs(name: str, level: str, method: str, comp: str = "") -> Operation:
    """An operation that needs what the blob endpoint's does."""
    found = find_of_blobs(level, method, comp)
    assert found is not None  # noqa: S101 it is in that table
    return replace(found, name=name)


_LOOK = _data("GetPathProperties", "read")
_TABLE = {
    ("service", "GET", "account"): _as_of_blobs("ListFilesystems", "service", "GET", "list"),
    ("filesystem", "PUT", "filesystem"): _as_of_blobs("CreateFilesystem", "container", "PUT"),
    ("filesystem", "PATCH", "filesystem"): _as_of_blobs(
        "SetFilesystemProperties", "container", "PUT", "metadata"
    ),
    ("filesystem", "HEAD", "filesystem"): _as_of_blobs(
        "GetFilesystemProperties", "container", "HEAD"
    ),
    ("filesystem", "DELETE", "filesystem"): _as_of_blobs("DeleteFilesystem", "container", "DELETE"),
    ("filesystem", "GET", "filesystem"): _data("ListPaths", "read"),
    ("filesystem", "HEAD", "getAccessControl"): _LOOK,
    ("filesystem", "HEAD", "getStatus"): _LOOK,
    ("path", "PUT", "file"): _data("CreateFile", "write"),
    ("path", "PUT", "directory"): _data("CreateDirectory", "write"),
    ("path", "PUT", ""): _data("Rename", "move/action", "write", "delete"),
    ("path", "PATCH", "append"): _data("Append", "write"),
    ("path", "PATCH", "flush"): _data("Flush", "write"),
    ("path", "PATCH", "setProperties"): _data("SetPathProperties", "write"),
    ("path", "GET", ""): _data("Read", "read"),
    ("path", "HEAD", ""): _LOOK,
    ("path", "HEAD", "getAccessControl"): _LOOK,
    ("path", "HEAD", "getStatus"): _LOOK,
    ("path", "DELETE", ""): _data("Delete", "delete"),
}
"""By level, method and what ``resource`` or ``action`` says. That a rename needs ``write`` and
``delete`` beside ``move/action`` is UNVERIFIED."""


class LakeRequest(BlobRequest):
    """A request to Data Lake Storage; its ``container`` is the filesystem."""

    @cached_property
    def place(self) -> Place:
        """The file or directory that it is about; for a listing the directory."""
        return Place.of(self.container, self.blob or self.parameters.get("directory", ""))

    @cached_property
    def operation(self) -> Operation:
        """Which operation this is.

        Raises:
            NotEmulatedError: when it is not there, or a header or parameter of it is not.
        """
        is_path = bool(Place.of(self.container, self.blob).name)
        level = "path" if is_path else "filesystem" if self.container else "service"
        said = self.parameters.get("resource") or self.parameters.get("action", "")
        renames = RENAME_SOURCE in self.headers
        found = _TABLE.get((level, self.method, "" if renames else said))
        if found is None or renames != (found.name == "Rename"):
            raise self._unknown_here(f"{self.method} on a {level} with {said!r}")
        for name in self._unread(found):
            raise self._unknown_here(f"{name!r} of {found.name}")
        return found

    def _unread(self, operation: Operation) -> Iterator[str]:
        """Headers and parameters that would change what is asked, and are not understood."""
        known = _PARAMETERS.get(operation.name, ("resource",))
        yield from sorted(self.parameters.keys() - {"timeout", *known})
        if self.parameters.get("retainUncommittedData", "false").lower() != "false":
            yield "retainUncommittedData"
        read = _HEADERS | _MORE_HEADERS.get(operation.name, frozenset())
        yield from sorted(
            name for name in self.headers if name.startswith("x-ms-") and name not in read
        )

    @staticmethod
    def _unknown_here(what: str) -> NotEmulatedError:
        return NotEmulatedError(f"The embedded Data Lake Storage does not emulate {what}.")

    @cached_property
    def source(self) -> Place:
        """What a rename moves.

        Raises:
            InvalidSourceUriError: it is no path of a filesystem.
            KeyBasedAuthenticationNotPermittedError: it has a SAS.
        """
        try:
            parts = urlsplit(self.headers[RENAME_SOURCE])
            root, filesystem, name = unquote(parts.path, errors="strict").split("/", 2)
        except ValueError:
            raise InvalidSourceUriError from None
        if parts.query:
            raise KeyBasedAuthenticationNotPermittedError
        place = Place.of(filesystem, name)
        is_elsewhere = parts.scheme or parts.netloc or parts.fragment or root
        if is_elsewhere or not (filesystem and place.name):
            raise InvalidSourceUriError
        return place

    def position(self) -> int:
        """Where bytes are appended, or end; bytes from the file's beginning.

        Raises:
            InvalidQueryParameterError: it is no such number.
        """
        given = self.parameters.get("position", "")
        if not given.isdecimal():
            raise InvalidQueryParameterError
        return int(given)

    def says(self, parameter: str) -> bool:
        """Whether a parameter is true."""
        return self.parameters.get(parameter, "").lower() == "true"

    def conditions(self, *, of_source: bool = False) -> dict[str, str]:
        """The conditions under which it holds, as the blob endpoint has them."""
        return self._renamed(_OF_SOURCE if of_source else _CONDITIONS)

    def content(self) -> dict[str, str]:
        """What it sets beside the user's own properties, as the blob endpoint has it."""
        return self._renamed(_CONTENT)

    def written(self) -> dict[str, str]:
        """All that it sets of a path, as the blob endpoint has it."""
        return {**self.content(), **self.properties()}

    def _renamed(self, names: Mapping[str, str]) -> dict[str, str]:
        return {to: self.headers[name] for name, to in names.items() if name in self.headers}

    def properties(self) -> dict[str, str]:
        """The user's own properties, as metadata.

        Raises:
            InvalidHeaderValueError: they are no ``<name>=<value in base64>``, joined by commas.
        """
        given = self.headers.get(_PROPERTIES, "").split(",")
        try:
            return dict(_property(each) for each in given if each)
        except ValueError:
            why = "has values in base64, of printable ASCII, and no 'hdi_isfolder'"
            raise InvalidHeaderValueError(_PROPERTIES, why) from None


def _property(pair: str) -> tuple[str, str]:
    """A user's property as metadata; ValueError where it can be none."""
    name, _, value = pair.partition("=")
    header, text = f"{META}{name.strip()}", base64.b64decode(value, validate=True).decode("ascii")
    if header.lower() in {META, FOLDER} or not text.isprintable():
        raise ValueError(pair)
    return header, text
