"""Filesystems, which are containers, and the lists of them and of what is in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode
from xml.etree import ElementTree as ET

from local_azure.services.storage.lake import errors, told
from local_azure.services.storage.lake.namespace import Namespace
from local_azure.services.storage.lake.requests import LakeRequest
from local_azure.services.storage.transfer import Headers

_Listed = tuple[dict[str, Any], Headers]
"""What a list has, and the header that says where it goes on."""


async def ask(namespace: Namespace, request: LakeRequest) -> Mapping[str, str]:
    """Make one, replace its user's own properties, look at it, or delete it with all in it.

    Returns:
        The headers of Azurite's answer.

    Raises:
        StorageError: here as below, in Data Lake Storage's words.
    """
    target = f"{quote('/' + request.container)}?restype=container"
    sent = {**request.properties(), **request.conditions()}
    if request.method == "PATCH":
        return await namespace.do("PUT", f"{target}&comp=metadata", sent)
    return await namespace.do(request.method, target, sent)


async def listed(namespace: Namespace, request: LakeRequest) -> _Listed:
    """The filesystems of an account, page by page."""
    query = {"comp": "list", **_paging(request)}
    answer = await namespace.ask("GET", f"/?{urlencode(query, quote_via=quote)}")
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


async def paths(namespace: Namespace, request: LakeRequest) -> _Listed:
    """What is in a directory, or also in those that it holds, page by page."""
    place = request.place
    if not (await namespace.get(place)).is_directory:
        raise errors.PathNotFoundError
    query = {"prefix": place.prefix, **_paging(request)}
    if not request.says("recursive"):
        query["delimiter"] = "/"
    page = await namespace.listing(place.filesystem, query)
    found = [told.entry(each) for each in page.iterfind("Blobs/Blob")]
    return {"paths": found}, _continuation(page)


def _paging(request: LakeRequest) -> dict[str, str]:
    names = {"continuation": "marker", "maxResults": "maxresults", "prefix": "prefix"}
    return {
        to: request.parameters[name] for name, to in names.items() if request.parameters.get(name)
    }


def _continuation(page: ET.Element) -> Headers:
    marker = page.findtext("NextMarker") or ""
    return [(b"x-ms-continuation", marker.encode())] if marker else []
