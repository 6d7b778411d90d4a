"""What a hierarchical namespace asks of the blob endpoint: directories that are there as such."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import unquote
from xml.etree import ElementTree as ET

from local_azure.services.storage.copies import own_copy_source
from local_azure.services.storage.errors import InvalidHeaderValueError, InvalidUriError
from local_azure.services.storage.lake import errors
from local_azure.services.storage.lake.namespace import FOLDER, Namespace, Place
from local_azure.services.storage.requests import COPY_SOURCE, BlobRequest

_CHECKED = frozenset(
    ("PutBlob", "PutBlock", "PutBlockList", "CopyBlob", "DeleteBlob", "SetBlobMetadata")
)
_REFUSED = suppress(errors.FilesystemNotFoundError)
"""By Azurite, as the blob endpoint words it."""
_FOLDER_NAME = FOLDER.rpartition("-")[2]


@asynccontextmanager
async def around(
    namespace: Namespace, request: BlobRequest, *, streamed: bool
) -> AsyncIterator[dict[str, str]]:
    """Keep a call apart from what changes the same tree; the headers that it needs on top.

    Args:
        namespace: the account's directories.
        request: the call.
        streamed: whether its body takes its time, in which others are not to wait.

    Raises:
        StorageError: a directory is in its way, or would be made of what is none.
    """
    if not request.account.is_hierarchical or request.method in {"GET", "HEAD"}:
        yield {}
        return
    place, headers = Place.of(request.container, request.blob), dict[str, str]()
    async with namespace.changing:
        if request.operation.name in _CHECKED:
            with _REFUSED:
                headers = await _before(namespace, request, place)
        if not streamed:
            yield headers
            return
    yield headers
    async with namespace.changing:
        with _REFUSED:
            # What it lies in may have been renamed meanwhile.
            if await namespace.find(place):
                await namespace.make_parents(place)


async def _before(namespace: Namespace, request: BlobRequest, place: Place) -> dict[str, str]:
    """What is looked at, and made, before Azurite hears of a call on a blob."""
    name = request.operation.name
    if request.blob.endswith(("/", "\\")):
        raise InvalidUriError
    node = await namespace.find(place)
    is_directory = bool(node and node.is_directory)
    if name == "SetBlobMetadata" and is_directory:
        return {FOLDER: "true"}
    if FOLDER in request.headers and not _makes_directory(request):
        raise InvalidHeaderValueError(FOLDER, "is 'true', of an empty block blob")
    if name == "SetBlobMetadata":
        return {}
    if name == "DeleteBlob":
        if is_directory and not await namespace.is_empty(place):
            raise errors.DirectoryIsNotEmptyError
        return {}
    if node and is_directory != (request.headers.get(FOLDER) == "true"):
        raise errors.PathConflictError
    if name == "CopyBlob":
        await _check_source(namespace, request)
    await namespace.make_parents(place)
    return {}


async def _check_source(namespace: Namespace, request: BlobRequest) -> None:
    source = own_copy_source(request.headers[COPY_SOURCE], request.account)
    name = unquote(source.target.partition("?")[0]).removeprefix(f"/{source.container}/")
    node = await namespace.find(Place.of(source.container, name))
    if node and node.is_directory:
        raise errors.InvalidInputError


def _makes_directory(request: BlobRequest) -> bool:
    """Whether a request with the mark of directories is how one is made."""
    asked = (FOLDER, "x-ms-blob-type", "content-length")
    empty = [request.headers.get(name) for name in asked] == ["true", "BlockBlob", "0"]
    return empty and request.operation.name == "PutBlob"


def with_metadata(request: BlobRequest) -> str:
    """The target of a listing that asks for metadata too: by them directories are known."""
    included = {*request.parameters.get("include", "").split(","), "metadata"} - {""}
    return request.targeted({**request.parameters, "include": ",".join(sorted(included))})


def as_prefixes(text: bytes) -> bytes:
    """A listing by folders whose directories are prefixes only, the empty ones as well.

    Azurite's own prefixes are left out: one may stand on a later page than its directory.
    """
    root = ET.fromstring(text)  # noqa: S314 from our own Azurite
    for blobs in root.iterfind("Blobs"):
        for prefix in blobs.findall("BlobPrefix"):
            blobs.remove(prefix)
        for blob in blobs.findall("Blob"):
            if blob.findtext(f"Metadata/{_FOLDER_NAME}") == "true":
                blobs.remove(blob)
                prefix = ET.SubElement(blobs, "BlobPrefix")
                ET.SubElement(prefix, "Name").text = f"{blob.findtext('Name')}/"
    told: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return told
