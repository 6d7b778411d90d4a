"""The expressions that are asked: the written ones, the systematic ones and the generated ones."""

import json
from pathlib import Path
from typing import Any, NamedTuple

from local_azure.expressions import functions as _functions  # noqa: F401 - declares them
from local_azure.expressions.registry import LOGIC_APPS, functions

TESTS = Path(__file__).parents[2] / "tests" / "templates" / "expressions"
CASES = TESTS / "cases"
CONTEXTS = TESTS / "contexts"
SERVICES = {"logic_apps": "logic", "data_factory": "data_factory"}

# One set of arguments of each type, and of each number up to six.
_ARGUMENTS = (
    "",
    "null",
    "1",
    "1.5",
    "'a'",
    "true",
    "createArray(1,2)",
    """json('{"a":1}')""",
    "null,null",
    "1,2",
    "'a','b'",
    "'a',1",
    "1,'a'",
    "createArray('a'),'a'",
    """json('{"a":1}'),'a'""",
    "true,false",
    "'a','b','c'",
    "'a',1,2",
    "'2020-01-02',1,'Day'",
    """json('{"a":1}'),'b',null""",
    "'a','b','c','d'",
    "'a','b','c','d','e'",
    "'a','b','c','d','e','f'",
)
_CHANGES_EVERY_TIME = {"guid", "utcnow", "rand", "getfuturetime", "getpasttime"}


class Group(NamedTuple):
    """Expressions that are evaluated in one context."""

    name: str
    service: str
    context: dict[str, Any]
    expressions: list[Any]


def context(service: str) -> dict[str, Any]:
    """The context that the cases of a service share."""
    found: dict[str, Any] = json.loads((CONTEXTS / f"{service}.json").read_text("utf-8"))
    return found


def written() -> list[Group]:
    """The cases in the files: an expression a line, or a list of JSON values."""
    files = sorted([*CASES.glob("*.txt"), *CASES.glob("*.json")])
    return [_group(path) for path in files]


def _group(path: Path) -> Group:
    service = "data_factory" if path.stem == "data_factory" else "logic_apps"
    text = path.read_text("utf-8")
    lines = [line for line in text.split("\n") if line]
    expressions = json.loads(text) if path.suffix == ".json" else lines
    return Group(path.stem, service, context(service), expressions)


def systematic() -> Group:
    """Every function of Logic Apps with every set of arguments."""
    expressions = [
        f"@{declared.name}({arguments})"
        for declared in functions()
        if declared.services & LOGIC_APPS
        for arguments in _ARGUMENTS
        if not _unrepeatable(declared.name, arguments)
    ]
    return Group("systematic", "logic_apps", context("logic_apps"), expressions)


def _unrepeatable(name: str, arguments: str) -> bool:
    return name.lower() in _CHANGES_EVERY_TIME and arguments in ("", "1,2", "true,false")
