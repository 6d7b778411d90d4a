"""Directories over Azurite's flat blobs: each is an empty blob whose metadata has ``hdi_isfolder``.

So blob clients see them as in Azure (D:storage/blobs/data-lake-storage-known-issues), and both
endpoints have the same data. Whatever is written gets its directories first, so none is only
implied by a name. Declined: doing to a directory all at once what is done to it; it is done blob by
blob.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode
from xml.etree import ElementTree as ET

import aiohttp
from multidict import CIMultiDict

from local_azure.services.storage.accounts import Account
from local_azure.services.storage.backend import Backend
from local_azure.services.storage.errors import InvalidUriError, NotEmulatedError
from local_azure.services.storage.lake import errors
from local_azure.services.storage.moved_times import MovedTimes

META = "x-ms-meta-"
FOLDER = f"{META}hdi_isfolder"
_NOT_MODIFIED = 304
_CODES = {
    "BlobNotFound": errors.PathNotFoundError,
    "BlobAlreadyExists": errors.PathAlreadyExistsError,
    "ContainerNotFound": errors.FilesystemNotFoundError,
    "ContainerAlreadyExists": errors.FilesystemAlreadyExistsError,
}
"""What Azurite calls otherwise."""


@dataclass(frozen=True)
class Place:
    """Where a file or a directory lies.

    Attributes:
        filesystem: its container.
        name: its path in there, decoded; "" for the root.
    """

    filesystem: str
    name: str

    @classmethod
    def of(cls, filesystem: str, name: str) -> Place:
        """A place by its path, which may end with a slash.

        Raises:
            InvalidUriError: a segment is empty, "." or "..", which Azurite keeps or shortens; or
                the filesystem is called so.
        """
        # Storage reads a backslash in a name as a slash.
        name = name.replace("\\", "/").removesuffix("/")
        if filesystem in {".", ".."} or (name and {"", ".", ".."}.intersection(name.split("/"))):
            raise InvalidUriError
        return cls(filesystem, name)

    @property
    def target(self) -> str:
        """Its path at Azurite, percent-encoded."""
        return quote(f"/{self.filesystem}/{self.name}", safe="/~")

    @property
    def prefix(self) -> str:
        """How the names of what it holds begin."""
        return f"{self.name}/" if self.name else ""

    @property
    def parent(self) -> Place:
        """The directory that it lies in."""
        return Place(self.filesystem, self.name.rpartition("/")[0])

    def holds(self, other: Place) -> bool:
        """Whether another place is this one, or below it."""
        return self.filesystem == other.filesystem and other.prefix.startswith(self.prefix)


@dataclass(frozen=True)
class Node:
    """A file or a directory that is there.

    Attributes:
        headers: what Azurite's answer to HEAD tells of it (names in any case).
    """

    headers: Mapping[str, str]

    @property
    def is_directory(self) -> bool:
        """Whether it is a directory."""
        return self.headers.get(FOLDER) == "true"


class Namespace:
    """The directories of an account that has a hierarchical namespace.

    Args:
        pool: Azurite's name of the account.
        backend: Azurite.
        times: knows when what was written, on a clock that was moved.
        changing: held while the tree is changed: nothing is renamed from under a write.
    """

    def __init__(
        self, pool: str, backend: Backend, times: MovedTimes, changing: asyncio.Lock
    ) -> None:
        self._pool = pool
        self._backend = backend
        self._times = times
        self.changing = changing

    async def address(self, place: Place) -> str:
        """Where a path lies at Azurite, for Azurite."""
        return await self._backend.base(self._pool) + place.target

    async def ask(
        self,
        method: str,
        target: str,
        headers: dict[str, str] | None = None,
        body: bytes | AsyncIterable[bytes] | None = None,
    ) -> aiohttp.ClientResponse:
        """Azurite's answer, which succeeded; the caller releases it.

        Raises:
            ConditionNotMetError: Azurite answers 304.
            StorageError: it did not, in Data Lake Storage's words.
        """
        answer = await self._backend.send(self._pool, method, target, headers, body)
        if answer.ok and answer.status != _NOT_MODIFIED:
            return answer
        text = await answer.read()
        if answer.status == _NOT_MODIFIED:
            raise errors.ConditionNotMetError
        code = answer.headers.get("x-ms-error-code", "")
        if code in _CODES:
            raise _CODES[code]
        raise errors.PassedOnError(answer.status, code or "InvalidInput", _message(text))

    async def do(
        self,
        method: str,
        target: str,
        headers: dict[str, str] | None = None,
        body: bytes | AsyncIterable[bytes] | None = None,
    ) -> Mapping[str, str]:
        """The headers of Azurite's answer, which succeeded and has nothing else; see ``ask``."""
        answer = await self.ask(method, target, headers, body)
        answer.release()
        if method == "PUT":
            self._times.wrote("PutBlob", answer.headers.get("ETag", ""))
        return answer.headers

    async def get(self, place: Place, conditions: dict[str, str] | None = None) -> Node:
        """What is there.

        Raises:
            PathNotFoundError: nothing is.
            StorageError: no such filesystem, or it does not fit the conditions.
        """
        if not place.name:
            target = f"{quote('/' + place.filesystem)}?restype=container"
            headers = await self.do("HEAD", target)
            return Node(CIMultiDict({**headers, "Content-Length": "0", FOLDER: "true"}))
        return Node(await self.do("HEAD", place.target, conditions))

    async def find(self, place: Place, conditions: dict[str, str] | None = None) -> Node | None:
        """What is there, or None; else as ``get``."""
        try:
            return await self.get(place, conditions)
        except errors.PathNotFoundError:
            return None

    async def make_directory(
        self, place: Place, headers: dict[str, str] | None = None
    ) -> Mapping[str, str]:
        """Make a directory, or replace one's properties; the headers of the answer."""
        sent = {"x-ms-blob-type": "BlockBlob", FOLDER: "true", **(headers or {})}
        return await self.do("PUT", place.target, sent, b"")

    async def make_parents(self, place: Place) -> None:
        """Make the directories that something is about to lie in.

        Raises:
            PathConflictError: one of them is a file.
        """
        missing: list[Place] = []
        parent = place.parent
        while parent.name and (node := await self.find(parent)) is None:
            missing.append(parent)
            parent = parent.parent
        if parent.name and node and not node.is_directory:
            raise errors.PathConflictError
        for each in reversed(missing):
            await self.make_directory(each)

    async def listing(self, filesystem: str, query: dict[str, str]) -> ET.Element:
        """A page of a filesystem's blobs, as the blob endpoint lists them, with their metadata."""
        asked = {"restype": "container", "comp": "list", "include": "metadata", **query}
        target = f"{quote('/' + filesystem)}?{urlencode(asked, quote_via=quote)}"
        answer = await self.ask("GET", target)
        return ET.fromstring(self._times.listed(await answer.read()))  # noqa: S314 our own Azurite

    async def is_empty(self, place: Place) -> bool:
        """Whether a directory holds nothing."""
        query = {"prefix": place.prefix, "maxresults": "1"}
        return (await self.listing(place.filesystem, query)).find("Blobs/Blob") is None

    async def whole(
        self, place: Place, conditions: dict[str, str], *, moves: bool = False
    ) -> list[Place]:
        """A file, or a directory with all that it holds; directories before what they hold.

        Args:
            place: the file or directory.
            conditions: those under which the place itself was looked at, with its lease.
            moves: whether all of it is to be renamed, not deleted.

        Raises:
            LeaseIdMissingError: something of it has another lease.
            NotEmulatedError: something of it can't be renamed.
        """
        found: dict[Place, None] = {}
        leased = place if "x-ms-lease-id" in conditions else None
        query = {"prefix": place.name, "include": "metadata,snapshots"}
        while True:
            page = await self.listing(place.filesystem, query)
            for blob in page.iterfind("Blobs/Blob"):
                each = Place(place.filesystem, blob.findtext("Name") or "")
                if place.holds(each):
                    _check_free(blob, moves=moves, leased=each == leased)
                    found[each] = None
            query["marker"] = page.findtext("NextMarker") or ""
            if not query["marker"]:
                return list(found)


class Namespaces:
    """The directories of all accounts.

    Args:
        backend: Azurite.
        times: as above.
    """

    def __init__(self, backend: Backend, times: MovedTimes) -> None:
        self._backend = backend
        self._times = times
        self._changes: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    def of(self, account: Account) -> Namespace:
        """Those of one account."""
        pool = account.pool
        return Namespace(pool, self._backend, self._times, self._changes[pool])


def _check_free(blob: ET.Element, *, moves: bool, leased: bool) -> None:
    """Refuse what Azurite would not delete, or would not copy with all that it has."""
    if blob.findtext("Properties/LeaseStatus") == "locked" and not leased:
        raise errors.LeaseIdMissingError
    is_snapshot = blob.find("Snapshot") is not None
    if moves and (is_snapshot or blob.findtext("Properties/AccessTier") == "Archive"):
        message = "Renaming what is archived or has snapshots is not emulated."
        raise NotEmulatedError(message)


def _message(body: bytes) -> str:
    """What Azurite says in an error, without the lines that tell which request it was."""
    try:
        told = ET.fromstring(body).findtext("Message") or ""  # noqa: S314 our own Azurite
    except ET.ParseError:
        told = ""
    return told.partition("\n")[0]
