"""The proxy that real clients reach the embedded Azure through: HTTPS_PROXY points here.

It joins a CONNECT for a host that the embedded Azure answers for to the local TLS port, and
refuses every other host by name: nothing that uses it can leave the machine. Who gives it a user is
inside of the virtual network of that name.
"""

import asyncio
import base64
import contextlib
import logging
import re
import socket
from collections.abc import Callable
from urllib.parse import unquote

from local_azure.control_plane.networks.origins import Origins

_REQUEST = re.compile(rb"CONNECT ([^\s:]+|\[[^\]]+\]):(\d{1,5}) HTTP/1\.[01]\r\n")
_USER = re.compile(rb"\r\nproxy-authorization: *basic +([^\s]+)\r\n", re.IGNORECASE)
_LARGEST_HEAD = 64 * 1024
HEAD_PATIENCE = 30.0
"""Seconds that a client has for its request; what it is joined to has limits of its own."""
_LONGEST_HOST = 253
_PRINTED = frozenset(map(chr, range(0x21, 0x7F)))
"""What a host may consist of in a status line."""
_log = logging.getLogger(__name__)


class Proxy:
    """A CONNECT proxy on loopback.

    Args:
        known: whether the embedded Azure answers for a host name.
        target: the local TLS port.
        origins: is told which connections come from inside of a network.
    """

    def __init__(self, known: Callable[[str], bool], target: int, origins: Origins) -> None:
        self._known = known
        self._origins = origins
        self._target = target
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[None]] = set()

    async def start(self, port: int = 0) -> int:
        """Listen and return the port."""
        self._server = await asyncio.start_server(
            self._accept, "127.0.0.1", port, limit=_LARGEST_HEAD
        )
        listening: int = self._server.sockets[0].getsockname()[1]
        return listening

    async def stop(self) -> None:
        """Stop listening and drop what is open."""
        if self._server:
            self._server.close()
        for connection in self._open:
            connection.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = asyncio.ensure_future(self._serve(reader, writer))
        self._open.add(connection)
        connection.add_done_callback(self._open.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(HEAD_PATIENCE):
                head = await reader.readuntil(b"\r\n\r\n")
        except (
            asyncio.IncompleteReadError,
            asyncio.LimitOverrunError,
            ConnectionError,
            TimeoutError,
        ):
            writer.close()
            return
        refusal = self._refusal(head)
        if refusal:
            _answer(writer, refusal)
            writer.close()
            return
        await self._join(reader, writer, _network(head))

    def _refusal(self, head: bytes) -> str | None:
        request = _REQUEST.match(head)
        if not request:
            return "This proxy takes CONNECT for HTTPS only; use an https:// address."
        host = request[1].decode("latin-1")
        if self._known(host) and request[2] == b"443":
            return None
        shown = "".join(each if each in _PRINTED else "?" for each in host[:_LONGEST_HOST])
        return (
            f"The embedded Azure does not answer for {shown}:{request[2].decode()}, "
            "and nothing leaves this machine through it."
        )

    async def _join(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, network: str
    ) -> None:
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._target)
        except ConnectionError:
            writer.close()
            return
        port = far_writer.get_extra_info("sockname")[1]
        if network:
            self._origins.join(port, network)
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        try:
            await asyncio.gather(_pipe(reader, far_writer), _pipe(far_reader, writer))
        finally:
            self._origins.leave(port)
            for end in (writer, far_writer):
                with contextlib.suppress(ConnectionError, OSError):
                    await end.wait_closed()


def _network(head: bytes) -> str:
    """The network that a client is in: the user whom it gives to the proxy, if it gives one."""
    found = _USER.search(head)
    try:
        given = base64.b64decode(found[1], validate=True).decode() if found else ""
    except ValueError:
        return ""
    return unquote(given.partition(":")[0])


def _answer(writer: asyncio.StreamWriter, reason: str) -> None:
    """Refuse, and say why where every client shows it: most of them drop the body of a CONNECT."""
    _log.warning("refused: %s", reason)
    body = reason.encode()
    head = f"HTTP/1.1 403 {reason}\r\nContent-Type: text/plain\r\nContent-Length: {len(body)}\r\n"
    writer.write(f"{head}Connection: close\r\n\r\n".encode() + body)


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    quick_ack = getattr(socket, "TCP_QUICKACK", None)
    connection = reader._transport.get_extra_info("socket")  # type: ignore[attr-defined] # noqa: SLF001 the stream hides it
    try:
        while chunk := await reader.read(256 * 1024):
            if quick_ack is not None:
                # Behind a proxy urllib3 leaves Nagle's algorithm on: a delayed ACK costs 40 ms.
                connection.setsockopt(socket.IPPROTO_TCP, quick_ack, 1)
            writer.write(chunk)
            await writer.drain()
    except (ConnectionError, OSError):
        pass
    finally:
        writer.close()
