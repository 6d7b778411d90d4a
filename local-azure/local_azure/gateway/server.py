"""The running embedded Azure: its listeners on loopback, in one process and one event loop."""

import asyncio
import contextlib
import json
import logging
import os
import socket
import ssl
from collections.abc import Iterator

import uvicorn
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Receive, Scope, Send

from local_azure.azure import Azure
from local_azure.control_plane.clock import Clock
from local_azure.gateway.console import Console
from local_azure.gateway.protocol import Protocol
from local_azure.gateway.proxy import Proxy
from local_azure.home import Home, write_private
from local_azure.page.site import Page

_log = logging.getLogger(__name__)


class Server:
    """An embedded Azure that listens.

    Args:
        home: its state folder.
        clock: the time; the machine's, if none is given.
        is_slow: whether it takes its time, as Azure does.

    Attributes:
        azure: the services, and the ports they listen at.
    """

    def __init__(self, home: Home, clock: Clock | None = None, *, is_slow: bool = False) -> None:
        self.azure = Azure(home, clock or Clock(), is_slow=is_slow)
        self._told = {"slow": is_slow}
        self._home = home
        self._listeners: list[_Listener] = []
        self._proxy: Proxy | None = None
        self._page = Page(self.azure, home.secret("console"))

    async def start(self) -> None:
        """Listen, start the services, and tell other processes where in ``server.json``."""
        try:
            await self._start()
        except BaseException:
            await self._fall_silent()
            raise

    async def _start(self) -> None:
        console = Console(self.azure, self._home.secret("console"))
        ports = self.azure.ports
        ports.last = _last_ports(self._home)
        # What the last process told holds no more; a process id may be another's by now.
        write_private(self._home.server, json.dumps({"ports": ports.last}))
        tls = self.azure.authority.server_context(self.azure.knows)
        ports.now["tls"] = await self._listen(self.azure.application(), ports.free("tls"), tls)
        ports.now["console"] = await self._listen(console.routes(), ports.free("console"))
        ports.now["page"] = await self._listen(self._page.application(), ports.free("page"))
        self._proxy = Proxy(self.azure.knows, ports.now["tls"], self.azure.origins)
        ports.now["proxy"] = await self._proxy.start(ports.free("proxy"))
        await self.azure.start()
        told = {"pid": os.getpid(), "ports": ports.now, **self._told}
        write_private(self._home.server, json.dumps(told))

    async def stop(self) -> None:
        """Stop listening, then stop the services; what is in flight is taken up again later."""
        await self.azure.quiesce()
        await self._fall_silent()
        await self.azure.stop()

    async def _fall_silent(self) -> None:
        self._page.end()
        if self._proxy:
            await self._proxy.stop()
        await asyncio.gather(*(listener.stop() for listener in self._listeners))

    async def _listen(
        self, application: ASGIApp, port: int, tls: ssl.SSLContext | None = None
    ) -> int:
        listener = _Listener(application, tls)
        self._listeners.append(listener)
        return await listener.start(port)


class _Listener:
    """One uvicorn server inside the running event loop."""

    def __init__(self, application: ASGIApp, tls: ssl.SSLContext | None) -> None:
        config = uvicorn.Config(
            _unmoved(application),
            http=Protocol,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_keep_alive=60,
            timeout_graceful_shutdown=1,
        )
        config.load()
        config.ssl = tls
        self._server = _Quiet(config)
        self._task: asyncio.Task[None] | None = None

    async def start(self, port: int) -> int:
        # asyncio turns Nagle's algorithm off only where the protocol is said to be TCP.
        bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(("127.0.0.1", port))
        bound.listen(1024)
        self._task = asyncio.create_task(self._server.serve([bound]))
        while not self._server.started:
            await asyncio.sleep(0)
            if self._task.done():
                self._task.result()
        listening: int = bound.getsockname()[1]
        return listening

    async def stop(self) -> None:
        self._server.end()
        if self._task:
            await self._task


def _unmoved(application: ASGIApp) -> ASGIApp:
    """An application to which a client that leaves is no failure."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await application(scope, receive, send)
        except ClientDisconnect:
            _log.info("A client left in the middle of a request.")

    return answer


class _Quiet(uvicorn.Server):
    """uvicorn without signal handlers: the process has its own.

    It is told to end, and does not look ten times a second whether it should.
    """

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._ended = asyncio.Event()

    def end(self) -> None:
        """Stop serving."""
        self.should_exit = True
        self._ended.set()

    async def main_loop(self) -> None:
        """Keep the date in its answers true, each second."""
        while not await self.on_tick(0):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._ended.wait(), 1)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _last_ports(home: Home) -> dict[str, int]:
    try:
        ports = json.loads(home.server.read_text())["ports"].items()
    except (FileNotFoundError, ValueError, LookupError, TypeError, AttributeError):
        return {}
    return {name: port for name, port in ports if type(port) is int and port in range(65536)}
