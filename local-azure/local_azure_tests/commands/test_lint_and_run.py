"""Whatever ``run-workflow`` refuses in an expression, ``lint`` finds."""

from pathlib import Path
from typing import Any

import pytest

from local_azure_tests.conftest import Invoke, saved
from local_azure_tests.logic.definitions import compose, definition, http

pytestmark = pytest.mark.usefixtures("nothing_runs")

BROKEN = [
    "@concat('a'",
    "@{concat('a'",
    "@{'a'}@{",
    "@nope()",
    "@'a' 'b'",
    "@1 + 1",
    "@add('a', 1)",
    "@toLower()",
    "@if(true, 1)",
    "@first(1)",
    "@parameters('p')",
    "@variables('v')",
    "@body('Z')",
    "@outputs('A')",
    "@item()",
    "@items('L')",
    "@iterationIndexes('L')",
    "@result('A')",
    "@pipeline().RunId",
    "@activity('x')",
    "@listCallbackUrl()",
    "@appsetting('x')",
    "@div(1, 0)",
    "@concat('a', string(mod(1, 0)))",
    "a @{int('x')}",
    "@json('{')",
    "@substring('abc', 5, 1)",
    "@formatDateTime('x')",
    "@addDays(utcNow(), int('x'))",
    "@convertTimeZone(utcNow(), 'UTC', 'Nope')",
    "@guid('Q')",
    "@rand(5, 1)",
    "@union(1, 2)",
    "@greater(1, 'a')",
    "@createArray(1)[5]",
    "@json('{}').x",
    "@uriPath('::')",
    "@base64ToString('!!!')",
    "@dataUriToString('x')",
]
SOUND = [
    "@@concat('a'",
    "@concat('a', 'b')",
    "@triggerBody()?['x']?['y']",
    "@int('1')",
    "@if(true, 1, 2)",
    "@json('{\"x\": 1}').x",
    "@workflow().run.name",
]
REPLY = {"type": "Response", "inputs": {"statusCode": 200}}


def judged(tmp_path: Path, invoke: Invoke, document: Any) -> tuple[int, int]:
    """The exit codes of ``lint`` and ``run-workflow``."""
    file = saved(tmp_path, document, "definition.json")
    event = saved(tmp_path, {"a": 1}, "event.json")
    return invoke("lint", file).code, invoke("try", "workflow", file, "--event", event).code


@pytest.mark.parametrize("expression", BROKEN)
def test_what_a_run_refuses_lint_finds(tmp_path: Path, invoke: Invoke, expression: str) -> None:
    assert judged(tmp_path, invoke, definition({"A": compose(expression)})) == (1, 1)


@pytest.mark.parametrize("expression", SOUND)
def test_what_runs_is_no_finding(tmp_path: Path, invoke: Invoke, expression: str) -> None:
    assert judged(tmp_path, invoke, definition({"A": compose(expression)})) == (0, 0)


def within(kind: str, **own: Any) -> dict[str, Any]:
    return definition({"A": {"type": kind, "actions": {}, **own}})


def beside(**trigger: Any) -> dict[str, Any]:
    document = definition({"A": compose(1)})
    document["triggers"]["manual"] |= trigger
    return document


UNTIL = {"expression": "@equals(1, 1)", "limit": {"count": 1, "timeout": "PT1M"}}


@pytest.mark.parametrize("expression", ["@nope()", "@concat('a'", "@div(1, 0)"])
@pytest.mark.parametrize(
    "place",
    [
        lambda broken: beside(conditions=[{"expression": broken}]),
        lambda broken: beside(splitOn=f"@createArray(triggerBody(), {broken[1:]})"),
        lambda broken: definition(
            {"A": compose(1)}, outputs={"o": {"type": "int", "value": broken}}
        ),
        lambda broken: definition({"A": compose({broken: 1})}),
        lambda broken: definition({"A": compose([{"deep": [f"text @{{{broken[1:]}}}"]}])}),
        lambda broken: definition({"A": http(uri=broken)}),
        lambda broken: definition({"A": http(headers={"x": broken})}),
        lambda broken: definition({"A": {**REPLY, "inputs": {"statusCode": broken}}}),
        lambda broken: within("If", expression=broken),
        lambda broken: within("If", expression={"and": [{"equals": [broken, 1]}]}),
        lambda broken: within("If", expression={"not": {"equals": [1, broken]}}),
        lambda broken: within("Foreach", foreach=broken),
        lambda broken: within("Until", **{**UNTIL, "expression": broken}),
        lambda broken: within("Scope", actions={"B": compose(broken)}),
        lambda broken: definition({"A": {"type": "Switch", "expression": broken, "cases": {}}}),
    ],
)
def test_wherever_it_stands(tmp_path: Path, invoke: Invoke, place: Any, expression: str) -> None:
    assert judged(tmp_path, invoke, place(expression)) == (1, 1)


HEADERS = {"Data": "@{concat('{\"a\" : \"', 'b', '\"}')}", "Content-Type": "application/json"}


@pytest.mark.parametrize(
    "actions",
    [
        {"A": compose(1), "B": compose(2, "A", on="SUCCEEDED")},
        {"A": {**REPLY, "inputs": {"statusCode": "@int('202')", "headers": HEADERS}}},
    ],
    ids=["run after in capitals", "JSON in a header"],
)
def test_what_public_reports_have_is_right(tmp_path: Path, invoke: Invoke, actions: Any) -> None:
    assert judged(tmp_path, invoke, definition(actions)) == (0, 0)


def test_a_connectors_trigger_is_refused_by_name(tmp_path: Path, invoke: Invoke) -> None:
    file = saved(tmp_path, beside(type="ApiConnectionWebhook"))
    linted, ran = invoke("lint", file), invoke("try", "workflow", file, "--event", file)

    sentence = "the type 'ApiConnectionWebhook' is not emulated; accepted: 'Request'"
    assert sentence in linted.out
    assert sentence in ran.err
    assert (linted.code, ran.code) == (1, 1)
