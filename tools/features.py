"""The features with the tests that prove each of them, run: ``python -m tools.features [ID …]``.

Without an id it runs those of all rows of ``tests/features.txt``, nearly the whole suite. A row
without tests is told as such; that a feature is whole is what its tests say, no more.
"""

import argparse
import sys
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest

PROJECT = Path(__file__).resolve().parent.parent
_IN_PARALLEL = ("--numprocesses=logical", "--no-loadscope-reorder")


class Feature(NamedTuple):
    """A row of the table; its tests are node ids below ``tests/`` or ``local-azure/``."""

    id: str
    text: str
    tests: tuple[str, ...]


class Outcomes:
    """A pytest plugin that keeps how each test ended."""

    def __init__(self) -> None:
        self.by_test: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A failure in any phase is the test's; of the others the call counts."""
        counts = report.when == "call" or not report.passed
        if counts and self.by_test.get(report.nodeid) != "failed":
            self.by_test[report.nodeid] = report.outcome


def features() -> list[Feature]:
    """The rows of the file, in its order."""
    lines = (PROJECT / "tests" / "features.txt").read_text("utf-8").splitlines()
    rows = [line.split("|") for line in lines if line and not line.startswith("#")]
    return [Feature(name.strip(), text.strip(), tuple(tests.split())) for name, text, tests in rows]


def table(rows: list[Feature], outcomes: dict[str, str]) -> str:
    """The rows in Markdown, each with its result and its tests."""
    head = ["| # | Feature | Result | Tests |", "|---|---|---|---|"]
    told = (
        f"| {row.id} | {row.text} | {_result(row, outcomes)} | {', '.join(row.tests)} |"
        for row in rows
    )
    return "\n".join([*head, *told])


def _result(row: Feature, outcomes: dict[str, str]) -> str:
    ends = Counter(
        end
        for node, end in outcomes.items()
        if any(f"{node}/".startswith(_beginning(test)) for test in row.tests)
    )
    return ", ".join(f"{count} {end}" for end, count in sorted(ends.items())) or "no test"


def node(test: str) -> str:
    """The node id of a test, a file or a folder that a row names."""
    folder = "local-azure" if test.startswith("local_azure_tests/") else "tests"
    return f"{folder}/{test}"


def _beginning(test: str) -> tuple[str, ...]:
    """What the node ids of a folder, a file or a test begin with."""
    return tuple(f"{node(test)}{end}" for end in ("/", "::", "["))


def main(arguments: list[str]) -> int:
    """Run the tests of the rows and print the table; 1 where a test failed."""
    parser = argparse.ArgumentParser(prog="python -m tools.features", description=__doc__)
    parser.add_argument("ids", nargs="*", metavar="ID", help="rows to prove (default: all)")
    wanted = parser.parse_args(arguments).ids
    rows = [row for row in features() if not wanted or row.id in wanted]
    tests = list(dict.fromkeys(node(test) for row in rows for test in row.tests))
    outcomes = Outcomes()
    code = pytest.main(["-q", "--no-header", *_IN_PARALLEL, *tests], [outcomes]) if tests else 0
    print(table(rows, outcomes.by_test))
    return int(code)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
