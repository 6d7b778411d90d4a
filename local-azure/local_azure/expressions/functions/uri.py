"""URI parsing functions, for absolute URIs as RFC 3986 writes them."""

import ipaddress
import re
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import quote, unquote

from local_azure.expressions.errors import ArgumentProblem
from local_azure.expressions.registry import function

_URI = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*):"
    r"(?://(?P<authority>[^/?#]*))?(?P<path>[^?#]*)(?P<query>\?[^#]*)?(?P<fragment>#.*)?",
)
_AUTHORITY = re.compile(r"(?:[^@]*@)?(?P<host>\[[^\]]*\]|[^:@\[\]]*)(?::(?P<port>\d*))?")
_FORBIDDEN = re.compile(r"[\s\"<>\\^`{|}]|%(?![0-9A-Fa-f]{2})")
_NAME = re.compile(r"[\w.-]+")
_NUMBERS = re.compile(r"[\d.]+")
_UNRESERVED = re.compile(
    r"%(4[1-9A-F]|5[0-9A]|6[1-9A-F]|7[0-9A]|3[0-9]|2[DE]|5F|7E)", re.IGNORECASE
)
_PORTS = {"http": 80, "https": 443, "ftp": 21, "ws": 80, "wss": 443}
_LARGEST_PORT = 65535


class _Uri(NamedTuple):
    """An absolute URI.

    Attributes:
        scheme: in lower case.
        host: likewise; empty without an authority.
        port: else the scheme's own, else -1.
        path: percent-encoded, without dot segments.
        query: with its question mark, or the empty string.
    """

    scheme: str
    host: str
    port: int
    path: str
    query: str


_PARTS: dict[str, Callable[[_Uri], str | int]] = {
    "uriHost": lambda uri: uri.host,
    "uriPath": lambda uri: uri.path,
    "uriPathAndQuery": lambda uri: uri.path + uri.query,
    "uriPort": lambda uri: uri.port,
    "uriQuery": lambda uri: uri.query,
    "uriScheme": lambda uri: uri.scheme,
}


def _declare(name: str, part: Callable[[_Uri], str | int]) -> None:
    @function(f"{name}(uri: string)")
    def of(uri: str) -> str | int:
        return part(_parsed(uri))


for _each in _PARTS.items():
    _declare(*_each)


def _parsed(uri: str) -> _Uri:
    match = _URI.fullmatch(uri.strip())
    if match is None or _FORBIDDEN.search(uri.strip()):
        raise _malformed(uri)
    scheme, authority = match["scheme"].lower(), match["authority"]
    query = _canonical(match["query"] or "")
    if authority is None:
        if scheme in _PORTS or scheme == "file":
            raise _malformed(uri)
        return _Uri(scheme, "", -1, _canonical(match["path"]), query)
    host, port = _authority(uri, scheme, authority)
    return _Uri(scheme, host, port, _path(match["path"]), query)


def _authority(uri: str, scheme: str, authority: str) -> tuple[str, int]:
    match = _AUTHORITY.fullmatch(authority)
    if match is None or not _is_host(match["host"]):
        raise _malformed(uri)
    port = int(match["port"]) if match["port"] else _PORTS.get(scheme, -1)
    if port > _LARGEST_PORT:
        raise _malformed(uri)
    return match["host"].lower(), port


def _is_host(host: str) -> bool:
    if host.startswith("["):
        try:
            return bool(ipaddress.IPv6Address(host[1:-1]))
        except ValueError:
            return False
    if _NUMBERS.fullmatch(host):
        return _is_ipv4(host)
    return _NAME.fullmatch(host) is not None


def _is_ipv4(host: str) -> bool:
    try:
        return bool(ipaddress.IPv4Address(host))
    except ValueError:
        return False


def _path(path: str) -> str:
    """The path without its dot segments."""
    kept: list[str] = []
    segments = path.split("/")[1:] or [""]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return _canonical("/" + "/".join(kept))


def _canonical(text: str) -> str:
    """Percent-encoded where it must be, and not where it need not."""
    decoded = _UNRESERVED.sub(lambda match: unquote(match.group()), text)
    return quote(decoded, safe="!#$%&'()*+,/:;=?@[]~-._")


def _malformed(uri: str) -> ArgumentProblem:
    return ArgumentProblem(
        f"expects its parameter to be a well-formed absolute URI. The provided value was '{uri}'.",
    )
