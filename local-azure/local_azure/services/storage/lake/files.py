"""What is done to files and directories: made, written, renamed, deleted, each told to Event Grid.

A file is a block blob. What is appended is a block called by its position, so a flush knows whether
something is missing, and whether the blob endpoint has written here.
"""

from __future__ import annotations

import base64
from collections.abc import AsyncIterable, Iterable, Mapping
from contextlib import nullcontext, suppress
from typing import NamedTuple
from xml.etree import ElementTree as ET

from local_azure.services.storage.lake import errors
from local_azure.services.storage.lake.namespace import FOLDER, META, Namespace, Node, Place
from local_azure.services.storage.lake.requests import CONTENT, LakeRequest
from local_azure.services.storage.news import News

_WITH_SNAPSHOTS = {"x-ms-delete-snapshots": "include"}
_DIGITS = 19


class _Block(NamedTuple):
    start: int
    size: int
    name: str


class Files:
    """What one request does to the files and directories of its account.

    Args:
        request: what is asked.
        namespace: the account's directories.
        news: raises events.
    """

    def __init__(self, request: LakeRequest, namespace: Namespace, news: News) -> None:
        self._request = request
        self._namespace = namespace
        self._news = news

    async def create(self) -> Mapping[str, str]:
        """Make an empty file, in place of one that is there, or a directory.

        Returns:
            The headers of Azurite's answer, here as below.

        Raises:
            StorageError: here as below, in Data Lake Storage's words.
        """
        request = self._request
        place, api = request.place, request.operation.name
        there = await self._namespace.find(place)
        if there and there.is_directory != (api == "CreateDirectory"):
            raise errors.PathConflictError
        await self._namespace.make_parents(place)
        given = {**request.written(), **request.conditions()}
        async with self._news.of_path(request, api, place.target):
            if api == "CreateDirectory":
                return await self._namespace.make_directory(place, given)
            sent = {"x-ms-blob-type": "BlockBlob", **given}
            await self._namespace.do("PUT", place.target, sent, b"")
            # Azurite keeps what was appended and never flushed.
            return await self._commit(place, request.written() | _lease(given), ())

    async def append(self, body: bytes | AsyncIterable[bytes] | None) -> Mapping[str, str]:
        """Upload bytes to a place in a file; they are in it from the flush on."""
        request, changing = self._request, self._namespace.changing
        name = base64.b64encode(f"{request.position():0{_DIGITS}}".encode()).decode()
        kept = ("content-length", "content-md5", "x-ms-content-crc64", "x-ms-lease-id")
        headers = {key: request.headers[key] for key in kept if key in request.headers}
        target = f"{request.place.target}?comp=block&blockid={name}"
        # What is sent slowly keeps nobody waiting.
        is_slow = not isinstance(body, bytes)
        async with nullcontext() if is_slow else changing:
            await self._file(request.place)
            told = await self._namespace.do("PUT", target, headers, body)
            if not request.says("flush"):
                return told
            if not is_slow:
                return await self.flush()
        async with changing:
            return await self.flush()

    async def flush(self) -> Mapping[str, str]:
        """Let a file have what was appended to it, up to a position, where it has to end."""
        request, place = self._request, self._request.place
        # An append flushes itself as well.
        end = request.position() + int(request.headers.get("content-length", "0"))
        node = await self._file(place)
        blocks = await self._blocks(place, node)
        if sum(each.size for each in blocks) != end:
            raise errors.InvalidFlushPositionError
        headers = {**_kept(node), **request.written(), **request.conditions()}
        event = self._news.of_path(request, "FlushWithClose", place.target)
        async with event if request.says("close") else nullcontext():
            return await self._commit(place, headers, blocks)

    async def rename(self) -> Mapping[str, str]:
        """Move a file, or a directory with all in it."""
        request = self._request
        source, place = request.source, request.place
        conditions = request.conditions(of_source=True)
        there = await self._namespace.find(source, conditions)
        if there is None:
            raise errors.SourcePathNotFoundError
        if source.holds(place):
            raise errors.InvalidRenameSourcePathError
        await self._check_destination(place, there)
        every = await self._namespace.whole(source, conditions, moves=True)
        api = "RenameDirectory" if there.is_directory else "RenameFile"
        target = f"{place.target}?source={source.target}"
        async with self._news.of_path(request, api, target):
            headers = await self._move(source, place, request.conditions())
            for each in every[1:]:
                moved = Place(place.filesystem, place.name + each.name.removeprefix(source.name))
                await self._move(each, moved, {})
            await self._delete(every, _lease(conditions))
        return headers

    async def delete(self) -> Mapping[str, str]:
        """Delete a file, or a directory, with all in it where the request says so."""
        request = self._request
        place, recursive = request.place, request.says("recursive")
        conditions = request.conditions()
        node = await self._namespace.get(place, conditions)
        if node.is_directory and not (recursive or await self._namespace.is_empty(place)):
            raise errors.DirectoryNotEmptyError
        every = await self._namespace.whole(place, conditions)
        api = "DeleteDirectory" if node.is_directory else "DeleteFile"
        target = f"{place.target}?recursive={str(recursive).lower()}"
        async with self._news.of_path(request, api, target, node.headers):
            included = _WITH_SNAPSHOTS if node.is_directory else {}
            return await self._delete(every, {**conditions, **included})

    async def set_properties(self) -> Mapping[str, str]:
        """Replace the user's own properties of a path, and its content settings where given."""
        request = self._request
        node = await self._namespace.get(request.place)
        target, conditions = request.place.target, request.conditions()
        if content := request.content():
            headers = {**_content(node), **content, **conditions}
            told = await self._namespace.do("PUT", f"{target}?comp=properties", headers)
            if not request.properties():
                return told
            conditions = _lease(conditions)
        folder = {FOLDER: "true"} if node.is_directory else {}
        headers = {**request.properties(), **folder, **conditions}
        return await self._namespace.do("PUT", f"{target}?comp=metadata", headers)

    async def _check_destination(self, place: Place, source: Node) -> None:
        """Whether something may be called so; how Azure words most of it is UNVERIFIED."""
        there = await self._namespace.find(place)
        if there and there.is_directory != source.is_directory:
            raise errors.InvalidSourceOrDestinationResourceTypeError
        if there and there.is_directory and not await self._namespace.is_empty(place):
            raise errors.PathAlreadyExistsError
        parent = await self._namespace.find(place.parent)
        if parent is None or not parent.is_directory:
            raise errors.RenameDestinationParentPathNotFoundError

    async def _move(
        self, source: Place, place: Place, conditions: dict[str, str]
    ) -> Mapping[str, str]:
        """Copy what is renamed, and drop what was once appended at its new place."""
        headers = {"x-ms-copy-source": await self._namespace.address(source), **conditions}
        told = await self._namespace.do("PUT", place.target, headers)
        node = await self._namespace.get(place)
        # What the blob endpoint has written is never flushed, whatever was appended.
        with suppress(errors.InvalidFlushOperationError):
            blocks = await self._blocks(place, node, "committed")
            kept = {**_kept(node, "content-md5"), **_lease(conditions)}
            return await self._commit(place, kept, blocks, "Committed")
        return told

    async def _delete(self, every: list[Place], conditions: dict[str, str]) -> Mapping[str, str]:
        for each in reversed(every[1:]):
            await self._namespace.do("DELETE", each.target, _WITH_SNAPSHOTS)
        return await self._namespace.do("DELETE", every[0].target, conditions)

    async def _file(self, place: Place) -> Node:
        node = await self._namespace.get(place)
        if node.is_directory:
            raise errors.PathConflictError
        return node

    async def _blocks(self, place: Place, node: Node, kind: str = "all") -> list[_Block]:
        """What a file has and, of all kinds, what was appended to it, in one piece.

        Raises:
            InvalidFlushOperationError: the blob endpoint has written it.
            InvalidFlushPositionError: there is a hole.
        """
        if node.headers["x-ms-blob-type"] != "BlockBlob":
            raise errors.InvalidFlushOperationError
        target = f"{place.target}?comp=blocklist&blocklisttype={kind}"
        answer = await self._namespace.ask("GET", target)
        lists = ET.fromstring(await answer.read())  # noqa: S314 from our own Azurite
        found = [_block(each) for each in lists.iterfind("CommittedBlocks/Block")]
        if sum(each.size for each in found if each) != int(node.headers["Content-Length"]):
            raise errors.InvalidFlushOperationError
        found += [_block(each) for each in lists.iterfind("UncommittedBlocks/Block")]
        blocks = sorted(each for each in found if each)
        end = 0
        for each in blocks:
            if each.start != end:
                raise errors.InvalidFlushPositionError
            end += each.size
        return blocks

    async def _commit(
        self,
        place: Place,
        headers: dict[str, str],
        blocks: Iterable[_Block],
        kind: str = "Latest",
    ) -> Mapping[str, str]:
        listed = "".join(f"<{kind}>{each.name}</{kind}>" for each in blocks)
        body = f'<?xml version="1.0" encoding="utf-8"?><BlockList>{listed}</BlockList>'
        target = f"{place.target}?comp=blocklist"
        return await self._namespace.do("PUT", target, headers, body.encode())


def _block(element: ET.Element) -> _Block | None:
    """A block of an append; None of one that the blob endpoint has named."""
    name = element.findtext("Name") or ""
    start = base64.b64decode(name).decode("latin-1")
    if len(start) != _DIGITS or not start.isdecimal():
        return None
    return _Block(int(start), int(element.findtext("Size") or 0), name)


def _lease(conditions: dict[str, str]) -> dict[str, str]:
    return {key: value for key, value in conditions.items() if key == "x-ms-lease-id"}


def _kept(node: Node, *more: str) -> dict[str, str]:
    """What a file keeps when its content changes; Azurite takes what it is not told for gone."""
    meta = {k.lower(): v for k, v in node.headers.items() if k.lower().startswith(META)}
    tier = "x-ms-access-tier"
    is_chosen = node.headers.get(f"{tier}-inferred") != "true"
    return {**_content(node, *more), **meta, **({tier: node.headers[tier]} if is_chosen else {})}


def _content(node: Node, *more: str) -> dict[str, str]:
    names = (*CONTENT, *more)
    return {f"x-ms-blob-{key}": node.headers[key] for key in names if key in node.headers}
