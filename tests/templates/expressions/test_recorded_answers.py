"""The evaluator against the answers that Microsoft's own engine gave, without the engine."""

import json
from pathlib import Path
from typing import Any

import pytest

from local_azure.expressions.parser import parse
from local_azure.expressions.syntax import Call, Expression, Selection
from tools.oracle import answers, cases, generate, recordings

_FILES = sorted(recordings.RECORDED.glob("*.jsonl"))
_FEW = 1000
"""Of the 20,000 generated expressions, those that need no second to be made."""


def _read(path: Path) -> tuple[dict[str, Any], list[str]]:
    head, *lines = path.read_text("utf-8").splitlines()
    return json.loads(head), lines


def _recorded(path: Path) -> tuple[dict[str, Any], list[tuple[Any, answers.Answer]]]:
    head, lines = _read(path)
    return head, [(expression, answer) for expression, answer in map(json.loads, lines)]


def _nesting(expression: Expression) -> int:
    """How many function calls stand in each other."""
    if isinstance(expression, Call):
        return 1 + max(map(_nesting, expression.arguments), default=0)
    if isinstance(expression, Selection):
        return max(_nesting(expression.target), *(_nesting(step.key) for step in expression.steps))
    return 0


@pytest.mark.parametrize("path", _FILES, ids=lambda path: path.stem)
def test_the_evaluator_answers_as_the_judge_did(path: Path) -> None:
    head, recorded = _recorded(path)
    known = recordings.differences()
    asked = [each for each in recorded if each[0] not in known]

    own = answers.ours([expression for expression, _ in asked], cases.context(head["service"]))

    differing = [
        (expression, answers.written(ours), answers.written(judged))
        for (expression, judged), ours in zip(asked, own, strict=True)
        if not answers.agree(ours, judged)
    ]
    assert differing == []


@pytest.mark.parametrize("count", [_FEW, pytest.param(generate.COUNT, marks=pytest.mark.long)])
def test_the_evaluator_answers_generated_expressions_as_the_judge_did(count: int) -> None:
    _, recorded = _read(recordings.GENERATED)
    group = generate.group(count)
    known = recordings.differences()

    own = answers.ours(group.expressions, group.context)

    differing = [
        (expression, answers.written(ours))
        for expression, ours, judged in zip(group.expressions, own, recorded[:count], strict=True)
        if answers.digest(ours) != judged and expression not in known
    ]
    assert differing == []


@pytest.mark.long
def test_the_judge_was_asked_all_that_is_generated() -> None:
    head, _ = _read(recordings.GENERATED)

    assert head["expressions"] == recordings.fingerprint(generate.group().expressions)


def test_a_listed_difference_is_one() -> None:
    known = recordings.differences()
    listed = [
        (head["service"], expression, judged)
        for head, pairs in map(_recorded, _FILES)
        for expression, judged in pairs
        if expression in known
    ]

    agreeing = [
        expression
        for service, expression, judged in listed
        if answers.agree(answers.ours([expression], cases.context(service))[0], judged)
    ]

    assert agreeing == []


@pytest.mark.long
def test_every_listed_difference_was_asked() -> None:
    asked = [expression for path in _FILES for expression, _ in _recorded(path)[1]]
    generated = generate.group().expressions

    never = [
        each for each in recordings.differences() if each not in asked and each not in generated
    ]

    assert never == []


def test_every_case_was_asked() -> None:
    for group in [*cases.written(), cases.systematic()]:
        _, recorded = _recorded(recordings.RECORDED / f"{group.name}.jsonl")

        assert [expression for expression, _ in recorded] == group.expressions


def test_every_recording_names_the_one_judge_that_answered() -> None:
    judges = {
        (head["assembly"], head["version"], head["sha256"])
        for head, _ in (_read(path) for path in [*_FILES, recordings.GENERATED])
    }

    assert judges == {
        (
            "Microsoft.Azure.Workflows.Templates",
            "1.0.0.12955",
            "f0663fdbfe7870c8fb8073201eedd30ebb78b4d0491ea2c55d0dd95323772260",
        ),
    }


def test_the_table_has_1500_cases() -> None:
    assert sum(len(_recorded(path)[1]) for path in _FILES) >= 1500


def test_of_20000_generated_expressions_most_succeed_and_nest_three_functions() -> None:
    _, recorded = _read(recordings.GENERATED)
    refused = answers.digest({"error": ""})
    sample = list(zip(generate.group(_FEW).expressions, recorded, strict=False))

    good = [_nesting(parse(asked)) >= 3 and judged != refused for asked, judged in sample]

    assert len(recorded) >= 20_000
    assert sum(good) >= len(good) / 2
