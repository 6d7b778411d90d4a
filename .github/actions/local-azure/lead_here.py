"""Lead the steps that follow to what `local-azure env --json` tells on standard input."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path


def main() -> None:
    """Write the variables where the runner reads them; the secret is masked in the log."""
    told: dict[str, str] = json.load(sys.stdin)
    path = told.pop("PATH", os.environ["PATH"])
    sys.stdout.write(f"::add-mask::{told['AZURE_CLIENT_SECRET']}\n")
    _add("GITHUB_ENV", [f"{name}={value}" for name, value in told.items()])
    before = os.environ["PATH"].split(os.pathsep)
    _add("GITHUB_PATH", [each for each in path.split(os.pathsep) if each not in before])


def _add(file: str, lines: list[str]) -> None:
    with Path(os.environ[file]).open("a") as there:
        there.writelines(f"{line}\n" for line in lines)


if __name__ == "__main__":
    main()
