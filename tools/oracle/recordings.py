"""The judge's answers, written down: one file per group, one line per expression.

The first line of a file says who answered: assembly, version, SHA-256. Nothing else than the judge
may write an answer; a known difference stands in differences.json with its reason.
"""

import hashlib
import json
from typing import Any

from tools.oracle import answers
from tools.oracle.cases import TESTS, Group

RECORDED = TESTS / "recorded"
GENERATED = RECORDED / "generated.hashes"
DIFFERENCES = TESTS / "differences.json"


def write(group: Group, told: list[answers.Answer], judge: dict[str, str]) -> None:
    """Write a group's answers down; of generated expressions a hash for each answer is enough."""
    head = {**judge, "service": group.service}
    path = RECORDED / f"{group.name}.jsonl"
    if group.name == GENERATED.stem:
        path = GENERATED
        head["expressions"] = fingerprint(group.expressions)
        lines = [answers.digest(answer) for answer in told]
    else:
        pairs = zip(group.expressions, told, strict=True)
        lines = [answers.written(each) for each in pairs]
    RECORDED.mkdir(exist_ok=True)
    written = "\n".join([json.dumps(head), *lines]) + "\n"
    path.write_text(written, "utf-8")


def fingerprint(expressions: list[str]) -> str:
    """A hash by which a recording knows the expressions that it answers."""
    return hashlib.sha256("\n".join(expressions).encode()).hexdigest()


def differences() -> list[Any]:
    """The expressions whose answers differ on purpose; the file has the reasons."""
    listed = json.loads(DIFFERENCES.read_text("utf-8"))
    return [expression for each in listed for expression in each["expressions"]]
