"""How long ``make setup`` takes in a fresh clone: with an empty home directory, then once more.

The first one downloads and builds everything, for minutes; that is why it is measured only where it
is asked for. The second one is what another clone of the same user costs.
"""

import os
import re
import subprocess
import tempfile
from pathlib import Path

from benchmarks.figures import Figure, seconds
from benchmarks.workspace import PROJECT

_NOT_A_NEWCOMERS = re.compile(
    "(PULUMI|AZURE|ARM|XDG|VIRTUAL_ENV|CONDA|PYTHONPATH|GOPATH|GOCACHE|GOMODCACHE|LOCAL_AZURE)"
)


def measure() -> list[Figure]:
    """The figures of what is committed."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        home = Path(folder) / "home"
        home.mkdir()
        first, second = (_set_up(Path(folder) / name, home) for name in ("first", "second"))
        # Go keeps its module cache read-only.
        subprocess.run(["chmod", "-R", "u+w", folder], check=False)  # noqa: S607 a standard tool
    return [
        Figure("set-up of a fresh clone, empty home directory", (first,), "s"),
        Figure("set-up of a second clone", (second,), "s", (first,), "the first one"),
    ]


def _set_up(clone: Path, home: Path) -> float:
    subprocess.run(["git", "clone", "--quiet", PROJECT, clone], check=True)  # noqa: S607 as above
    env = {name: value for name, value in os.environ.items() if not _NOT_A_NEWCOMERS.match(name)}
    env |= {"HOME": str(home)}
    return seconds(
        lambda: subprocess.run(["make", "setup"], cwd=clone, env=env, check=True)  # noqa: S607 as above
    )
