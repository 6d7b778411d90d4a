"""HTTP to Azurite, with SharedKey signatures made with the keys of its accounts.

Source: learn.microsoft.com, "Authorize with Shared Key"; where Azurite reads it differently
(order of header names, odd queries), Azurite's way, as it is the only reader.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import logging
from collections.abc import AsyncIterable, Collection, Mapping
from email.utils import formatdate
from urllib.parse import unquote
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
        pool: its accounts' keys.
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
            target: path below the account, with its query, percent-encoded.
            headers: by lower-case name; a streamed body needs a ``content-length``.
            body: what is sent.

        Raises:
            ServerBusyError: when Azurite does not answer.
        """
        address = URL(f"{await self.base(account)}{target}", encoded=True)
        signed = self._signed(account, method, address.raw_path_qs, headers or {}, body)
        try:
            return await self._client().request(
                method,
                address,
                headers=signed,
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

    def _signed(
        self,
        account: str,
        method: str,
        target: str,
        headers: dict[str, str],
        body: bytes | AsyncIterable[bytes] | None,
    ) -> dict[str, str]:
        # Azurite compares no dates: the machine's serves, whatever the injected clock says.
        complete = {"x-ms-date": formatdate(usegmt=True), "x-ms-version": _VERSION, **headers}
        if isinstance(body, bytes):
            complete["content-length"] = str(len(body))
        key = self._pool.key(account)
        return complete | {"authorization": authorization(account, key, method, target, complete)}

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


_SIGNED = (
    "content-encoding",
    "content-language",
    "content-length",
    "content-md5",
    "content-type",
    "date",
    "if-modified-since",
    "if-match",
    "if-none-match",
    "if-unmodified-since",
    "range",
)
# Azurite sorts by locale, where these come before digits and letters, in this order.
_LOCALE = str.maketrans("_-.", "\x01\x02\x03")


def authorization(
    account: str, key: bytes, method: str, target: str, headers: Mapping[str, str]
) -> str:
    """The ``Authorization`` header of a request.

    Args:
        account: name of the account.
        key: its key.
        method: HTTP method.
        target: path and query, percent-encoded as they are sent.
        headers: all headers that are sent, their names in lower case.
    """
    path, _, query = target.partition("?")
    text = "\n".join(
        [
            method,
            *(_value(headers, name) for name in _SIGNED),
            *_own_headers(headers),
            f"/{account}{path}{_parameters(query)}",
        ]
    )
    signature = base64.b64encode(hmac.new(key, text.encode(), hashlib.sha256).digest())
    return f"SharedKey {account}:{signature.decode()}"


def _value(headers: Mapping[str, str], name: str) -> str:
    value = headers.get(name, "")
    return "" if name == "content-length" and value == "0" else value


def _own_headers(headers: Mapping[str, str]) -> list[str]:
    names = (name for name in headers if name.startswith("x-ms-"))
    return [
        f"{name}:{headers[name].strip()}"
        for name in sorted(names, key=lambda name: name.translate(_LOCALE))
    ]


def _parameters(query: str) -> str:
    given = (part.split("=") for part in query.split("&"))
    values = {
        part[0].lower(): unquote(part[1].replace("+", "%20"))
        for part in given
        if len(part) == 2 and part[0]  # noqa: PLR2004 a name and a value
    }
    return "".join(f"\n{name}:{values[name]}" for name in sorted(values))
