"""Commands as a user runs them."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests import PROJECT


def printed(
    command: Sequence[object],
    variables: Mapping[str, str] | None = None,
    *,
    folder: Path = PROJECT,
    given: str | None = None,
    exit_code: int = 0,
) -> str:
    """What a command printed, which has to end with this exit code.

    Args:
        command: its words, paths among them.
        variables: what it has in its environment beside ours.
        folder: where it runs.
        given: what it reads.
        exit_code: how it ends.
    """
    done = subprocess.run(
        list(map(str, command)),
        cwd=folder,
        env={**os.environ, **(variables or {})},
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == exit_code, done.stdout + done.stderr
    return done.stdout
