"""An Azurite whose server has ended without ending it: looked for, and ended, by its folder.

It is known by its command line: no process id in a file can be trusted after a crash.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import psutil

from local_azure.errors import LocalAzureError

if TYPE_CHECKING:
    from local_azure.home import Home

_LIMIT = 30.0
"""Seconds that its end may take."""


def find(home: Home) -> psutil.Process | None:
    """The Azurite that runs on a state folder, if one does."""
    folder = str(home.blobs)
    for process in psutil.process_iter(["cmdline"]):
        if folder in (process.info["cmdline"] or ()):
            return process
    return None


def told(home: Home) -> dict[str, int]:
    """The ``port`` of the Azurite that was started last; empty without one."""
    try:
        found: dict[str, int] = json.loads((home.blobs / "azurite.json").read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return found


def end(home: Home) -> bool:
    """End an Azurite, so that it saves what it has in memory; whether one was running.

    Raises:
        LocalAzureError: when it does not end in time.
    """
    process = find(home)
    if process is None:
        return False
    process.terminate()
    try:
        process.wait(_LIMIT)
    except psutil.TimeoutExpired:
        message = f"Azurite does not end; end process {process.pid} yourself."
        raise LocalAzureError(message) from None
    return True
