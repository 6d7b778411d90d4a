"""An Azurite whose server has ended without ending it: looked for, and ended, by its folder.

It is known by its command line: no process id in a file can be trusted after a crash.
"""

from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING

import psutil

from local_azure.errors import LocalAzureError

if TYPE_CHECKING:
    from pathlib import Path

    from local_azure.home import Home

_LIMIT = 20.0
"""Seconds that its end may take, beyond the first."""
_STARTING = 5.0
"""Seconds after which one that is asked to end, and does not even listen, is stuck."""


def find(folder: Path) -> psutil.Process | None:
    """The Azurite that runs on a folder, if one does."""
    for process in psutil.process_iter(["cmdline"]):
        line = process.info["cmdline"] or ()
        if ("--location", str(folder)) in pairwise(line):
            return process
    return None


def told(folder: Path) -> dict[str, int]:
    """The ``port`` of the Azurite that was started last on a folder; empty without one."""
    try:
        found = json.loads((folder / "azurite.json").read_text())
        return {"port": int(found["port"])}
    except (OSError, ValueError, TypeError, LookupError):
        return {}


def listens(process: psutil.Process, port: int) -> bool:
    """Whether a process itself listens on a port; another's answer there says nothing about it."""
    try:
        sockets = process.net_connections("tcp4")
    except psutil.Error:
        return False
    return any(
        each.status == psutil.CONN_LISTEN and each.laddr and each.laddr.port == port
        for each in sockets
    )


def end(folder: Path) -> bool:
    """End an Azurite, so that it saves what it has in memory; whether one was running.

    Raises:
        LocalAzureError: when it does not end in time.
    """
    process = find(folder)
    if process is None:
        return False
    process.terminate()
    try:
        process.wait(_STARTING)
    except psutil.TimeoutExpired:
        if not listens(process, told(folder).get("port", 0)):
            process.kill()  # it never came to listen, so there is nothing to save
    try:
        process.wait(_LIMIT)
    except psutil.TimeoutExpired:
        message = f"Azurite does not end; end process {process.pid} yourself."
        raise LocalAzureError(message) from None
    return True


def end_all(home: Home) -> bool:
    """End the Azurites of a state folder; whether one was running.

    Raises:
        LocalAzureError: when one does not end in time.
    """
    return any([end(home.blobs), end(home.queues)])
