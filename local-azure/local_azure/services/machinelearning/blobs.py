"""Blobs over HTTP, as one principal: what a node of the cluster does with storage.

Passing faults of the service are tried again; a refusal is told as it came, because it names
principal, action and scope.
"""

import io
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, nullcontext
from http import HTTPStatus
from pathlib import Path
from typing import IO, TypeVar
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import aiohttp
from yarl import URL

from local_azure.control_plane.clouds import STORAGE_AUDIENCE
from local_azure.control_plane.entra.directory import Principal
from local_azure.control_plane.entra.tokens import AccessToken
from local_azure.control_plane.plane import ControlPlane
from local_azure.services.machinelearning.errors import JobFailedError
from local_azure.services.machinelearning.uris import Location

Received = TypeVar("Received")

JOB_METADATA = "x-ms-meta-azureml_job"

_VERSION = "2021-12-02"
_WAITS = (0.2, 1.0, 3.0)
_RENEWAL = 300
"""Seconds before its end that a token is renewed."""
_CHUNK = 256 * 1024
_PASSING = (408, 429, 500, 502, 503, 504)


class StorageRefusalError(JobFailedError):
    """Storage did not do what was asked.

    Attributes:
        status: HTTP status; 0 when storage could not be reached.
    """

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Blobs:
    """The blobs that a principal may use."""

    def __init__(self, control: ControlPlane, principal: Principal) -> None:
        self._control = control
        self._token: AccessToken | None = None
        self.principal = principal

    async def owner_job(self, blob: Location) -> str | None:
        """Name of the job that wrote a blob, "" for another origin, None where there is no blob."""
        return await self._told(blob, JOB_METADATA)

    async def exists(self, blob: Location) -> bool:
        """Whether there is such a blob that is no directory."""
        return await self._told(blob, "x-ms-meta-hdi_isfolder") not in {None, "true"}

    async def _told(self, blob: Location, header: str) -> str | None:
        async def mark(response: aiohttp.ClientResponse) -> str:
            return response.headers.get(header, "")

        try:
            return await self._call("HEAD", blob.url, mark)
        except StorageRefusalError as refusal:
            if refusal.status == HTTPStatus.NOT_FOUND:
                return None
            if refusal.status == HTTPStatus.FORBIDDEN:
                # The answer to a HEAD has no body: what is lacking stands in the one to a GET.
                return await self._call("GET", blob.url, mark)
            raise

    async def reach_lake(self, place: Location) -> None:
        """See that the filesystem of a file or directory is there, and may be read, as such."""
        url = place.container_url.replace(".blob.", ".dfs.", 1)
        query = "resource=filesystem&recursive=false&maxResults=1"
        await self._call("GET", f"{url}?{query}", _content)

    async def names(self, folder: Location, *, delimiter: str = "/") -> tuple[list[str], list[str]]:
        """Names of the blobs directly in a folder, and of the folders in it; whole names."""
        prefix = f"{folder.path.rstrip('/')}/" if folder.path else ""
        query = {"restype": "container", "comp": "list", "include": "metadata", "prefix": prefix}
        query |= {"delimiter": delimiter} if delimiter else {}
        blobs: list[str] = []
        folders: list[str] = []
        marker = ""
        while True:
            address = URL(folder.container_url).with_query(
                query | ({"marker": marker} if marker else {})
            )
            page = ET.fromstring(await self._call("GET", str(address), _content))  # noqa: S314 from our own storage
            blobs += [_name(each) for each in page.iterfind("Blobs/Blob") if not _is_folder(each)]
            folders += [_name(each) for each in page.iterfind("Blobs/BlobPrefix")]
            marker = page.findtext("NextMarker") or ""
            if not marker:
                return [blob for blob in blobs if blob != prefix], folders

    async def download(self, blob: Location, path: Path) -> None:
        """Read a blob into a file."""

        async def store(response: aiohttp.ClientResponse) -> None:
            with path.open("wb") as file:
                async for chunk in response.content.iter_chunked(_CHUNK):
                    file.write(chunk)

        await self._call("GET", blob.url, store)

    async def head(self, blob: Location, size: int) -> bytes:
        """The first bytes of a blob."""
        return await self._call("GET", blob.url, _content, {"range": f"bytes=0-{size - 1}"})

    async def upload(
        self, blob: Location, content: bytes | Path, *, job: str, new: bool = True
    ) -> None:
        """Write a blob, which carries the name of its job; only where there is none, if ``new``."""
        headers = {"x-ms-blob-type": "BlockBlob", JOB_METADATA: job}
        if new:
            headers["If-None-Match"] = "*"
        await self._call("PUT", blob.url, _content, headers, content)

    async def _call(
        self,
        method: str,
        url: str,
        receive: Callable[[aiohttp.ClientResponse], Awaitable[Received]],
        headers: dict[str, str] | None = None,
        content: bytes | Path | None = None,
    ) -> Received:
        """What ``receive`` makes of the answer; everything again after a passing fault."""
        for wait in (*_WAITS, None):
            try:
                with _opened(content) as data:
                    sending = self._control.http.request(
                        method, URL(url, encoded=True), headers=self._headers(headers), data=data
                    )
                    async with sending as response:
                        if response.ok:
                            return await receive(response)
                        refusal = await self._refusal(method, url, response)
            except (aiohttp.ClientError, OSError) as error:
                refusal = StorageRefusalError(0, f"{method} {url} failed: {error!r}.")
            if wait is None or refusal.status not in (0, *_PASSING):
                break
            await self._control.clock.sleep(wait)
        raise refusal

    def _headers(self, more: dict[str, str] | None) -> dict[str, str]:
        soon = self._control.clock.timestamp() + _RENEWAL
        if self._token is None or self._token.expires_on < soon:
            self._token = self._control.tokens.issue(self.principal, STORAGE_AUDIENCE)
        return {
            "authorization": f"Bearer {self._token.value}",
            "x-ms-version": _VERSION,
            **(more or {}),
        }

    async def _refusal(
        self, method: str, url: str, response: aiohttp.ClientResponse
    ) -> StorageRefusalError:
        code = response.headers.get("x-ms-error-code", "")
        reason = _message(await response.read())
        said = " ".join(part for part in (str(response.status), code, reason) if part)
        message = f"{method} {url} as {self.principal}: {said}"
        return StorageRefusalError(response.status, message)


async def _content(response: aiohttp.ClientResponse) -> bytes:
    return await response.read()


def _opened(content: bytes | Path | None) -> AbstractContextManager[IO[bytes] | None]:
    """The content from its beginning, for one attempt to send it."""
    if content is None:
        return nullcontext()
    return io.BytesIO(content) if isinstance(content, bytes) else content.open("rb")


def _is_folder(blob: ET.Element) -> bool:
    """Whether it stands for a directory, where an account has a hierarchical namespace."""
    return blob.findtext("Metadata/hdi_isfolder") == "true"


def _name(listed: ET.Element) -> str:
    """A blob's name; storage encodes one that XML can't hold."""
    name = listed.find("Name")
    text = (name.text or "") if name is not None else ""
    encoded = name is not None and name.get("Encoded") == "true"
    return unquote(text) if encoded else text


def _message(body: bytes) -> str:
    try:
        return ET.fromstring(body).findtext("Message") or ""  # noqa: S314 from our own storage
    except ET.ParseError:
        return body[:500].decode("utf-8", "replace")
