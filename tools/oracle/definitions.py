"""Whole definitions before the judge: the project's own, and broken ones.

Its verdicts are written down as accepted or refused, with a hash of what was judged; the judge's
sentences are not ours to keep.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

from local_azure.lint.linter import lint
from local_azure.lint.subject import placeheld
from tools.oracle.answers import Answer

_PROJECT = Path(__file__).resolve().parents[2]
OWN = _PROJECT / "logicapp_templates"
BROKEN = _PROJECT / "tests" / "templates" / "broken"
RECORDED = _PROJECT / "tests" / "templates" / "judged_definitions.json"


def files() -> list[Path]:
    """Every definition that is judged."""
    return [*sorted(OWN.glob("*.json")), *sorted(BROKEN.glob("*.json"))]


def question() -> dict[str, Any]:
    """What the judge is asked: each definition, with a value for each of its parameters."""
    return {"service": "definition", "context": {}, "expressions": [_asked(f) for f in files()]}


def compare(told: list[Answer]) -> int:
    """Tell what the judge and the linter say of each definition.

    Returns:
        How many of the project's own definitions either refuses, and how many of the broken ones
        the linter accepts.
    """
    wrong = missed = 0
    for file, verdict in zip(files(), told, strict=True):
        accepted = "error" not in verdict
        clean = not lint(_read(file), {})
        own = file.parent == OWN
        missed += accepted and not own
        if (own and not (accepted and clean)) or (not own and clean):
            wrong += 1
            print(f"  {file.name}: judge {_word(accepted)}, linter {_word(clean)}")
    print(
        f"definitions: {len(told)}, {missed} broken ones accepted by the judge, {wrong} unexpected"
    )
    return wrong


def write(told: list[Answer], judge: dict[str, str]) -> None:
    """Write the verdicts down."""
    verdicts = {
        file.name: {"sha256": fingerprint(file), "verdict": _word("error" not in verdict)}
        for file, verdict in zip(files(), told, strict=True)
    }
    RECORDED.write_text(json.dumps({**judge, "verdicts": verdicts}, indent=2) + "\n", "utf-8")


def fingerprint(file: Path) -> str:
    """A hash by which a verdict knows the definition that it is about."""
    return hashlib.sha256(json.dumps(_read(file)).encode()).hexdigest()


def _asked(file: Path) -> dict[str, Any]:
    definition = _read(file)
    declared = definition.get("parameters", {})
    given = placeheld(definition, {})
    values = {n: {"type": declared[n]["type"], "value": v["value"]} for n, v in given.items()}
    return {"definition": definition, "parameters": values}


def _read(file: Path) -> Any:
    return json.loads(file.read_text("utf-8"))


def _word(accepted: object) -> str:
    return "accepted" if accepted else "refused"
