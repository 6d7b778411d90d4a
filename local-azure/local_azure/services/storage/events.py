"""The events that storage raises: of blobs, and of the files and directories of a Data Lake.

Source: D:event-grid/event-schema-blob-storage. UNVERIFIED: that a file's ``contentOffset`` is
where its content ends, and that a directory which is deleted or renamed with all in it raises one
event. UNVERIFIED: how Azure writes special characters; here ``subject`` has the blob's name as it
is and ``url`` has it percent-encoded throughout.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, quote, unquote
from uuid import uuid4

DELETE = "DeleteBlob"
_CALLS = {
    DELETE: ("BlobDeleted", ""),
    "CreateFile": ("BlobCreated", "2"),
    "FlushWithClose": ("BlobCreated", "2"),
    "DeleteFile": ("BlobDeleted", "2"),
    "RenameFile": ("BlobRenamed", "1"),
    "CreateDirectory": ("DirectoryCreated", "1"),
    "RenameDirectory": ("DirectoryRenamed", "1"),
    "DeleteDirectory": ("DirectoryDeleted", "1"),
}
"""Type and ``dataVersion`` of a call's event, the latter as the documents' samples have it."""
_CREATED = ("BlobCreated", "")
_DEFAULT_TYPE = "application/octet-stream"


@dataclass(frozen=True)
class Blob:
    """What an event tells about a blob.

    Attributes:
        etag: entity tag, with its quotes.
        content_type: media type.
        content_length: bytes.
        blob_type: ``BlockBlob``, ``AppendBlob`` or ``PageBlob``.
    """

    etag: str
    content_type: str
    content_length: int
    blob_type: str

    @classmethod
    def of_put(cls, headers: Mapping[str, str], etag: str) -> Blob:
        """What a PutBlob wrote, known from its request's headers (lower-case names)."""
        media = headers.get("x-ms-blob-content-type") or headers.get("content-type")
        length = headers.get("x-ms-blob-content-length") or headers.get("content-length", "0")
        kind = headers.get("x-ms-blob-type", "BlockBlob")
        return cls(etag, media or _DEFAULT_TYPE, int(length), kind)

    @classmethod
    def of_properties(cls, headers: Mapping[str, str]) -> Blob:
        """What the answer to a HEAD of the blob tells (names in any case)."""
        return cls(
            headers["ETag"],
            headers.get("Content-Type", _DEFAULT_TYPE),
            int(headers["Content-Length"]),
            headers["x-ms-blob-type"],
        )

    @classmethod
    def unknown(cls, etag: str) -> Blob:
        """A blob that was written and is gone already."""
        return cls(etag, _DEFAULT_TYPE, 0, "BlockBlob")


@dataclass(frozen=True)
class Call:
    """The call that an event tells of.

    Attributes:
        api: operation, such as ``PutBlob``, ``DeleteBlob`` or ``RenameFile``.
        host: the account's host name.
        target: the blob's path, percent-encoded; of a rename with ``source``, of a directory's
            deletion with ``recursive`` as its query.
        client_request_id: what the client called it, or "".
        request_id: what storage called it.
    """

    api: str
    host: str
    target: str
    client_request_id: str
    request_id: str

    @property
    def path(self) -> str:
        """The blob's path, percent-encoded."""
        return self.target.partition("?")[0]

    def said(self, name: str) -> str:
        """A parameter of the call, decoded, or ""."""
        return parse_qs(self.target.partition("?")[2]).get(name, [""])[0]


def event(call: Call, blob: Blob, time: str, sequencer: int) -> dict[str, Any]:
    """The event of a call, in the documented order of fields, without its topic.

    Args:
        call: what was called.
        blob: what was written; or what was deleted, of which only the types are told.
        time: when, ISO 8601 UTC.
        sequencer: grows with every event.
    """
    name = _name(call.path)
    kind, version = _CALLS.get(call.api, _CREATED)
    container, _, rest = name.partition("/")
    return {
        "subject": f"/blobServices/default/containers/{container}/blobs/{rest}",
        "eventType": f"Microsoft.Storage.{kind}",
        "eventTime": time,
        "id": str(uuid4()),
        "data": {
            "api": call.api,
            **({"clientRequestId": call.client_request_id} if call.client_request_id else {}),
            "requestId": call.request_id,
            **_told(call, blob, kind),
            "sequencer": f"{sequencer:032X}",
            "storageDiagnostics": {"batchId": str(uuid4())},
        },
        "dataVersion": version,
        "metadataVersion": "1",
    }


def _told(call: Call, blob: Blob, kind: str) -> dict[str, Any]:
    """What an event has by its type: of a blob what it is, of a rename both names."""
    url = _url(call, call.path)
    if kind.endswith("Renamed"):
        return {"destinationUrl": url, "sourceUrl": _url(call, quote(call.said("source")))}
    if kind.startswith("Directory"):
        return {"url": url, **({"recursive": call.said("recursive")} if "?" in call.target else {})}
    length = {"contentLength": blob.content_length}
    if call.api in _CALLS:
        length["contentOffset"] = blob.content_length
    created = kind == "BlobCreated"
    return {
        **({"eTag": blob.etag} if created else {}),
        "contentType": blob.content_type,
        **(length if created else {}),
        "blobType": blob.blob_type,
        "url": url,
    }


def _name(path: str) -> str:
    """Container and blob; storage reads a backslash in a name as a slash."""
    return unquote(path).removeprefix("/").replace("\\", "/")


def _url(call: Call, path: str) -> str:
    return f"https://{call.host}/{quote(_name(path), safe='/')}"
