"""Filesystems, which are containers, and the lists of them and of what is in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode
from xml.etree import ElementTree as ET

from local_azure.services.storage.accounts import Account
from local_azure.services.storage.lake import errors, told
from local_azure.services.storage.lake.namespace import Namespace
from local_azure.services.storage.lake.requests import LakeRequest
from local_azure.services.storage.transfer import Headers

_Listed = tuple[dict[str, Any], Headers]
"""What a list has, and the header that says where it goes on."""


class Filesystems:
    """The filesystems of all accounts.

    Args:
        namespace: the directories.
    """

    def __init__(self, namespace: Namespace) -> None:
        self._namespace = namespace

    async def create(self, account: Account, request: LakeRequest) -> Mapping[str, str]:
        """Make one.

        Returns:
            The headers of Azurite's answer, here as below.

        Raises:
            StorageError: here as below, in Data Lake Storage's words.
        """
        return await self._ask(account, "PUT", request, request.properties())

    async def set_properties(self, account: Account, request: LakeRequest) -> Mapping[str, str]:
        """Replace the user's own properties of one."""
        sent = {**request.properties(), **request.conditions()}
        return await self._ask(account, "PUT", request, sent, "&comp=metadata")

    async def look(self, account: Account, request: LakeRequest) -> Mapping[str, str]:
        """What is told of one."""
        return await self._ask(account, "HEAD", request, {})

    async def delete(self, account: Account, request: LakeRequest) -> Mapping[str, str]:
        """Delete one with all in it."""
        return await self._ask(account, "DELETE", request, request.conditions())

    async def listed(self, account: Account, request: LakeRequest) -> _Listed:
        """The filesystems of an account, page by page."""
        query = {"comp": "list", **_paging(request)}
        if prefix := request.parameters.get("prefix"):
            query["prefix"] = prefix
        answer = await self._namespace.ask(account, "GET", f"/?{urlencode(query, quote_via=quote)}")
        page = ET.fromstring(await answer.read())  # noqa: S314 from our own Azurite
        found = [
            {
                "name": each.findtext("Name"),
                "lastModified": each.findtext("Properties/Last-Modified"),
                "eTag": each.findtext("Properties/Etag"),
            }
            for each in page.iterfind("Containers/Container")
        ]
        return {"filesystems": found}, _continuation(page)

    async def paths(self, account: Account, request: LakeRequest) -> _Listed:
        """What is in a directory, or also in those that it holds, page by page."""
        place = request.place
        if not (await self._namespace.get(account, place)).is_directory:
            raise errors.PathNotFoundError
        query = {"prefix": place.prefix, **_paging(request)}
        if not request.says("recursive"):
            query["delimiter"] = "/"
        page = await self._namespace.listing(account, place.filesystem, query)
        found = [told.entry(each) for each in page.iterfind("Blobs/Blob")]
        return {"paths": found}, _continuation(page)

    async def _ask(
        self,
        account: Account,
        method: str,
        request: LakeRequest,
        headers: dict[str, str],
        more: str = "",
    ) -> Mapping[str, str]:
        target = f"{quote('/' + request.container)}?restype=container{more}"
        return await self._namespace.do(account, method, target, headers)


def _paging(request: LakeRequest) -> dict[str, str]:
    names = {"continuation": "marker", "maxResults": "maxresults"}
    return {
        to: request.parameters[name] for name, to in names.items() if request.parameters.get(name)
    }


def _continuation(page: ET.Element) -> Headers:
    marker = page.findtext("NextMarker") or ""
    return [(b"x-ms-continuation", marker.encode())] if marker else []
