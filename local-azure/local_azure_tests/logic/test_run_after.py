"""Which actions run, in which order, and how a run ends."""

from typing import Any

import pytest

from local_azure.services.logic.records import Status
from local_azure_tests.logic.definitions import (
    compose,
    definition,
    error,
    execute,
    failing,
    outputs,
    response,
    scope,
    statuses,
    terminate,
    wait,
)
from local_azure_tests.world import World, run


def test_an_action_whose_predecessor_failed_is_skipped_and_says_why() -> None:
    result = execute({"A": failing(), "B": compose(1, "A")})

    skipped = result.action("B").outcome
    assert (skipped.status, skipped.code) == ("Skipped", "ActionSkipped")
    assert error(result, "B") == {
        "code": "ActionConditionFailed",
        "message": "The execution of template action 'B' skipped: the 'runAfter' condition for "
        "action 'A' is not satisfied. Expected status values 'Succeeded' and actual value "
        "'Failed'.",
    }


SCOPE = scope({"Inner": compose(1)}, "A")


@pytest.mark.parametrize(
    ("actions", "ends"),
    [
        *(({"B": compose(1, "A", on=each)}, {"B": "Succeeded"}) for each in ("Failed", "fAILED")),
        (
            {"B": compose(1, "A"), "C": compose(2, "B", on="Skipped")},
            {"B": "Skipped", "C": "Succeeded"},
        ),
        ({"B": compose(1), "C": compose(2, "A", "B")}, {"B": "Succeeded", "C": "Skipped"}),
        ({"S": SCOPE}, {"S": "Skipped", "Inner": "Skipped"}),
    ],
    ids=["after a failure", "in any case", "after a skipped one", "after all", "in a scope"],
)
def test_beside_a_failure_runs_what_is_to_run_after_it(
    actions: dict[str, Any], ends: dict[str, str]
) -> None:
    assert statuses(execute({"A": failing(), **actions})) == {"A": "Failed", **ends}


@pytest.mark.parametrize("first", [failing(), compose(1)], ids=["handled", "skipped"])
def test_a_run_succeeds_whose_failure_is_handled_or_never_was(first: dict[str, Any]) -> None:
    result = execute({"A": first, "On_failure": compose(2, "A", on="Failed")})

    assert (result.status, result.error) == (Status.SUCCEEDED, None)


def test_a_run_fails_when_a_skipped_last_action_stands_for_a_failed_one() -> None:
    # Seen on Azure: learn.microsoft.com/answers 2114783.
    result = execute(
        {"A": failing(), "On_success": compose(1, "A"), "On_failure": compose(2, "A", on="Failed")}
    )

    assert statuses(result)["On_failure"] == "Succeeded"
    assert result.status is Status.FAILED
    assert result.error == {
        "code": "ActionFailed",
        "message": "An action failed. No dependent actions succeeded.",
    }


def test_a_scope_fails_with_its_last_action_and_can_be_handled() -> None:
    actions = {
        "Try": scope({"A": failing()}),
        "Catch": compose("@result('Try')[0]['error']['code']", "Try", on="Failed"),
    }

    result = execute(actions)

    assert result.action("Try").outcome.code == "ActionFailed"
    assert (outputs(result, "Catch"), result.status) == ("InvalidTemplate", Status.SUCCEEDED)


def test_terminate_ends_the_run_and_cancels_what_still_runs() -> None:
    error = {"code": "Late", "message": "Too late."}
    actions = {
        "Long": wait(),
        "Stop": terminate("Failed", runError=error),
        "Never": compose(1, "Stop"),
    }
    world = World({})

    result = execute(actions, world=world)

    assert (result.status, result.error, world.seconds) == (Status.FAILED, error, 0)
    assert result.action("Long").status is Status.CANCELLED


def test_terminate_can_end_a_run_well_from_inside_a_scope() -> None:
    actions = {"S": scope({"A": failing(), "Stop": terminate("Succeeded")})}

    assert execute(actions).status is Status.SUCCEEDED


def test_the_outputs_of_the_definition_are_evaluated_at_the_end() -> None:
    outputs_of = {"total": {"type": "Int", "value": "@outputs('A')"}}

    result = run(definition({"A": compose(3)}, outputs=outputs_of), {}, None, World({}))

    assert result.outputs == {"total": {"type": "Int", "value": 3}}


def test_an_expression_that_fails_names_action_and_reason() -> None:
    result = execute({"A": compose("@triggerBody()['x']")}, body={"y": 1})

    assert result.action("A").outcome.code == "BadRequest"
    assert error(result, "A") == {
        "code": "InvalidTemplate",
        "message": "Unable to process template language expressions in action 'A' inputs at line "
        "'0' and column '0': 'The template language expression 'triggerBody()['x']' cannot be "
        "evaluated because property 'x' doesn't exist, available properties are 'y'.'.",
    }


def test_an_action_that_exceeds_its_limit_times_out_and_can_be_handled() -> None:
    slow = {**wait(), "limit": {"timeout": "PT10S"}}
    world = World({})

    result = execute({"A": slow, "B": compose(1, "A", on="TimedOut")}, world=world)

    assert statuses(result) == {"A": "TimedOut", "B": "Succeeded"}
    assert world.seconds == 10


def test_only_the_first_response_is_sent() -> None:
    result = execute({"First": response(200, body="first"), "Second": response(500, "First")})

    assert result.response is not None
    assert (result.response.status, result.response.body) == (200, "first")
    assert error(result, "Second")["code"] == "ActionResponseSkipped"


@pytest.mark.parametrize("status", [199, 600, "many", None])
def test_a_response_with_an_impossible_status_fails(status: object) -> None:
    result = execute({"R": response(status)})

    assert (result.status, result.response) == (Status.FAILED, None)
