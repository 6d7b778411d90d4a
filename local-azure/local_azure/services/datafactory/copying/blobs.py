"""One account's blobs over HTTP, with an identity of the factory.

No request is tried again: the activity's policy says how often the whole is.
"""

from collections.abc import AsyncIterator, Mapping
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, NamedTuple
from urllib.parse import quote, unquote, urlencode
from xml.etree import ElementTree as ET

from local_azure.runs.content import header
from local_azure.runs.transport import ConnectionFailedError, HttpAnswer, HttpRequest
from local_azure.services.datafactory.activities.authentication import identity_token
from local_azure.services.datafactory.records import ActivityError
from local_azure.services.datafactory.step import Step

COPY_FAILED = "2200"
"""Data Factory's code for a copy that failed by what its author asked for; others UNVERIFIED."""
_AUDIENCE = "https://storage.azure.com/"
_VERSION = "2021-12-02"
_CHUNK = 1024 * 1024


class File(NamedTuple):
    """A blob: name in the container, size in bytes, which version, seconds since 1970 of it."""

    name: str
    size: int
    etag: str
    modified: float


class Blobs:
    """A container.

    Args:
        step: the activity that asks.
        endpoint: the account, such as ``https://acct.blob.core.windows.net/``.
        container: the container's name.
        service: the linked service, whose credential it is asked with, by way of its runtime.
    """

    def __init__(
        self, step: Step, endpoint: str, container: str, service: Mapping[str, Any]
    ) -> None:
        self._step = step
        self._credential = service["typeProperties"].get("credential")
        self._via = service.get("connectVia")
        self.url = f"{endpoint.rstrip('/')}/{quote(container, safe='')}"

    async def find(self, name: str) -> File:
        """The blob of that name.

        Raises:
            ActivityError: there is none, it is a directory, or it can't be read.
        """
        answer = await self._ask("HEAD", f"/{_quoted(name)}")
        if header(answer.headers, "x-ms-meta-hdi_isfolder") == "true":
            message = f"The required blob is missing: {self.url}/{_quoted(name)} is a directory."
            raise ActivityError(message, COPY_FAILED)
        size = int(header(answer.headers, "content-length") or 0)
        modified = header(answer.headers, "last-modified")
        return File(name, size, header(answer.headers, "etag") or "", _seconds(modified))

    async def below(self, prefix: str) -> list[File]:
        """The blobs whose names begin so."""
        found: list[File] = []
        marker = ""
        while True:
            query = {
                "restype": "container",
                "comp": "list",
                "include": "metadata",
                "prefix": prefix,
            }
            query |= {"marker": marker} if marker else {}
            answer = await self._ask("GET", f"?{urlencode(query)}")
            page = ET.fromstring(answer.body)  # noqa: S314 from our own storage
            # Accounts with a hierarchical namespace list their directories too.
            found += [
                _file(each)
                for each in page.iterfind("Blobs/Blob")
                if each.findtext("Metadata/hdi_isfolder") != "true"
            ]
            marker = page.findtext("NextMarker") or ""
            if not marker:
                return found

    async def read(self, file: File) -> AsyncIterator[bytes]:
        """A blob in parts, all of the version that was found."""
        for start in range(0, file.size, _CHUNK):
            end = min(start + _CHUNK, file.size) - 1
            headers = {"x-ms-range": f"bytes={start}-{end}", "If-Match": file.etag}
            yield (await self._ask("GET", f"/{_quoted(file.name)}", headers)).body

    async def write(self, name: str, parts: AsyncIterator[bytes], size: int) -> None:
        """Write a blob over what is there: at once, or in blocks where it has several parts."""
        path = f"/{_quoted(name)}"
        if size <= _CHUNK:
            content = b"".join([part async for part in parts])
            await self._ask("PUT", path, {"x-ms-blob-type": "BlockBlob"}, content)
            return
        blocks: list[str] = []
        async for part in parts:
            blocks.append(f"{len(blocks):08d}")
            await self._ask("PUT", f"{path}?comp=block&blockid={blocks[-1]}", {}, part)
        listed = "".join(f"<Latest>{each}</Latest>" for each in blocks)
        document = f'<?xml version="1.0" encoding="utf-8"?><BlockList>{listed}</BlockList>'
        await self._ask("PUT", f"{path}?comp=blocklist", {}, document.encode())

    async def _ask(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> HttpAnswer:
        token = identity_token(self._step, _AUDIENCE, self._credential)
        sent = {"Authorization": f"Bearer {token}", "x-ms-version": _VERSION, **(headers or {})}
        if method == "PUT":
            sent["Content-Length"] = str(len(body))
        request = HttpRequest(method, self.url + path, sent, body)
        try:
            answer = await self._step.send(request, self._via)
        except ConnectionFailedError as error:
            raise ActivityError(f"{self.url} can't be reached: {error}", COPY_FAILED) from error
        if answer.status // 100 != 2:  # noqa: PLR2004 2xx
            raise _refused(answer, f"{method} {self.url}{path.partition('?')[0]}")
        return answer


def _refused(answer: HttpAnswer, asked: str) -> ActivityError:
    code = header(answer.headers, "x-ms-error-code") or str(answer.status)
    if answer.status == HTTPStatus.NOT_FOUND:
        message = f"The required blob or container is missing: {asked} answered {code}."
        return ActivityError(message, COPY_FAILED)
    return ActivityError(f"{asked} answered {answer.status} {code}.", COPY_FAILED)


def _file(blob: ET.Element) -> File:
    name = blob.find("Name")
    text = (name.text or "") if name is not None else ""
    # A name that XML can't hold comes percent-encoded.
    encoded = name is not None and name.get("Encoded") == "true"
    size = int(blob.findtext("Properties/Content-Length") or 0)
    etag = (blob.findtext("Properties/Etag") or "").strip('"')
    modified = _seconds(blob.findtext("Properties/Last-Modified"))
    return File(unquote(text) if encoded else text, size, f'"{etag}"', modified)


def _seconds(date: str | None) -> float:
    return parsedate_to_datetime(date).timestamp() if date else 0


def _quoted(name: str) -> str:
    return quote(name, safe="/")
