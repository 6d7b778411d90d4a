"""`python -m tools.browser`: a headless Chromium judges the embedded Azure's page.

The browser is the machine's own, or Debian's package where root may install it. Where none can be
had nothing is judged, and one sentence says so.
"""

import os
import shutil
import sys

from tools import command_line, progress
from tools.errors import SetupError

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_ADVICE = "Install Chromium (its command has to be on PATH) and run make browser again."


def chromium() -> str:
    """The command of a Chromium, installed if there was none.

    Raises:
        SetupError: none can be had.
    """
    if found := _found():
        return found
    if os.geteuid() or not shutil.which("apt-get"):
        message = f"Chromium is missing. {_ADVICE}"
        raise SetupError(message)
    install = "apt-get update -qq && apt-get install -qq -y --no-install-recommends chromium"
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    command = ["sh", "-c", f"timeout 600 sh -c '{install}'"]
    progress.run("Chromium: installing", command, minutes=1, advice=_ADVICE, environment=quiet)
    return _found() or ""


def _found() -> str | None:
    return next(filter(None, map(shutil.which, _NAMES)), None)


def main() -> int:
    """Install the browser and have it judge; pytest's exit code, or 0 where there is none."""
    otherwise = "Browser: nothing was judged, because there is none here."
    return command_line.judge("tests/browser", chromium, otherwise)


if __name__ == "__main__":
    sys.exit(main())
