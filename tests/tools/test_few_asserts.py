"""What would be a test of more than three asserts is a table of named cases, or several tests."""

import ast

from tests import PROJECT
from tests.commands import printed

MOST = 3


def test_no_test_has_more_than_three_asserts() -> None:
    files = printed(["git", "ls-files", "*test*.py"]).split()
    crowded = [
        f"{file}::{node.name}"
        for file in files
        if (PROJECT / file).is_file()  # and not just taken away
        for node in ast.walk(ast.parse((PROJECT / file).read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test")
        if sum(isinstance(each, ast.Assert) for each in ast.walk(node)) > MOST
    ]

    assert crowded == [], "\n".join(crowded)
