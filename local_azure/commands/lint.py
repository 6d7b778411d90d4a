"""``lint``: what is wrong, or unwise, in workflow definitions."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from local_azure.lint.linter import lint_file

if TYPE_CHECKING:
    from collections.abc import Sequence


def report(files: Sequence[str], *, as_json: bool) -> tuple[str, int]:
    """What is found in the files, and the exit code: 1 where anything is.

    Raises:
        LocalAzureError: a file can't be read, or holds no definition.
    """
    found = [(file, finding) for file in files for finding in lint_file(Path(file))]
    code = 1 if found else 0
    if as_json:
        told = [{"file": file, **asdict(finding)} for file, finding in found]
        return json.dumps(told, indent=2), code
    if not found:
        return f"Nothing found in {len(files)} definition(s).", code
    lines = [f"{file}: {finding}" for file, finding in found]
    return "\n".join([*lines, f"{len(found)} finding(s)"]), code
