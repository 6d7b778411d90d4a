"""Microsoft's engine asked from here: one process for many expressions, one for pipelines."""

import json
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

from tools.errors import SetupError
from tools.oracle import answers, installation

_ENGINE = Path(__file__).with_name("engine.py")
_STEPPER = Path(__file__).with_name("stepper.py")
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
    lines = iter(_run(_ENGINE, {"sets": groups}))
    told = json.loads(next(lines))
    found = [[_answer(next(lines)) for _ in group["expressions"]] for group in groups]
    return Verdict(told, found, json.loads(next(lines))["seconds"])


def step(scenarios: list[Any]) -> tuple[dict[str, str], list[dict[str, Any]]]:
    """Have the framework take scenarios step by step.

    Returns:
        Who did (framework, version), and ``steps`` or ``error`` of each.

    Raises:
        SetupError: where the framework can't be set up or run.
    """
    head, *lines = map(json.loads, _run(_STEPPER, {"scenarios": scenarios}))
    return head, lines


def _run(script: Path, asked: dict[str, Any]) -> list[str]:
    judge = installation.folder()
    run = subprocess.run(
        [installation.python(judge), script],
        input=json.dumps(asked),
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
    return run.stdout.splitlines()


def _answer(line: str) -> answers.Answer:
    told = json.loads(line)
    return answers.refusal(told["error"]) if "error" in told else answers.value(told["value"])
