"""Who is at the other end of a connection: the providers answer their own user's processes alone.

Pulumi's engine shows a provider no credential, and any user of a machine reaches its loopback
ports. So the system is asked whose socket it is, on Linux for each call: the kernel about the one
socket (sock_diag(7): 0.015 ms), or where it answers nothing its table of all (proc(5), /proc/net:
6 ms with 300 sockets); elsewhere the sockets of this user's processes, once for each connection.
"""

import contextlib
import os
import socket
import struct
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import grpc
import psutil

Look = Callable[[int, int], int | None]
"""Finds whose connection it is that goes from one loopback port to another."""

_TABLES = {"tcp": "0100007F", "tcp6": "0000000000000000FFFF00000100007F"}
"""127.0.0.1 as each table writes it; a client's socket may be one of both families."""

_SOCK_DIAG, _BY_FAMILY, _ANY = 4, 20, 0xFFFFFFFF
_UID = 80
"""Where the user id stands in the kernel's answer (linux/inet_diag.h)."""


class OwnUserOnly(grpc.aio.ServerInterceptor):
    """Refuses every call from a process of another user.

    Args:
        port: tells where this provider listens, once it does.
    """

    def __init__(self, port: Callable[[], int]) -> None:
        self._port = port
        self._known: set[str] = set()

    async def intercept_service(
        self,
        continuation: Any,
        handler_call_details: grpc.HandlerCallDetails,
    ) -> Any:
        """The method, behind a look at its caller."""
        handler: Any = await continuation(handler_call_details)
        if handler is None or handler.unary_unary is None:
            return handler
        method = handler.unary_unary

        async def checked(request: Any, context: grpc.aio.ServicerContext[Any, Any]) -> Any:
            if not self._is_own(context.peer()):
                await context.abort(
                    grpc.StatusCode.PERMISSION_DENIED,
                    "This embedded Azure belongs to another user of the machine. Start your own: "
                    "make local-up, or `local-azure start`.",
                )
            return await method(request, context)

        return grpc.unary_unary_rpc_method_handler(
            checked, handler.request_deserializer, handler.response_serializer
        )

    def _is_own(self, peer: str) -> bool:
        if peer in self._known:
            return True
        port, me = int(peer.rpartition(":")[2]), os.getuid()
        if sys.platform == "linux":
            return owner_on_linux(port, self._port()) == me
        if owner_elsewhere(port, self._port()) != me:
            return False
        self._known.add(peer)
        return True


def owner_on_linux(port: int, ours: int) -> int | None:
    """User id of the socket that is connected from one loopback port to another; None for none."""
    found = owner_by_netlink(port, ours)
    return owner_in_table(port, ours) if found is None else found


def owner_by_netlink(port: int, ours: int) -> int | None:
    """As `owner_on_linux`; None too where the kernel can't be asked."""
    loopback = bytes((127, 0, 0, 1))
    family = struct.pack("=BBBxI", socket.AF_INET, socket.IPPROTO_TCP, 0, _ANY)
    ends = struct.pack("!HH4s12x4s12x", port, ours, loopback, loopback)
    asked = family + ends + struct.pack("=III", 0, _ANY, _ANY)
    with (
        contextlib.suppress(OSError),
        socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, _SOCK_DIAG) as kernel,
    ):
        kernel.send(struct.pack("=IHHII", 16 + len(asked), _BY_FAMILY, 1, 0, 0) + asked)
        told = kernel.recv(1024)
        if struct.unpack_from("=H", told, 4) == (_BY_FAMILY,):
            return int(struct.unpack_from("=I", told, _UID)[0])
    return None


def owner_in_table(port: int, ours: int) -> int | None:
    """As `owner_on_linux`, from the table of all sockets."""
    for table, loopback in _TABLES.items():
        ends = [f"{loopback}:{port:04X}", f"{loopback}:{ours:04X}"]
        for row in map(str.split, Path("/proc/net", table).read_text().splitlines()):
            if row[1:3] == ends:
                return int(row[7])
    return None


def owner_elsewhere(port: int, ours: int) -> int | None:
    """As `owner_on_linux`, among the processes that may be looked into: this user's own."""
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            for one in process.net_connections(kind="tcp"):
                if one.raddr and (one.laddr.port, one.raddr.port) == (port, ours):
                    return process.uids().real
    return None
