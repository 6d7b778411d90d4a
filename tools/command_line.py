"""How every installer ends: quietly at a signal, with one message at a failure."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable

from tools.errors import SetupError


def run(name: str, install: Callable[[], str]) -> None:
    """Run `install`, say what it set up and in what time, and leave the process.

    A SIGTERM raises, so that what is half made is removed on the way out.
    """
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    started = time.monotonic()
    try:
        done = install()
    except SetupError as error:
        sys.exit(f"{name}: {error}")
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
    print(f"{name}: {done} ({time.monotonic() - started:.0f} s)")


def judge(folder: str, install: Callable[[], object], otherwise: str) -> int:
    """Install what judges, and have the tests of a folder ask it.

    Returns:
        pytest's exit code; 0 where it can't be had, and one sentence says so.
    """
    try:
        install()
    except SetupError as error:
        print(f"{otherwise} {error}")
        return 0
    tests = [folder, "-p", "no:cacheprovider", *sys.argv[1:]]
    return subprocess.run([sys.executable, "-m", "pytest", *tests], check=False).returncode
