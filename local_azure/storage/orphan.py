"""An Azurite whose server has ended without ending it: looked for and ended by commands."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import time
from typing import TYPE_CHECKING

from local_azure.errors import LocalAzureError

if TYPE_CHECKING:
    from typing import IO

    from local_azure.home import Home

_LIMIT = 30.0
"""Seconds that its end may take."""


def lock(home: Home) -> IO[str] | None:
    """The lock that an Azurite holds while it lives, or None where one does."""
    file = (home.folder / "azurite.lock").open("a")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file


def told(home: Home) -> dict[str, int]:
    """Process id and port of the Azurite that was started last; empty without one."""
    try:
        found: dict[str, int] = json.loads((home.blobs / "azurite.json").read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return found


def send(home: Home, number: signal.Signals) -> None:
    """Send a signal to the Azurite that holds the lock; without one nothing happens."""
    if held := lock(home):
        held.close()
    elif pid := told(home).get("pid"):
        os.kill(pid, number)


def end(home: Home) -> bool:
    """End an Azurite, so that it saves what it has in memory; whether one was running.

    Raises:
        LocalAzureError: when it does not end in time.
    """
    if not home.folder.exists() or _ended(home):
        return False
    send(home, signal.SIGTERM)
    deadline = time.monotonic() + _LIMIT
    while time.monotonic() < deadline:
        if _ended(home):
            return True
        time.sleep(0.02)
    message = f"Azurite does not end; end process {told(home).get('pid')} yourself."
    raise LocalAzureError(message)


def _ended(home: Home) -> bool:
    held = lock(home)
    if held:
        held.close()
    return held is not None
