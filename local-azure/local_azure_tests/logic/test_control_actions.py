"""Condition, Switch, Foreach, Until, Delay and variables."""

from typing import Any

import pytest

from local_azure.services.logic.execution import RunResult
from local_azure.services.logic.records import Status
from local_azure_tests.logic.definitions import (
    compose,
    definition,
    error,
    execute,
    failing,
    outputs,
    statuses,
    variable,
    wait,
)
from local_azure_tests.world import START, World, run


def condition(expression: Any) -> dict[str, Any]:
    return {
        "type": "If",
        "expression": expression,
        "actions": {"Yes": compose(1)},
        "else": {"actions": {"No": compose(2)}},
    }


@pytest.mark.parametrize(
    ("expression", "branch"),
    [
        ("@equals(triggerBody(), 5)", "Yes"),
        ({"equals": ["@triggerBody()", 5]}, "Yes"),
        ({"not": {"equals": ["@triggerBody()", 5]}}, "No"),
        ({"and": [{"greater": ["@triggerBody()", 4]}, {"less": ["@triggerBody()", 5]}]}, "No"),
        (
            {"or": [{"greater": ["@triggerBody()", 9]}, {"lessOrEquals": ["@triggerBody()", 5]}]},
            "Yes",
        ),
        ({"contains": ["@createArray(5, 6)", "@triggerBody()"]}, "Yes"),
        ({"startsWith": ["five", "fi"]}, "Yes"),
        ({"endsWith": ["five", "fi"]}, "No"),
        ({"and": [{"equals": [1, 2]}, {"equals": ["@div(1, 0)", 1]}]}, "No"),
        ({"and": []}, "Yes"),
    ],
)
def test_a_condition_runs_the_branch_that_it_holds_for(expression: Any, branch: str) -> None:
    result = execute({"C": condition(expression)}, body=5)

    other = {"Yes": "No", "No": "Yes"}[branch]
    assert statuses(result) == {"C": "Succeeded", branch: "Succeeded", other: "Skipped"}
    assert error(result, other)["code"] == "ActionBranchingConditionNotSatisfied"


@pytest.mark.parametrize(("value", "ran"), [("a", "On_a"), ("b", "On_b"), ("c", "Otherwise")])
def test_a_switch_runs_the_case_with_the_value(value: str, ran: str) -> None:
    switch = {
        "type": "Switch",
        "expression": "@triggerBody()",
        "cases": {
            "First": {"case": "a", "actions": {"On_a": compose(1)}},
            "Second": {"case": "b", "actions": {"On_b": compose(2)}},
        },
        "default": {"actions": {"Otherwise": compose(3)}},
    }

    result = execute({"S": switch}, body=value)

    assert statuses(result)[ran] == "Succeeded"
    assert list(statuses(result).values()).count("Skipped") == 2


def each(actions: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "Foreach", "foreach": "@triggerBody()", "actions": actions, **more}


@pytest.mark.parametrize(
    ("action", "said"),
    [
        (condition("@triggerBody()"), "must be a Boolean"),
        (each({"In": compose(1)}), "must be a valid array"),
    ],
    ids=["a condition of no boolean", "a loop over no array"],
)
def test_what_is_given_another_kind_of_value_fails(action: dict[str, Any], said: str) -> None:
    result = execute({"A": action}, body="true")

    assert result.action("A").status is Status.FAILED
    assert said in error(result, "A")["message"]


def test_a_foreach_runs_its_actions_for_each_item_and_they_see_their_own_repetition() -> None:
    loop = each({"A": compose("@mul(item(), 2)"), "B": compose("@outputs('A')", "A")})

    result = execute({"Each": loop}, body=[1, 2, 3])

    found = [(place, r.outcome.outputs) for place, r in result.actions if r.name == "B"]
    assert found == [("Each[0]", 2), ("Each[1]", 4), ("Each[2]", 6)]


def test_nested_loops_each_have_their_item() -> None:
    inner = {**each({"Pair": compose("@concat(items('Outer'), items('Inner'), item())")})}
    inner["foreach"] = "@createArray('1', '2')"

    result = execute({"Outer": each({"Inner": inner})}, body=["a"])

    pairs = {place: r.outcome.outputs for place, r in result.actions if r.name == "Pair"}
    assert pairs == {"Outer[0].Inner[0]": "a11", "Outer[0].Inner[1]": "a22"}


def test_a_foreach_fails_when_one_repetition_does_and_finishes_the_others() -> None:
    loop = each({"Divide": compose("@div(1, item())")})

    result = execute({"Each": loop}, body=[1, 0, 1])

    assert result.action("Each").outcome.code == "ActionFailed"
    found = [r.status.value for _, r in result.actions if r.name == "Divide"]
    assert found == ["Succeeded", "Failed", "Succeeded"]


@pytest.mark.parametrize(
    ("settings", "seconds"),
    [
        ({}, 20),
        ({"operationOptions": "Sequential"}, 250),
        ({"runtimeConfiguration": {"concurrency": {"repetitions": 5}}}, 50),
    ],
)
def test_a_foreach_runs_as_many_repetitions_at_once_as_it_may(
    settings: dict[str, Any], seconds: int
) -> None:
    world = World({})

    execute(
        {"Each": each({"W": wait(10, "Second")}, **settings)}, body=list(range(25)), world=world
    )

    assert world.seconds == seconds


def test_the_results_of_a_loop_can_be_read_behind_it() -> None:
    actions = {
        "Each": each({"A": compose("@item()")}),
        "All": compose("@length(result('Each'))", "Each"),
    }

    assert outputs(execute(actions, body=[1, 2, 3]), "All") == 3


def counting(goal: int, **more: Any) -> dict[str, Any]:
    loop = {
        "type": "Until",
        "expression": f"@equals(variables('n'), {goal})",
        "actions": {"Add": {"type": "IncrementVariable", "inputs": {"name": "n", "value": 1}}},
        "runAfter": {"N": ["Succeeded"]},
    }
    return {"N": variable("n", "integer", 0), "Loop": loop | more}


def test_an_until_looks_at_its_condition_after_each_pass() -> None:
    result = execute(counting(3))

    places = [place for place, r in result.actions if r.name == "Add"]
    assert (result.status, places) == (Status.SUCCEEDED, ["Loop[0]", "Loop[1]", "Loop[2]"])


def test_an_until_ends_at_its_count() -> None:
    result = execute(counting(99, limit={"count": 4}))

    assert [r.name for _, r in result.actions].count("Add") == 4


def test_an_until_times_out() -> None:
    loop = {
        "type": "Until",
        "expression": "@equals(1, 2)",
        "actions": {"W": wait(1, "Minute")},
        "limit": {"timeout": "PT150S"},
    }
    world = World({})

    result = execute({"Loop": loop}, world=world)

    assert (result.action("Loop").status, world.seconds) == (Status.TIMED_OUT, 150)


def test_an_until_goes_on_after_a_pass_that_failed() -> None:
    actions = counting(2)
    actions["Loop"]["actions"]["Bad"] = failing("Add")

    result = execute(actions)

    assert [r.name for _, r in result.actions].count("Bad") == 2


def test_a_delay_waits_by_the_clock() -> None:
    world = World({})
    until = {"timestamp": "@addMinutes(utcNow(), 5)"}

    result = execute({"A": {"type": "Wait", "inputs": {"until": until}}}, world=world)

    assert (result.status, world.seconds) == (Status.SUCCEEDED, 300)


def changed(kind: str, value: Any, action: str, given: Any) -> RunResult:
    """A run that initialises a variable and changes it."""
    change = {"type": f"{action}Variable", "inputs": {"name": "v", "value": given}}
    actions = {"V": variable("v", kind, value), "A": {**change, "runAfter": {"V": ["Succeeded"]}}}
    return execute({**actions, "End": compose("@variables('v')", "A")})


@pytest.mark.parametrize(
    ("kind", "value", "action", "given", "expected"),
    [
        ("integer", 1, "Set", 5, 5),
        ("integer", 1, "Increment", 2, 3),
        ("float", 1.5, "Increment", 1, 2.5),
        ("array", [1], "AppendToArray", [2], [1, [2]]),
        ("string", "a", "AppendToString", 7, "a7"),
        ("object", {}, "Set", {"a": 1}, {"a": 1}),
        ("boolean", True, "Set", False, False),
    ],
)
def test_a_variable_changes(kind: str, value: Any, action: str, given: Any, expected: Any) -> None:
    assert outputs(changed(kind, value, action, given), "End") == expected


@pytest.mark.parametrize(
    ("kind", "value", "action", "given"),
    [
        ("integer", 1, "Set", "5"),
        ("integer", 1, "Set", True),
        ("string", "a", "Increment", 1),
        ("string", "a", "AppendToArray", 1),
        ("boolean", True, "Set", "true"),
    ],
)
def test_a_variable_keeps_its_type(kind: str, value: Any, action: str, given: Any) -> None:
    assert changed(kind, value, action, given).action("A").status is Status.FAILED


def test_workflow_tells_the_run() -> None:
    result = execute({"A": compose("@workflow()['run']['name']"), "B": compose("@utcNow()")})

    assert outputs(result, "A").endswith("CU00")
    assert outputs(result, "B").startswith(f"{START:%Y-%m-%dT%H:%M:%S}")


def test_a_parameter_has_its_default_unless_a_value_is_given() -> None:
    declared = {"p": {"type": "string", "defaultValue": "d"}}
    document = definition({"A": compose("@parameters('P')")}, parameters=declared)

    found = [outputs(run(document, given, None, World({})), "A") for given in ({}, {"p": "given"})]
    assert found == ["d", "given"]
