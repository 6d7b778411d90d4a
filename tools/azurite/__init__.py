"""Azurite, Microsoft's storage emulator: in it the embedded Azure keeps blobs and queues.

`package-lock.json` pins every package by hash and names no host, so that any npm registry serves
it. It is made by `npm install --package-lock-only --omit-lockfile-registry-resolved`.
"""

from __future__ import annotations

from pathlib import Path

from tools.errors import SetupError

ROOT = Path(__file__).resolve().parents[2]
NODE = ROOT / ".tools" / "node"
PACKAGES = ROOT / ".tools" / "azurite"


def command(service: str = "blob") -> list[str]:
    """Return the program and script that start a service of Azurite; options go behind.

    Args:
        service: ``blob`` or ``queue``.

    Raises:
        SetupError: it is not set up in this checkout.
    """
    script = PACKAGES / "node_modules" / "azurite" / "dist" / "src" / service / "main.js"
    if not NODE.exists() or not script.exists():
        message = "Azurite is not set up here. Run `make setup`."
        raise SetupError(message)
    return [str(NODE), str(script)]
