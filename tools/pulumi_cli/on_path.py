"""A Pulumi CLI that the user has already."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from tools.pulumi_cli import VERSION

LANGUAGE_HOST = "pulumi-language-python"


def find(path: str) -> tuple[Path | None, str]:
    """Look for a usable CLI in `path`; the sentence says what was found, or why not."""
    found = shutil.which("pulumi", path=path)
    if found is None:
        return None, "no CLI on PATH"
    cli = Path(found).resolve()
    version = _version(cli)
    if not new_enough(version):
        return None, f"{found} is {version or 'of no known version'}, at least {VERSION} is needed"
    if not _has_language_host(cli, path):
        return None, f"{found} has no {LANGUAGE_HOST} beside it or on PATH"
    return cli, f"{version} from PATH ({found})"


def without(path: str, folder: Path) -> str:
    """Return PATH without our own folder, whose CLI is not the user's."""
    return os.pathsep.join(part for part in path.split(os.pathsep) if part and Path(part) != folder)


def new_enough(version: str) -> bool:
    """Say whether `v3.251.0`, or `v3.251.0-dev` of the same numbers, is `VERSION` or later."""
    return _numbers(version) >= _numbers(VERSION)


def _numbers(version: str) -> tuple[int, ...]:
    match = re.match(r"v?(\d+)\.(\d+)\.(\d+)", version)
    return tuple(int(number) for number in match.groups()) if match else ()


def _version(cli: Path) -> str:
    environment = os.environ | {"PULUMI_SKIP_UPDATE_CHECK": "true"}
    try:
        run = subprocess.run(
            [cli, "version"],
            capture_output=True,
            text=True,
            timeout=30,
            env=environment,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return run.stdout.strip() if run.returncode == 0 else ""


def _has_language_host(cli: Path, path: str) -> bool:
    beside = os.access(cli.with_name(LANGUAGE_HOST), os.X_OK)
    return beside or shutil.which(LANGUAGE_HOST, path=path) is not None
