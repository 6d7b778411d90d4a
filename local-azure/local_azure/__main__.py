"""``python -m local_azure``: the embedded Azure's commands."""

import sys

from local_azure.command_line.cli import main


def run() -> None:
    """Run the command that the arguments name, and end with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        # What a file or a name holds is shown in any case, also on a terminal that lacks a letter.
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    sys.exit(main(sys.argv[1:]))


if __name__ == "__main__":
    run()
