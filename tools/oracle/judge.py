"""Microsoft's engine asked from here: one process for many expressions."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

from tools.errors import SetupError
from tools.oracle import answers, installation

_ENGINE = Path(__file__).with_name("engine.py")
_LONGEST_ERROR = 2000


class Verdict(NamedTuple):
    """Who answered (assembly, version, SHA-256), its answers by group, and the seconds it took."""

    judge: dict[str, str]
    answers: list[list[answers.Answer]]
    seconds: float


def ask(groups: list[dict[str, Any]]) -> Verdict:
    """Have the engine answer groups of ``{"service", "context", "expressions"}``.

    Raises:
        SetupError: where the engine can't be set up or run.
    """
    judge = installation.folder()
    run = subprocess.run(
        [installation.python(judge), _ENGINE],
        input=json.dumps({"sets": groups}),
        capture_output=True,
        text=True,
        env=installation.environment(judge),
        check=False,
    )
    if run.returncode:
        message = (
            f"The engine ended with {run.returncode}: {run.stderr[-_LONGEST_ERROR:]} "
            "Remove the folder of the judge in the cache and run make oracle again."
        )
        raise SetupError(message)
    lines = iter(run.stdout.splitlines())
    told = json.loads(next(lines))
    found = [[_answer(next(lines)) for _ in group["expressions"]] for group in groups]
    return Verdict(told, found, json.loads(next(lines))["seconds"])


def _answer(line: str) -> answers.Answer:
    told = json.loads(line)
    return answers.refusal(told["error"]) if "error" in told else answers.value(told["value"])
