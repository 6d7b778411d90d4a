"""What a hierarchical namespace asks of the blob endpoint: directories that are there as such."""

from __future__ import annotations

from urllib.parse import parse_qsl, quote, urlencode
from xml.etree import ElementTree as ET

from local_azure.services.storage.accounts import Account
from local_azure.services.storage.lake import errors
from local_azure.services.storage.lake.namespace import FOLDER, Namespace, Place
from local_azure.services.storage.requests import BlobRequest

_MAKES = frozenset(("PutBlob", "PutBlock", "PutBlockList", "CopyBlob"))
_FOLDER_NAME = FOLDER.rpartition("-")[2]


class Directories:
    """What is looked at, and made, before Azurite hears of a call on a blob.

    Args:
        namespace: the directories.
    """

    def __init__(self, namespace: Namespace) -> None:
        self._namespace = namespace

    async def before(self, account: Account, request: BlobRequest) -> dict[str, str]:
        """The headers that a call needs on top.

        Raises:
            StorageError: a directory is in its way.
        """
        name = request.operation.name
        if name not in {*_MAKES, "DeleteBlob", "SetBlobMetadata"}:
            return {}
        place = Place.of(request.container, request.blob)
        node = await self._namespace.find(account, place)
        is_directory = bool(node and node.is_directory)
        if name == "SetBlobMetadata":
            return {FOLDER: "true"} if is_directory else {}
        if name == "DeleteBlob":
            if is_directory and await self._namespace.below(account, place, most=1):
                raise errors.DirectoryIsNotEmptyError
            return {}
        if node and is_directory != (request.headers.get(FOLDER) == "true"):
            raise errors.PathConflictError
        await self._namespace.make_parents(account, place)
        return {}


def with_metadata(target: str) -> str:
    """A listing's target that asks for metadata too: by them directories are known."""
    path, _, query = target.partition("?")
    given = dict(parse_qsl(query, keep_blank_values=True))
    included = {each for each in given.get("include", "").split(",") if each}
    given["include"] = ",".join(sorted({*included, "metadata"}))
    return f"{path}?{urlencode(given, quote_via=quote)}"


def as_prefixes(text: bytes) -> bytes:
    """A listing by folders whose directories are prefixes only, the empty ones as well."""
    root = ET.fromstring(text)  # noqa: S314 from our own Azurite
    blobs = root.find("Blobs")
    for blob in root.findall("Blobs/Blob"):
        if blobs is not None and blob.findtext(f"Metadata/{_FOLDER_NAME}") == "true":
            blobs.remove(blob)
            name = f"{blob.findtext('Name')}/"
            if name not in {each.text for each in blobs.iterfind("BlobPrefix/Name")}:
                ET.SubElement(ET.SubElement(blobs, "BlobPrefix"), "Name").text = name
    told: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return told
