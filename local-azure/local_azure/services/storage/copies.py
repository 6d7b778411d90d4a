"""The source of a copy: the account's own address for clients, Azurite's for Azurite.

Only copies within one account are emulated: from another one Azure wants a SAS, a public blob or
an ``x-ms-copy-source-authorization``.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from local_azure.services.storage.accounts import Account
from local_azure.services.storage.errors import (
    InvalidUriError,
    KeyBasedAuthenticationNotPermittedError,
    NotEmulatedError,
)


@dataclass(frozen=True)
class CopySource:
    """A blob, or a snapshot of one, of the account itself.

    Attributes:
        container: name of its container.
        target: path and query, percent-encoded.
    """

    container: str
    target: str


def own_copy_source(source: str, account: Account) -> CopySource:
    """Where a copy comes from.

    Raises:
        NotEmulatedError: from outside the account.
        KeyBasedAuthenticationNotPermittedError: by a SAS.
        InvalidUriError: by a path with "." or ".." in it.
    """
    parts = urlsplit(source)
    if parts.scheme != "https" or parts.netloc.lower() != account.host:
        message = (
            f"The embedded storage copies only within one account: found a source at "
            f"'{parts.netloc}', accepted 'https://{account.host}'."
        )
        raise NotEmulatedError(message)
    given = dict(parse_qsl(parts.query, keep_blank_values=True))
    if "sig" in given:
        raise KeyBasedAuthenticationNotPermittedError
    path = _path(parts.path)
    query = urlencode(given, quote_via=quote)
    container = path.removeprefix("/").partition("/")[0]
    return CopySource(container, quote(path) + (f"?{query}" if query else ""))


def _path(encoded: str) -> str:
    """A source's path, decoded.

    Raises:
        InvalidUriError: one that Azurite would shorten, and so read another blob.
    """
    try:
        path = unquote(encoded, errors="strict")
    except UnicodeDecodeError:
        raise InvalidUriError from None
    if path.startswith("//") or {".", ".."}.intersection(path.replace("\\", "/").split("/")):
        raise InvalidUriError
    return path


def replaced_copy_source(value: bytes, base: str, account: Account) -> bytes:
    """Azurite's address of a copy's source, as clients know it."""
    return value.replace(base.encode(), f"https://{account.host}".encode(), 1)
