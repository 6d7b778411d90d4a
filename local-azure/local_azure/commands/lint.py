"""``lint``: what is wrong, or unwise, in workflow definitions, pipelines and datasets."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from local_azure.commands import pipeline_files
from local_azure.lint.factory import lint_dataset, lint_pipeline
from local_azure.lint.linter import lint_file
from local_azure.lint.subject import Finding


def report(files: Sequence[str]) -> tuple[list[dict[str, Any]], list[str], int]:
    """What is found in the files, lines that tell it, and the exit code: 1 where anything is.

    Raises:
        LocalAzureError: a file can't be read, or holds no definition.
    """
    found = [(file, finding) for file in files for finding in _findings(Path(file))]
    told = [{"file": file, **asdict(finding)} for file, finding in found]
    if not found:
        return told, [f"Nothing found in {len(files)} file(s)."], 0
    lines = [f"{file}: {finding}" for file, finding in found]
    return told, [*lines, f"{len(found)} finding(s)"], 1


def _findings(path: Path) -> Iterator[Finding]:
    found = pipeline_files.factory_documents(path)
    if found is None:
        yield from lint_file(path)
        return
    own, beside = found
    for rules, folder in ((lint_pipeline, "pipelines"), (lint_dataset, "datasets")):
        for properties in own.get(folder, {}).values():
            yield from rules(properties, beside)
