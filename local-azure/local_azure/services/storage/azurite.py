"""A service of Azurite as a child process: started, found again after a crash of ours, stopped.

It runs in a session of its own and is found again by its folder, so that a ``kill -9`` of the
server loses no blob and never leads to two Azurites on one folder. Waiting here is for a real
process, so it goes by the machine's time, not the injected clock's.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import socket
import subprocess
import time
from typing import TYPE_CHECKING

import psutil

from local_azure.errors import LocalAzureError
from local_azure.home import write_private
from local_azure.services.storage import azurite_packages, orphan

if TYPE_CHECKING:
    from local_azure.home import Home

_LIMIT = 30.0
"""Seconds that a start or an end may take."""
_TRIES = 3
"""Starts, each with another port: between its choice and its use somebody else may take it."""
_log = logging.getLogger(__name__)


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
        self._process: psutil.Process | None = None
        self._port = 0
        self._starting = asyncio.Lock()
        self._stops = 0

    async def port(self) -> int:
        """The port of the running Azurite; starts it, or finds the one that runs.

        Raises:
            LocalAzureError: when it is not installed, its index is damaged or it does not start.
        """
        if self._port:
            return self._port
        async with self._starting:
            if not self._port:
                self._port = await self._running() or await self._start()
        return self._port

    @property
    def used(self) -> bool:
        """Whether it has ever run on its folder."""
        return self._folder.exists()

    def lost(self) -> None:
        """It did not answer: look for it, or start it, at the next call."""
        if self._process is None or not orphan.listens(self._process, self._port):
            self._port = 0

    async def stop(self) -> None:
        """End it, so that it saves what it has in memory; a start under way is given up."""
        self._stops += 1
        if self._port or self._child:
            await asyncio.to_thread(orphan.end, self._folder)
        self._reap()
        self._port = 0

    def _reap(self) -> None:
        """Take leave of a child that ended, or that never came to listen."""
        if self._child:
            self._child.kill()
            self._child.wait()
            self._child = None

    async def _running(self) -> int:
        process = await asyncio.to_thread(orphan.find, self._folder)
        if process is None:
            return 0
        port = orphan.told(self._folder).get("port", 0)
        deadline = time.monotonic() + _LIMIT
        while time.monotonic() < deadline:
            if port and orphan.listens(process, port):
                self._process = process
                return port
            await asyncio.sleep(0.02)
        _log.warning("Azurite does not answer: it is ended, and started again.")
        process.kill()
        await asyncio.to_thread(process.wait)
        return 0

    async def _start(self) -> int:
        self._reap()
        self._folder.mkdir(mode=0o700, exist_ok=True)
        await asyncio.to_thread(self._check_index)
        stops = self._stops
        for _ in range(_TRIES):
            if self._stops != stops:
                break
            port = _free_port()
            # The port first: a crash of ours from here on leaves an Azurite that can be found.
            self._tell({"port": port})
            self._child = self._spawn(port)
            if await self._listening(self._child, port):
                return port
        message = f"Azurite did not start; {self._home.folder / 'azurite.log'} may say why."
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

    def _tell(self, told: dict[str, int]) -> None:
        write_private(self._folder / "azurite.json", json.dumps(told))

    def _spawn(self, port: int) -> subprocess.Popen[bytes]:
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
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    async def _listening(self, child: subprocess.Popen[bytes], port: int) -> bool:
        """Whether it listens, in the end; it does not where somebody else took the port."""
        self._process = psutil.Process(child.pid)
        deadline = time.monotonic() + _LIMIT
        while time.monotonic() < deadline and child.poll() is None:
            if orphan.listens(self._process, port):
                return True
            await asyncio.sleep(0.02)
        child.kill()
        child.wait()
        return False


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port
