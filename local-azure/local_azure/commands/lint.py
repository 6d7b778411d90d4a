"""``lint``: what is wrong, or unwise, in workflow definitions, pipelines and datasets."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from local_azure.commands import pipeline_files
from local_azure.lint.factory import lint_dataset, lint_pipeline
from local_azure.lint.linter import lint_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from local_azure.lint.finding import Finding


def report(files: Sequence[str], *, as_json: bool) -> tuple[str, int]:
    """What is found in the files, and the exit code: 1 where anything is.

    Raises:
        LocalAzureError: a file can't be read, or holds no definition.
    """
    found = [(file, finding) for file in files for finding in _findings(Path(file))]
    code = 1 if found else 0
    if as_json:
        told = [{"file": file, **asdict(finding)} for file, finding in found]
        return json.dumps(told, indent=2), code
    if not found:
        return f"Nothing found in {len(files)} file(s).", code
    lines = [f"{file}: {finding}" for file, finding in found]
    return "\n".join([*lines, f"{len(found)} finding(s)"]), code


def _findings(path: Path) -> Iterator[Finding]:
    found = pipeline_files.factory_documents(path)
    if found is None:
        yield from lint_file(path)
        return
    own, beside = found
    for rules, folder in ((lint_pipeline, "pipelines"), (lint_dataset, "datasets")):
        for properties in own.get(folder, {}).values():
            yield from rules(properties, beside)
