"""SharedKey signatures, by which the front is known to Azurite.

Source: learn.microsoft.com, "Authorize with Shared Key"; where Azurite reads it differently
(order of header names, odd queries), Azurite's way, as it is the only reader.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Mapping

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
