"""``python -m local_azure``: the embedded Azure's commands."""

from __future__ import annotations

import sys

from local_azure.cli import main

if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        # What a file or a name holds is shown in any case, also on a terminal that lacks a letter.
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    sys.exit(main(sys.argv[1:]))
