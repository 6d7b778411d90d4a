"""Run one long step: quietly, with a line now and then that says how far it is.

Lines, not a bar: three steps run at once, and logs of CI have no cursor.
"""

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tools.errors import SetupError

INTERVAL = 15
"""Seconds between two lines."""
TAIL = 15
"""Lines of a failed step's output that are shown."""


def run(
    step: str,
    command: Sequence[str],
    *,
    minutes: float,
    advice: str,
    directory: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> None:
    """Run `command` to its end; `minutes` is what it usually takes, for the progress line.

    Raises:
        SetupError: the command can't be started or failed: the end of its output, and `advice`.
    """
    with tempfile.TemporaryFile("w+", errors="replace") as output:
        with subprocess.Popen(
            command,
            cwd=directory,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        ) as process:
            code = _waited(process, step, minutes)
        if code:
            output.seek(0)
            tail = "".join(output.readlines()[-TAIL:])
            message = f"{step} failed ({command[0]} ended with {code}):\n{tail}{advice}"
            raise SetupError(message)


def _waited(process: subprocess.Popen[bytes], step: str, minutes: float) -> int:
    started = time.monotonic()
    try:
        while True:
            try:
                return process.wait(INTERVAL)
            except subprocess.TimeoutExpired:
                print(line(step, time.monotonic() - started, minutes), flush=True)
    except BaseException:
        # the compilers and installers that the command has started, too
        os.killpg(process.pid, signal.SIGKILL)
        raise


def line(step: str, seconds: float, minutes: float) -> str:
    """Say how long `step` has run, and how long it usually runs."""
    return f"{step}: {seconds:.0f} s, usually about {60 * minutes:.0f} s"
