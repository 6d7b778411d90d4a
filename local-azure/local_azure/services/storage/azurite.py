"""A service of Azurite as a child process: started, started again where it died, stopped.

It ends with its server, whatever ends that, and saves what it has in memory; its folder is locked
until then. So a ``kill -9`` of the server loses no blob, leaves no process and never leads to two
Azurites on one folder. It runs in a session of its own: Ctrl-C is the server's. Waiting here is for
a real process, so it goes by the machine's time, not the injected clock's.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import socket
import subprocess
import time
from typing import IO

import psutil

from local_azure.errors import LocalAzureError
from local_azure.home import Home
from local_azure.services.storage import azurite_packages

_LIMIT = 30.0
"""Seconds that a start or an end may take."""
_TRIES = 3
"""Starts, each with another port: between its choice and its use somebody else may take it."""


class Azurite:
    """The one Azurite of a folder.

    Args:
        home: the state folder.
        accounts: its accounts and keys, as ``AZURITE_ACCOUNTS`` has them.
        service: which of its services, ``blob`` or ``queue``; each has a folder of its own.
    """

    def __init__(self, home: Home, accounts: str, service: str = "blob") -> None:
        self._home = home
        self._folder = home.queues if service == "queue" else home.blobs
        self._accounts = accounts
        self._service = service
        self._child: subprocess.Popen[bytes] | None = None
        self._port = 0
        self._starting = asyncio.Lock()
        self._stops = 0

    async def port(self) -> int:
        """The port of the running Azurite; starts it where none runs.

        Raises:
            LocalAzureError: when it is not installed, its index is damaged or it does not start.
        """
        if self._port:
            return self._port
        async with self._starting:
            if not self._port:
                self._port = await self._start()
        return self._port

    @property
    def used(self) -> bool:
        """Whether it has ever run on its folder."""
        return self._folder.exists()

    def lost(self) -> None:
        """It did not answer: start it at the next call, unless it still listens."""
        if self._child is None or not _listens(self._child, self._port):
            self._port = 0

    async def stop(self) -> None:
        """End it, so that it saves what it has in memory; a start under way is given up.

        Raises:
            LocalAzureError: when it does not end in time.
        """
        self._stops += 1
        if self._child and self._child.stdin:
            self._child.stdin.close()
            await asyncio.to_thread(self._await_end, self._child)
        self._child = None
        self._port = 0

    @staticmethod
    def _await_end(child: subprocess.Popen[bytes]) -> None:
        try:
            child.wait(_LIMIT)
        except subprocess.TimeoutExpired:
            message = f"Azurite does not end; end process {child.pid} yourself."
            raise LocalAzureError(message) from None

    async def _start(self) -> int:
        _kill(self._child)
        self._folder.mkdir(mode=0o700, exist_ok=True)
        stops = self._stops
        for _ in range(_TRIES):
            port = _free_port()
            with await self._lock() as lock:
                await asyncio.to_thread(self._check_index)
                if self._stops != stops:
                    break
                self._child = self._spawn(port, lock)
            if await _listening(self._child, port):
                return port
        message = f"Azurite did not start; {self._home.folder / 'azurite.log'} may say why."
        raise LocalAzureError(message)

    async def _lock(self) -> IO[str]:
        """The folder's lock, once the Azurite of a server that was killed has saved."""
        file = (self._folder / "azurite.lock").open("w")
        deadline = time.monotonic() + _LIMIT
        while time.monotonic() < deadline:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                await asyncio.sleep(0.02)
            else:
                return file
        file.close()
        message = f"An Azurite that does not end uses {self._folder}: end that process yourself."
        raise LocalAzureError(message)

    def _check_index(self) -> None:
        # Azurite takes an index that it can't read for none, and removes the contents it names.
        for file in self._folder.glob("__azurite_db_*__.json"):
            try:
                fits = isinstance(json.loads(file.read_bytes()), dict)
            except (OSError, ValueError):
                fits = False
            if not fits:
                raise self._home.damaged(f"Azurite's index {file}")

    def _spawn(self, port: int, lock: IO[str]) -> subprocess.Popen[bytes]:
        options = [
            *("--silent", "--skipApiVersionCheck", "--disableTelemetry"),
            *("--disableProductStyleUrl", "--location", str(self._folder)),
            *(f"--{self._service}Host", "127.0.0.1", f"--{self._service}Port", str(port)),
        ]
        with (self._home.folder / "azurite.log").open("ab") as log:
            return subprocess.Popen(
                [*azurite_packages.command(self._service), *options],
                # Keys go by the environment: command lines can be read by every process.
                env={
                    **os.environ,
                    **azurite_packages.environment(),
                    "AZURITE_ACCOUNTS": self._accounts,
                },
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                pass_fds=[lock.fileno()],
                start_new_session=True,
            )


async def _listening(child: subprocess.Popen[bytes], port: int) -> bool:
    """Whether it listens, in the end; it does not where somebody else took the port."""
    deadline = time.monotonic() + _LIMIT
    while time.monotonic() < deadline and child.poll() is None:
        if _listens(child, port):
            return True
        await asyncio.sleep(0.02)
    _kill(child)
    return False


def _listens(child: subprocess.Popen[bytes], port: int) -> bool:
    """Whether a process itself listens on a port; another's answer there says nothing about it."""
    try:
        sockets = psutil.Process(child.pid).net_connections("tcp4")
    except psutil.Error:
        return False
    return any(
        each.status == psutil.CONN_LISTEN and each.laddr and each.laddr.port == port
        for each in sockets
    )


def _kill(child: subprocess.Popen[bytes] | None) -> None:
    if child:
        with child:  # closes the pipe, and waits
            child.kill()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port
