"""What is found in expressions without running them, and expressions tried out one by one."""

from pathlib import Path
from typing import Any

import pytest

from local_azure.expressions.check import check, try_expressions
from local_azure.expressions.registry import (
    DATA_FACTORY,
    LOGIC_APPS,
    NOT_EMULATED,
    function,
    functions,
)


def test_a_good_definition_has_no_problem() -> None:
    definition = {"uri": "@parameters('endpoint_uri')", "body": ["@{triggerBody()?['a']}", 1, None]}

    assert check(definition, LOGIC_APPS) == []


@pytest.mark.parametrize(
    ("definition", "problem"),
    [
        pytest.param(
            {"a": ["@if(true,1,nonsense())"]},
            "@if(true,1,nonsense()): The template function 'nonsense' is not defined or not valid.",
            id="an unknown function in a branch that may never run",
        ),
        pytest.param(
            "x@{substring('a')}",
            "x@{substring('a')}: The template language function 'substring' expects 'text' "
            "(string), 'start' (integer), 'length' (integer) optionally. "
            "The function was invoked with '1' parameter(s).",
            id="a wrong number of arguments",
        ),
        pytest.param(
            "@toUpper(5)",
            "@toUpper(5): The template language function 'toUpper' expects its first parameter "
            "'text' to be of type string. The provided value is of type 'Integer'.",
            id="a literal of a wrong type",
        ),
        pytest.param(
            {"@add(1,": 2},
            "@add(1,: Unable to parse template language expression 'add(1,': expected token "
            "'Identifier' and actual 'EndOfData'.",
            id="a malformed expression in the name of a property",
        ),
    ],
)
def test_a_problem_is_found(definition: Any, problem: str) -> None:
    assert check(definition) == [problem]


def test_every_problem_is_told() -> None:
    assert len(check(["@nonsense()", "@toUpper(5)", "@concat()"])) == 3


def test_a_function_of_the_other_service_is_found() -> None:
    assert check("@pipeline()", LOGIC_APPS) != []
    assert check("@pipeline()", DATA_FACTORY) == []


def test_expressions_are_tried_each_on_its_own() -> None:
    document = {"context": {"variables": {"n": 2}}, "expressions": ["@div(1,0)", "@variables('n')"]}

    assert try_expressions(document) == [
        {"error": "The template language function 'div' can't divide by zero."},
        {"value": 2},
    ]


def test_every_key_of_the_documented_context_is_read() -> None:
    context = {
        "parameters": {"p": 1},
        "trigger": {"outputs": {"body": 2}},
        "actions": {"Invoke": {"status": "Failed", "outputs": {"body": 3}, "error": {"code": "c"}}},
        "variables": {"v": 4},
        "workflow": {"run": {"name": "r"}},
        "pipeline": {"parameters": {"q": 5}},
        "item": 6,
    }
    expressions = [
        "@parameters('p')",
        "@triggerBody()",
        "@body('Invoke')",
        "@actions('Invoke').error.code",
        "@variables('v')",
        "@workflow().run.name",
        "@pipeline().parameters.q",
        "@item()",
    ]

    told = try_expressions({"context": context, "expressions": expressions})

    assert [each.get("value") for each in told] == [1, 2, 3, "c", 4, "r", 5, 6]


def test_an_activity_is_found_among_the_actions_where_no_activities_are_given() -> None:
    context = {"actions": {"Run": {"status": "Succeeded", "outputs": {"name": "job"}}}}

    told = try_expressions({"context": context, "expressions": ["@activity('Run').output.name"]})

    assert told == [{"value": "job"}]


@pytest.mark.parametrize(
    ("document", "told"),
    [
        (
            {"context": {"variable": {}}, "expressions": []},
            r"unknown key\(s\) variable; accepted are: parameters",
        ),
        ({"context": {}}, "found the keys context"),
    ],
)
def test_a_document_that_can_not_be_tried_is_refused(document: Any, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        try_expressions(document)


def test_a_signature_that_can_not_be_read_is_refused() -> None:
    with pytest.raises(ValueError, match="A signature reads"):
        function("broken")(len)


def test_each_documented_function_is_there_or_refused_as_not_emulated() -> None:
    documented = Path(__file__).with_name("documented_functions.txt").read_text("utf-8").split()
    declared = {each.name.lower() for each in functions()}

    assert {name.lower() for name in documented} - declared == NOT_EMULATED
    assert check("@xml('<a/>')") == ["@xml('<a/>'): The template function 'xml' is not emulated."]
