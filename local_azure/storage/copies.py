"""The source of a copy: the account's own address for clients, Azurite's for Azurite.

Only copies within one account are emulated: from another one Azure wants a SAS, a public blob or
an ``x-ms-copy-source-authorization``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from local_azure.storage.errors import KeyBasedAuthenticationNotPermittedError, NotEmulatedError

if TYPE_CHECKING:
    from local_azure.storage.accounts import Account


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
    """
    parts = urlsplit(source)
    if parts.scheme != "https" or parts.netloc.lower() != account.host:
        message = (
            f"The embedded storage copies only within one account: found a source at "
            f"'{parts.netloc}', accepted 'https://{account.host}'."
        )
        raise NotEmulatedError(message)
    if "sig=" in parts.query:
        raise KeyBasedAuthenticationNotPermittedError
    container = unquote(parts.path).lstrip("/").partition("/")[0]
    return CopySource(container, parts.path + (f"?{parts.query}" if parts.query else ""))


def replaced_copy_source(value: bytes, base: str, account: Account) -> bytes:
    """Azurite's address of a copy's source, as clients know it."""
    return value.replace(base.encode(), f"https://{account.host}".encode(), 1)
