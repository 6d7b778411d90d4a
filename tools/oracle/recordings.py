"""The judge's answers, written down: one file per group, one line per expression.

The first line of a file says who answered: assembly, version, SHA-256. Nothing else than the judge
may write an answer; a known difference stands in differences.json with its reason.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tools.oracle import answers
from tools.oracle.cases import TESTS

if TYPE_CHECKING:
    from tools.oracle.cases import Group

RECORDED = TESTS / "recorded"
DIFFERENCES = TESTS / "differences.json"


def write(group: Group, told: list[answers.Answer], judge: dict[str, str]) -> None:
    """Write a group's answers down."""
    head = {**judge, "service": group.service}
    lines = [json.dumps(head)]
    for expression, answer in zip(group.expressions, told, strict=True):
        lines.append(_line([expression, answer]))
    RECORDED.mkdir(exist_ok=True)
    (RECORDED / f"{group.name}.jsonl").write_text("\n".join(lines) + "\n", "utf-8")


def differences() -> dict[str, str]:
    """Each expression whose answer differs on purpose, with the reason."""
    listed = json.loads(DIFFERENCES.read_text("utf-8"))
    return {expression: each["reason"] for each in listed for expression in each["expressions"]}


def _line(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))
