"""HTTP to Azurite, with a signature of each account that allows everything, for good."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterable, Collection
from urllib.parse import quote
from xml.etree import ElementTree as ET

import aiohttp
from yarl import URL

from local_azure.services.storage.accounts import Pool
from local_azure.services.storage.azurite import Azurite
from local_azure.services.storage.errors import ServerBusyError

_log = logging.getLogger(__name__)
_VERSION = "2021-12-02"
_AUTOMATIC = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent")


class Backend:
    """The blobs of Azurite's accounts.

    Args:
        azurite: the process.
        pool: its accounts' signatures.
    """

    def __init__(self, azurite: Azurite, pool: Pool) -> None:
        self._azurite = azurite
        self._pool = pool
        self._session: aiohttp.ClientSession | None = None

    async def base(self, account: str) -> str:
        """The address of an account of Azurite."""
        return f"http://127.0.0.1:{await self._azurite.port()}/{account}"

    async def send(
        self,
        account: str,
        method: str,
        target: str,
        headers: dict[str, str] | None = None,
        body: bytes | AsyncIterable[bytes] | None = None,
    ) -> aiohttp.ClientResponse:
        """Azurite's answer; the caller releases it.

        Args:
            account: one of Azurite's.
            method: HTTP method.
            target: path below the account, with its query, percent-encoded; no signature's
                parameters.
            headers: by lower-case name; a streamed body needs a ``content-length``.
            body: what is sent.

        Raises:
            ServerBusyError: when Azurite does not answer.
        """
        signed = f"{target}{'&' if '?' in target else '?'}{self._pool.signature(account)}"
        address = URL(f"{await self.base(account)}{signed}", encoded=True)
        sent = {"x-ms-version": _VERSION, **(headers or {})}
        if isinstance(body, bytes):
            sent["content-length"] = str(len(body))
        try:
            return await self._client().request(
                method,
                address,
                headers=sent,
                data=body,
                skip_auto_headers=_AUTOMATIC,
                allow_redirects=False,
            )
        except aiohttp.ClientConnectionError:
            self._azurite.lost()
            raise ServerBusyError from None

    async def change(
        self,
        account: str,
        method: str,
        target: str,
        accepted: Collection[int],
        headers: dict[str, str] | None = None,
    ) -> None:
        """Change something for the control plane, by a call whose answer has one of these statuses.

        Raises:
            ServerBusyError: it has another one, which the log tells, or none came.
        """
        answer = await self.send(account, method, target, headers)
        answer.release()
        if answer.status not in accepted:
            _log.error("%s of %r answered %d.", method, target, answer.status)
            raise ServerBusyError

    async def delete(self, account: str, target: str) -> None:
        """Delete a container or a queue, if it is there."""
        await self.change(account, "DELETE", target, (202, 204, 404))

    async def delete_all(self, account: str, kind: str, query: str = "") -> None:
        """Delete an account's containers or queues, see ``names``."""
        while names := await self.names(account, kind):
            for name in names:
                await self.delete(account, f"/{quote(name)}{query}")

    async def names(self, account: str, kind: str) -> list[str]:
        """Names of an account's containers or queues (``Container``, ``Queue``), 5,000 at most."""
        answer = await self.send(account, "GET", "/?comp=list")
        listing = ET.fromstring(await answer.read())  # noqa: S314 from our own Azurite
        return [name.text or "" for name in listing.iterfind(f"{kind}s/{kind}/Name")]

    async def close(self) -> None:
        """Close what is open."""
        if self._session:
            await self._session.close()
            self._session = None

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            # Azurite closes idle connections after 5 seconds; never send on one it is closing.
            connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=3)
            self._session = aiohttp.ClientSession(
                connector=connector,
                timeout=aiohttp.ClientTimeout(total=None),
                auto_decompress=False,
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=False,
            )
        return self._session
