"""The events that storage raises: ``BlobCreated`` and ``BlobDeleted``.

Source: D:event-grid/event-schema-blob-storage. UNVERIFIED: how Azure writes special characters;
here ``subject`` has the blob's name as it is and ``url`` has it percent-encoded throughout.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote
from uuid import uuid4

DELETE = "DeleteBlob"
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
        api: operation: ``PutBlob``, ``PutBlockList``, ``CopyBlob`` or ``DeleteBlob``.
        host: the account's host name.
        path: the blob's path, percent-encoded.
        client_request_id: what the client called it, or "".
        request_id: what storage called it.
    """

    api: str
    host: str
    path: str
    client_request_id: str
    request_id: str


def event(call: Call, blob: Blob, time: str, sequencer: int) -> dict[str, Any]:
    """The event of a call, in the documented order of fields, without its topic.

    Args:
        call: what was called.
        blob: what was written; or what was deleted, of which only the types are told.
        time: when, ISO 8601 UTC.
        sequencer: grows with every event.
    """
    # Storage reads a backslash in a name as a slash.
    name = unquote(call.path).removeprefix("/").replace("\\", "/")
    container, _, rest = name.partition("/")
    deleted = call.api == DELETE
    return {
        "subject": f"/blobServices/default/containers/{container}/blobs/{rest}",
        "eventType": f"Microsoft.Storage.Blob{'Deleted' if deleted else 'Created'}",
        "eventTime": time,
        "id": str(uuid4()),
        "data": {
            "api": call.api,
            **({"clientRequestId": call.client_request_id} if call.client_request_id else {}),
            "requestId": call.request_id,
            **({} if deleted else {"eTag": blob.etag}),
            "contentType": blob.content_type,
            **({} if deleted else {"contentLength": blob.content_length}),
            "blobType": blob.blob_type,
            "url": f"https://{call.host}/{quote(name, safe='/')}",
            "sequencer": f"{sequencer:032X}",
            "storageDiagnostics": {"batchId": str(uuid4())},
        },
        "dataVersion": "",
        "metadataVersion": "1",
    }
