"""`python -m tools.oracle`: ask the judge and our evaluator the same, and compare.

Prints the counts and every disagreement that is not listed in differences.json, and ends with 1
where there is one. With `--record` it also writes down the judge's answers, which `make test`
replays.
"""

import argparse
import sys
import time
from typing import Any

from tools.errors import SetupError
from tools.oracle import (
    answers,
    cases,
    definitions,
    generate,
    judge,
    pipelines,
    recordings,
    scenarios,
)


def main() -> int:
    """Ask, compare and tell.

    Returns:
        0 where every disagreement is a listed one, else 1.
    """
    options = _options()
    try:
        unexpected = 0 if options.pipelines else _judge_expressions(options)
        unexpected += _judge_pipelines(options)
    except SetupError as error:
        sys.exit(f"Judge: {error}")
    return 1 if unexpected else 0


def _judge_expressions(options: argparse.Namespace) -> int:
    groups = [*cases.written(), cases.systematic(), generate.group(options.count)]
    verdict = judge.ask([*map(_question, groups), definitions.question()])
    told = verdict.judge
    print(f"Judge: {told['assembly']} {told['version']}, sha256 {told['sha256'][:16]}...")
    known = recordings.differences()
    started = time.perf_counter()
    unexpected = 0
    *told_of_groups, told_of_definitions = verdict.answers
    for group, theirs in zip(groups, told_of_groups, strict=True):
        unexpected += _compare(group, theirs, known)
        if options.record:
            recordings.write(group, theirs, told)
    ours = time.perf_counter() - started
    unexpected += definitions.compare(told_of_definitions)
    if options.record:
        definitions.write(told_of_definitions, told)
    print(
        f"{unexpected} unexpected disagreement(s); the judge answered in {verdict.seconds:.1f} s, "
        f"ours with the comparison in {ours:.1f} s",
    )
    return unexpected


def _judge_pipelines(options: argparse.Namespace) -> int:
    head, stepped = judge.step([scenarios.load(name) for name in scenarios.names()])
    print(f"Judge: {head['framework']} {head['version']}")
    unexpected = pipelines.compare(stepped)
    if options.record:
        pipelines.write(head, stepped)
    return unexpected


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.oracle", description=__doc__)
    parser.add_argument("--record", action="store_true", help="write down the judge's answers")
    parser.add_argument("--pipelines", action="store_true", help="judge the pipelines alone")
    parser.add_argument("--count", type=int, default=generate.COUNT, help="generated expressions")
    return parser.parse_args()


def _question(group: cases.Group) -> dict[str, object]:
    return {
        "service": cases.SERVICES[group.service],
        "context": group.context,
        "expressions": group.expressions,
    }


def _compare(group: cases.Group, theirs: list[answers.Answer], known: list[Any]) -> int:
    own = answers.ours(group.expressions, group.context)
    unexpected = listed = refused = 0
    for expression, ours, judged in zip(group.expressions, own, theirs, strict=True):
        refused += "error" in judged
        if answers.agree(ours, judged):
            continue
        if expression in known:
            listed += 1
            continue
        unexpected += 1
        print(f"  {expression}\n    ours  {answers.written(ours)}")
        print(f"    judge {answers.written(judged)}")
    print(
        f"{group.name}: {len(theirs)} expressions, {refused} refused by the judge, "
        f"{listed} listed differences, {unexpected} unexpected",
    )
    return unexpected


if __name__ == "__main__":
    sys.exit(main())
