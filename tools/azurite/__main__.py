"""`python -m tools.azurite`: install Azurite and link it into the checkout."""

from __future__ import annotations

import hashlib
import os
import shutil
from functools import partial
from pathlib import Path

from tools import cache, command_line, progress
from tools.azurite import NODE, PACKAGES, ROOT, node

HERE = Path(__file__).parent
PINNED = ("package.json", "package-lock.json")
ADVICE = "Check the network to the npm registry and run make again."


def install() -> str:
    """Install what the lock file pins, once for each state of the lock file."""
    program, npm, source = node.find()
    folder = cache.entry(f"azurite-{_digest()}", partial(_install, npm=npm, program=program))
    with cache.alone(ROOT / ".tools" / "azurite.lock"):
        _link(PACKAGES, folder)
        _link(NODE, program)
    return f"{source}, packages in {folder}"


def _digest() -> str:
    pinned = b"".join((HERE / name).read_bytes() for name in PINNED)
    return hashlib.sha256(pinned).hexdigest()[:12]


def _install(into: Path, *, npm: list[str], program: Path) -> None:
    for name in PINNED:
        shutil.copy2(HERE / name, into)
    quiet = ["--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]
    progress.run(
        "Azurite: installing",
        # no package of Azurite needs its install script to run, so none may run
        [*npm, "ci", "--ignore-scripts", "--omit=dev", *quiet],
        minutes=0.5,
        advice=ADVICE,
        directory=into,
        environment=os.environ | {"PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}"},
    )


def _link(link: Path, target: Path) -> None:
    part = link.with_name(f"{link.name}.part")
    part.unlink(missing_ok=True)
    part.symlink_to(target)
    part.replace(link)


if __name__ == "__main__":
    command_line.run("Azurite", install)
