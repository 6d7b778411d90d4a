"""Wheels of this repository's distributions, built from copies and installed away from it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_NOT = shutil.ignore_patterns("__pycache__", "*.egg-info")


def installed_wheel(root: Path, folder: Path, parts: Iterable[str] = (".",)) -> Path:
    """The folder that a distribution's wheel is installed into, alone and offline.

    Args:
        root: what lies beside its `pyproject.toml`.
        folder: where it is built and installed.
        parts: which files and folders of the root it is built from.
    """
    source = folder / "source"
    for part in parts:
        if (root / part).is_dir():
            shutil.copytree(root / part, source / part, ignore=_NOT)
        else:
            (source / part).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(root / part, source / part)
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    alone = ["--no-deps", "--no-index"]
    build = [*alone, "--no-build-isolation", "--wheel-dir", str(folder), str(source)]
    subprocess.run([*pip, "wheel", *build], check=True, cwd=folder)
    wheels = [str(each) for each in folder.glob("*.whl")]
    subprocess.run(
        [*pip, "install", *alone, "--target", str(folder / "site"), *wheels], check=True, cwd=folder
    )
    return folder / "site"
