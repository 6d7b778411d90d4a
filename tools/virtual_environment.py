"""`python -m tools.virtual_environment`: make `venv/` and install what requirements.lock has.

The name is fixed: Pulumi.yaml's runtime option says `virtualenv: venv`. `make lock` writes the lock
of requirements-dev.txt: what those packages need in turn, for every system, each with its hashes.
"""

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tools import cache, command_line, progress

ROOT = Path(__file__).resolve().parents[1]
OLDEST = (3, 11)
ADVICE_VENV = (
    "Install Python's venv module (Debian and Ubuntu: the package python3-venv) and run make again."
)
ADVICE_PIP = "Check the network to the Python package index and run make again."


def install() -> str:
    """Make the environment where there is none that works, and install the packages."""
    with cache.alone(ROOT / ".tools" / "venv.lock"):
        _make(ROOT / "venv")
        _fill(ROOT / "venv")
    return f"Python {sys.version.split()[0]} in venv"


def _make(folder: Path) -> None:
    if works(folder):
        return
    shutil.rmtree(folder, ignore_errors=True)
    _new(folder, "Python packages: making venv", ADVICE_VENV)


def _new(folder: Path, step: str, advice: str) -> None:
    progress.run(step, [sys.executable, "-m", "venv", str(folder)], minutes=0.1, advice=advice)


def pip(folder: Path) -> list[str]:
    """The pip of an environment."""
    return [str(folder / "bin" / "python"), "-m", "pip", "--quiet", "--disable-pip-version-check"]


def make(into: Path, packages: Sequence[str], step: str, minutes: float, advice: str) -> None:
    """Make another environment, of packages that don't go with those of `venv/`.

    Raises:
        SetupError: one can't be had.
    """
    _new(into, step, advice)
    progress.run(step, [*pip(into), "install", *packages], minutes=minutes, advice=advice)


def works(folder: Path) -> bool:
    """Say whether the folder's Python is new enough and can install."""
    check = f"import pip, sys; sys.exit(sys.version_info < {OLDEST})"
    try:
        run = subprocess.run(
            [folder / "bin" / "python", "-c", check], capture_output=True, check=False
        )
    except OSError:
        return False
    return run.returncode == 0


def _fill(folder: Path) -> None:
    ours = ["--no-deps", "--no-build-isolation", "-e", ".", "-e", "./local-azure"]
    for what, minutes, given in (
        ("installing", 1.5, ["--require-hashes", "-r", "requirements.lock"]),
        ("linking our own", 0.1, ours),
    ):
        progress.run(
            f"Python packages: {what}",
            [*pip(folder), "install", *given],
            minutes=minutes,
            advice=ADVICE_PIP,
            directory=ROOT,
        )


if __name__ == "__main__":
    command_line.run("Python packages", install)
