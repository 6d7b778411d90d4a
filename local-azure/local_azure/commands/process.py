"""The background process: started, found, stopped. A file lock says whether one is running.

The lock is the process's own and ends with it, however it ends; no process id is trusted without.
"""

import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from typing import IO, Any

from local_azure import waiting
from local_azure.errors import LocalAzureError
from local_azure.home import Home
from local_azure.services.storage import azurite_packages

SLOW = "--as-slow-as-azure"
_START_LIMIT = 60.0
# gRPC's handlers would cost each scoring process 6 ms at its fork, and print a line.
_OWN = {"GRPC_ENABLE_FORK_SUPPORT": "0"}
_STOP_LIMIT = 30.0
_ASK_AGAIN = 2.0


def running(home: Home) -> dict[str, Any] | None:
    """What a running server tells (``pid``, ``ports``), or None where none runs."""
    if not _is_held(home):
        return None
    try:
        told: dict[str, Any] = json.loads(home.server.read_text())
        os.kill(told["pid"], 0)
    except (OSError, ValueError, LookupError, TypeError, OverflowError):
        return None  # one is just starting, and has told nothing yet
    return told


def start(home: Home, *, is_slow: bool = False, outlives: bool = True) -> dict[str, Any]:
    """Start the server in the background, unless one runs, and wait until it listens.

    Args:
        home: the state folder.
        is_slow: whether it takes its time, as Azure does; one that runs is taken as it is without.
        outlives: whether it goes on when this process has ended, however that ends.

    Raises:
        LocalAzureError: when it ends, or does not listen in time; with what it last printed; or
            one runs that does not take its time.
    """
    if told := running(home):
        if is_slow and not told.get("slow"):
            message = "It runs already, and at once: `local-azure stop` it first; its state stays."
            raise LocalAzureError(message)
        return told
    home.create()
    azurite_packages.install()
    options = [SLOW] if is_slow else []
    options += [] if outlives else [f"--parent={os.getpid()}"]
    with home.log.open("ab") as log:
        home.log.chmod(0o600)
        before = log.tell()
        child = subprocess.Popen(
            [sys.executable, "-m", "local_azure", "serve", *options],
            env={**os.environ, **_OWN, "LOCAL_AZURE_HOME": str(home.folder)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    with waiting.shown("The embedded Azure starts"):
        return _await(home, child, before)


def _await(home: Home, child: subprocess.Popen[bytes], before: int) -> dict[str, Any]:
    deadline = time.monotonic() + _START_LIMIT
    while time.monotonic() < deadline:
        ended = child.poll() is not None
        told = running(home)
        if told and told["pid"] == child.pid:
            child.returncode = 0  # it outlives this process, which need not wait for it
            return told
        if told and ended:  # another `start` came first; had it not ended, it might follow a `stop`
            return told
        if ended and not _is_held(home):
            break
        time.sleep(0.05)
    message = (
        f"The embedded Azure did not start. The end of {home.log} says why:\n{_tail(home, before)}"
    )
    raise LocalAzureError(message)


def _tail(home: Home, before: int) -> str:
    said = home.log.read_bytes()[before:].decode(errors="replace")
    return "\n".join(said.splitlines()[-15:])


def stop(home: Home) -> bool:
    """Stop the background process; whether one was running.

    Raises:
        LocalAzureError: when it does not end in time.
    """
    told = running(home)
    if told is None:
        return False
    began = due = time.monotonic()
    while time.monotonic() < began + _STOP_LIMIT:
        if running(home) is None:
            return True
        # Seen: the first signal after a start with storage was lost, and nothing ended.
        if time.monotonic() >= due:
            due += _ASK_AGAIN
            with suppress(ProcessLookupError):
                os.kill(told["pid"], signal.SIGTERM)
        time.sleep(0.05)
    message = f"The process {told['pid']} did not end within {_STOP_LIMIT:.0f} s; end it yourself."
    raise LocalAzureError(message)


def _is_held(home: Home) -> bool:
    probe = lock(home, fcntl.LOCK_SH)
    if probe:
        probe.close()
    return probe is None


def lock(home: Home, mode: int) -> IO[str] | None:
    """The state folder's lock, or None where a process holds it."""
    home.create()
    file = (home.folder / "server.lock").open("a")
    try:
        fcntl.flock(file, mode | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file
