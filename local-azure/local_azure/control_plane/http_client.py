"""The HTTP client of the embedded services: Azure's host names, answered on loopback.

A service calls another one exactly as it would in Azure, by its public host name and TLS. A host
that the embedded Azure does not answer for is refused before any packet is sent.
"""

import socket
import ssl
from collections.abc import Callable
from http import HTTPStatus

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from local_azure.control_plane.networks.origins import HEADER, Origins


class HostNotEmulatedError(OSError):
    """No service of the embedded Azure answers under this host name."""


class _Loopback(AbstractResolver):
    def __init__(self, port: Callable[[], int]) -> None:
        self._port = port

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        del port
        return [
            ResolveResult(
                hostname=host, host="127.0.0.1", port=self._port(), family=family, proto=0, flags=0
            )
        ]

    async def close(self) -> None:
        """Nothing is held."""


def session(
    known: Callable[[str], bool],
    port: Callable[[], int],
    trust: ssl.SSLContext,
    origins: Origins,
) -> aiohttp.ClientSession:
    """A client session for calls between services; its user closes it.

    Args:
        known: whether the embedded Azure answers for a host name.
        port: tells the local TLS port, once it is known.
        trust: what certificates to accept.
        origins: tells where each call comes from.
    """

    async def signed(
        request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
    ) -> aiohttp.ClientResponse:
        # Here, not in the resolver, which is not asked for a host that is an address: whoever
        # answered there would see the header, and could send it himself.
        host, at = request.url.host or "", request.url.port
        if at != 443 or not known(host):  # noqa: PLR2004 the port of HTTPS
            raise HostNotEmulatedError(f"The embedded Azure does not answer for {host}:{at}.")
        request.headers[HEADER] = origins.header()
        return await handler(request)

    connector = aiohttp.TCPConnector(
        resolver=_Loopback(port), ssl=trust, limit=0, keepalive_timeout=30
    )
    return aiohttp.ClientSession(
        connector=connector,
        timeout=aiohttp.ClientTimeout(total=None),
        auto_decompress=False,
        trust_env=False,
        middlewares=(signed,),
    )


def status_name(status: int) -> str:
    """A status as .NET names it, such as ``NotFound``; unknown ones stay numbers."""
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        return str(status)
    return phrase.replace(" ", "").replace("-", "").replace("'", "")
