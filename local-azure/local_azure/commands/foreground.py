"""The server as a process of its own, until it is told to end."""

import asyncio
import fcntl
import gc
import os
import resource
import signal
import sqlite3
import time
from typing import IO

import uvloop

from local_azure.commands.process import lock
from local_azure.errors import LocalAzureError
from local_azure.gateway.server import Server
from local_azure.home import Home

_LOOK = 0.5
"""Seconds between two looks at the parent."""
_ENDING = (signal.SIGTERM, signal.SIGINT)


def serve(home: Home, *, parent: int = 0, is_slow: bool = False) -> None:
    """Be the background process, until SIGTERM or SIGINT.

    Args:
        home: the state folder.
        parent: process id of the parent whose end is this one's too; 0: it outlives its parent.
        is_slow: whether it takes its time, as Azure does.

    Raises:
        LocalAzureError: when another one runs already on this state folder.
    """
    home.create()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    # A client has three files open through the proxy, and a thousand clients are few.
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    held = _exclusively(home)
    if held is None:
        raise LocalAzureError(f"An embedded Azure runs on {home.folder} already.")
    with held:
        uvloop.run(_serve(home, parent=parent, is_slow=is_slow))


async def _serve(home: Home, *, parent: int = 0, is_slow: bool = False) -> None:
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    watching = loop.create_task(_watch(parent, ended)) if parent else None
    for number in _ENDING:
        loop.add_signal_handler(number, ended.set)
    try:
        await _until(ended, home, is_slow=is_slow)
    finally:
        if watching:
            watching.cancel()
        # uvloop would leave handlers of its closed loop behind, which let nobody interrupt.
        for number in _ENDING:
            loop.remove_signal_handler(number)


async def _watch(parent: int, ended: asyncio.Event) -> None:
    """An orphan has another parent."""
    while os.getppid() == parent:  # noqa: ASYNC110 the kernel tells nobody
        await asyncio.sleep(_LOOK)
    ended.set()


async def _until(ended: asyncio.Event, home: Home, *, is_slow: bool) -> None:
    try:
        server = Server(home, is_slow=is_slow)
        await server.start()
    except (sqlite3.DatabaseError, OSError, ValueError, KeyError) as damage:
        raise home.damaged(damage) from damage
    # What start-up made lives as long as the process: the collector need not walk it again.
    gc.freeze()
    try:
        await ended.wait()
    finally:
        await server.stop()


def _exclusively(home: Home) -> IO[str] | None:
    """The lock; whoever asks for the status may hold it for a moment."""
    for _ in range(20):
        if held := lock(home, fcntl.LOCK_EX):
            return held
        time.sleep(0.05)
    return None
