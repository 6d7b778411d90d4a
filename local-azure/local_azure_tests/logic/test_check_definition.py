"""What is refused when a workflow is created, and in which words."""

from typing import Any

import pytest

from local_azure.services.logic.check import check_definition
from local_azure_tests.logic.definitions import (
    compose,
    definition,
    http,
    response,
    scope,
    terminate,
    variable,
    wait,
)

LOOP = {"type": "Foreach", "foreach": "@triggerBody()"}
SOUND = definition({"A": compose(1)})
FIXED = {"type": "fixed", "count": 1, "interval": "PT5S"}


def problems(document: Any, **values: Any) -> list[str]:
    return check_definition(document, {name: {"value": value} for name, value in values.items()})


def of_action(action: Any) -> list[str]:
    return problems(definition({"A": action}))


def mail(**changes: Any) -> dict[str, Any]:
    """An action that sends an e-mail, with changes."""
    connection = {"connection": {"name": "@parameters('c')"}}
    inputs = {"host": connection, "method": "post", "path": "/v2/Mail", "body": {}}
    return {"type": "ApiConnection", "inputs": inputs | changes}


def parse(schema: dict[str, Any]) -> dict[str, Any]:
    return {"type": "ParseJson", "inputs": {"content": "", "schema": schema}}


def test_a_sound_definition_has_no_problem() -> None:
    document = definition(
        {
            "V": variable("v", "Integer", 0),
            "Each": {
                **LOOP,
                "actions": {
                    "In": compose("@concat(string(items('Each')), parameters('p'))"),
                    "Add": {
                        "type": "IncrementVariable",
                        "inputs": {"name": "v", "value": 1},
                        "runAfter": {"In": ["Succeeded", "Failed", "Skipped", "TimedOut"]},
                    },
                },
                "runAfter": {"V": ["Succeeded"]},
            },
            "Loop": {
                "type": "Until",
                "expression": "@equals(outputs('Pass'), iterationIndexes('Loop'))",
                "actions": {"Pass": compose("@variables('v')")},
                "runAfter": {"Each": ["Succeeded"]},
            },
            "End": compose(["@result('Each')", "@actions('Pass')", "@outputs('V')"], "Loop"),
        },
        parameters={"p": {"type": "String"}},
    )

    assert problems(document, p="x") == []


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ("text", "The definition is an object; found str."),
        ({}, "The definition has no $schema;"),
        ({**SOUND, "contentVersion": ""}, "has no contentVersion"),
        ({**SOUND, "actions": None}, "has no actions"),
        ({**SOUND, "extra": 1}, "the unknown key 'extra'"),
        ({**SOUND, "$schema": "other"}, "$schema is 'other'; accepted: https"),
        ({**SOUND, "parameters": []}, "parameters is an object; found list"),
    ],
)
def test_an_incomplete_definition_is_refused(document: Any, said: str) -> None:
    assert said in " ".join(problems(document))


@pytest.mark.parametrize(
    ("trigger", "said"),
    [
        ({"type": "Recurrence"}, "the type 'Recurrence' is not emulated; accepted: 'Request'"),
        ({"type": "Request", "correlation": {}}, "'correlation' is not emulated"),
        ({"type": "Request", "inputs": {"relativePath": "x"}}, "inputs have 'relativePath'"),
        ({"type": "Request", "operationOptions": "Other"}, "operationOptions 'Other'"),
        ({"type": "Request", "splitOn": "text"}, "splitOn is an expression on the trigger"),
        ({"type": "Request", "conditions": ["@true"]}, "a condition is an object"),
        (
            {"type": "Request", "conditions": [{"expression": "@equals(body('A'), 1)"}]},
            "a condition sees the trigger and parameters only; found body()",
        ),
        (
            {"type": "Request", "runtimeConfiguration": {"concurrency": {"runs": 1}}},
            "runtimeConfiguration has 'concurrency', which is not emulated",
        ),
        (
            {
                "type": "Request",
                "operationOptions": "EnableSchemaValidation",
                "inputs": {"schema": {"type": "thing"}},
            },
            "the schema at $.type: 'thing' is not valid",
        ),
    ],
)
def test_a_trigger_that_is_not_emulated_is_refused(trigger: Any, said: str) -> None:
    first = problems({**SOUND, "triggers": {"manual": trigger}})[0]
    assert first.startswith("Trigger 'manual': ")
    assert said in first


def test_a_second_trigger_is_refused() -> None:
    two = {"manual": {"type": "Request"}, "second": {"type": "Request"}}

    assert problems({**SOUND, "triggers": two}) == [
        "A workflow has one trigger here; found manual, second."
    ]


def test_a_response_under_split_on_is_refused() -> None:
    document = definition({"R": response()})
    document["triggers"]["manual"]["splitOn"] = "@triggerBody()"

    assert "no Response action can answer for them all" in problems(document)[0]


@pytest.mark.parametrize(
    ("action", "said"),
    [
        ({"type": "ServiceProvider", "inputs": {}}, "the type 'ServiceProvider' is not emulated"),
        ({"type": "ApiConnection", "inputs": {}}, "its inputs need 'host'"),
        (mail(path="/v2/Calendar"), "the operation post /v2/Calendar of a connector is not"),
        (mail(method="get"), "the operation get /v2/Mail of a connector is not emulated"),
        (mail(host={"connection": "x"}), 'host is {"connection": {"name": '),
        (mail(queries={}), "its inputs have 'queries', which is not emulated"),
        (mail(retryPolicy={"type": "often"}), "type is one of none, fixed, exponential"),
        ({"inputs": 1}, "it needs a type"),
        ({"type": "Compose"}, "it needs 'inputs'"),
        ({**compose(1), "trackedProperties": {}}, "'trackedProperties', which is not emulated"),
        ({"type": "Http", "inputs": {"method": "GET"}}, "its inputs need 'uri'"),
        (http(certificate="x"), "its inputs have 'certificate'"),
        (http(method="FETCH"), "found 'FETCH'"),
        (http(retryPolicy={"type": "often"}), "type is one of none, fixed, exponential"),
        (http(retryPolicy={**FIXED, "count": 91}), "count is a number from 1 to 90; found 91"),
        (
            http(retryPolicy={**FIXED, "interval": "PT1S"}),
            "interval of a retryPolicy is from PT5S to P1D; found 'PT1S'",
        ),
        (http(retryPolicy={**FIXED, "interval": "10s"}), "found '10s'"),
        (http(retryPolicy={"type": "none", "count": 1}), "of type none has no 'count'"),
        (http(authentication={"type": "ClientCertificate"}), "found 'ClientCertificate'"),
        (http(authentication={"type": "Basic", "username": "u"}), "of type Basic needs 'password'"),
        ({**http(), "operationOptions": "Fast"}, "operationOptions 'Fast' are not emulated"),
        ({**http(), "limit": {"timeout": "1m"}}, "limit.timeout: A duration is written like"),
        ({**http(), "limit": {"count": 1}}, "limit has a timeout only"),
        (
            {**compose(1), "runtimeConfiguration": {"staticResult": {}}},
            "runtimeConfiguration has 'staticResult'",
        ),
        (
            {**compose(1), "runtimeConfiguration": {"secureData": {"properties": ["all"]}}},
            "secureData secures 'inputs' and 'outputs'; found 'all'",
        ),
        ({"type": "If", "expression": {"same": [1, 1]}, "actions": {}}, "unknown operator 'same'"),
        ({"type": "If", "expression": {"equals": [1]}, "actions": {}}, "takes a list of two"),
        (
            {"type": "Switch", "expression": "@1", "cases": {"C": {"actions": {}}}},
            "the case 'C' has 'case' and 'actions'",
        ),
        (wait(1, "Month"), "'Month'"),
        (variable("v", "Date"), "found 'Date'"),
        *(
            (parse({"$ref": to}), f"the schema refers to '{to}', which is nothing inside of it")
            for to in ("#/a", "https://a/b")
        ),
        (parse({"pattern": "("}), "the schema at $.pattern: '(' is not a 'regex'"),
        (
            {**LOOP, "actions": {}, "runtimeConfiguration": {"concurrency": {"repetitions": 51}}},
            "repetitions from 1 to 50",
        ),
    ],
)
def test_an_action_that_can_not_run_here_is_refused_by_name(action: Any, said: str) -> None:
    found = of_action(action)

    assert any(each.startswith("Action 'A': ") and said in each for each in found), found


@pytest.mark.parametrize(
    ("actions", "said"),
    [
        ({"A": compose(1, "B")}, "Action 'A': it runs after 'B', which is no action beside it"),
        (
            {"A": compose(1), "B": compose(1, "A", on="Done")},
            "Action 'B': runAfter 'A' has the status 'Done'",
        ),
        (
            {"A": compose(1, "B"), "B": compose(1, "A")},
            "The actions A, B run after each other in a circle.",
        ),
        ({"A": compose(1), "S": scope({"a": compose(1)})}, "Action 'a': the name is taken"),
        (
            {"L": {**LOOP, "actions": {"T": terminate("Failed")}}},
            "Action 'T': a Terminate action can't stand inside a Foreach",
        ),
        (
            {"S": scope({"V": variable("v", "string")})},
            "Action 'V': a variable is initialised at the outermost level only",
        ),
    ],
)
def test_actions_that_do_not_fit_together_are_refused(actions: Any, said: str) -> None:
    assert any(said in each for each in problems(definition(actions)))


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("@concat(", "@concat("),
        ("@nosuchfunction(1)", "'nosuchfunction'"),
        ("@length()", "'length'"),
        ("@body('Nowhere')", "body() refers to the action 'Nowhere', which does not exist"),
        ("@outputs('Later')", "outputs() refers to the action 'Later', which does not end before"),
        ("@parameters('q')", "the parameter 'q' is not declared; declared: p"),
        ("@variables('v')", "the variable 'v' is initialised nowhere"),
        ("@items('Loop')", "'Loop' is no Foreach loop around it"),
        ("x @{body('Nowhere')} y", "'Nowhere', which does not exist"),
        ("@if(true, 1, first(body('Nowhere')?['a']))", "'Nowhere', which does not exist"),
        ("@pipeline().RunId", "'pipeline'"),
    ],
)
def test_an_expression_that_can_not_work_is_refused_and_named(expression: str, said: str) -> None:
    actions = {"A": compose({"deep": [expression]}), "Later": compose(1, "A")}
    document = definition(actions, parameters={"p": {"type": "string", "defaultValue": ""}})

    [problem] = problems(document)
    assert problem.startswith("Action 'A': ")
    assert said in problem


def test_an_action_sees_what_ended_before_the_scope_around_it() -> None:
    actions = {
        "Before": scope({"Inner": compose(1)}),
        "S": scope({"A": compose("@outputs('Inner')")}, "Before"),
    }

    assert problems(definition(actions)) == []


def test_an_action_does_not_see_the_other_branch() -> None:
    condition = {
        "type": "If",
        "expression": "@equals(1, 1)",
        "actions": {"A": compose(1)},
        "else": {"actions": {"B": compose("@outputs('A')")}},
    }

    assert "does not end before" in problems(definition({"C": condition}))[0]


@pytest.mark.parametrize(
    ("declared", "values", "said"),
    [
        ({"p": {"type": "string"}}, {}, "Parameter 'p' has neither a value nor a default."),
        ({}, {"p": 1}, "Parameter 'p' has a value and is not declared; declared: none."),
        ({"p": {"type": "int"}}, {"p": "1"}, "Parameter 'p' is declared as int; its value is str."),
        ({"p": {"type": "int"}}, {"p": True}, "declared as int; its value is bool."),
        ({"p": {"type": "text"}}, {"p": "1"}, "Parameter 'p' has a type of string,"),
        (
            {"p": {"type": "string", "allowedValues": ["a"]}},
            {"p": "b"},
            "Parameter 'p' has a value that is none of its allowedValues.",
        ),
        ({"p": {"type": "string", "value": 1}}, {"p": ""}, "the unknown key 'value'"),
    ],
)
def test_parameters_and_values_must_fit(declared: Any, values: Any, said: str) -> None:
    found = problems(definition({"A": compose(1)}, parameters=declared), **values)

    assert any(said in each for each in found), found


def test_all_problems_are_told_at_once() -> None:
    actions = {"A": {"type": "X"}, "B": {"type": "Y"}, "C": compose(1, "D")}

    assert len(problems(definition(actions, parameters={"p": {"type": "string"}}))) == 4
