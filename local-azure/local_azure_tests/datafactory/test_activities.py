"""What each activity does, and how activities that depend on each other end."""

import json
from datetime import timedelta
from typing import Any

import pytest

from local_azure.services.datafactory.check import check_definition
from local_azure.services.datafactory.records import masked
from local_azure_tests.datafactory.pipelines import (
    activity,
    ends,
    fail,
    result,
    set_variable,
    wait,
    web,
)
from local_azure_tests.pipeline_world import run
from local_azure_tests.world import START, World, answer


def told(expression: str, *before: dict[str, Any]) -> Any:
    """What an expression is after those activities, the first of which is called A."""
    last = set_variable("Z", f"@string({expression})", {"A": "Completed"})
    return result(*before, last).variables["v"]


@pytest.mark.parametrize(
    ("asked", "value"),
    [
        ("Status", "Succeeded"),
        ("ActivityName", "A"),
        ("ActivityType", "Wait"),
        ("ExecutionStartTime", f"{START:%Y-%m-%dT%H:%M:%S}.0000000Z"),
        ("ExecutionEndTime", f"{START + timedelta(seconds=20):%Y-%m-%dT%H:%M:%S}.0000000Z"),
        ("Duration", "00:00:20"),
    ],
)
def test_an_ended_activity_tells(asked: str, value: str) -> None:
    assert told(f"activity('A').{asked}", wait("A")) == value


def test_a_failed_activity_tells_its_error() -> None:
    assert json.loads(told("activity('A').Error", fail("A"))) == {
        "errorCode": "7",
        "message": "no",
        "failureType": "UserError",
        "target": "A",
        "details": [],
    }


@pytest.mark.parametrize(
    "container",
    [
        activity("A", "Until", expression="@equals(1, 1)", activities=[wait("B")]),
        activity("A", "IfCondition", expression="@equals(1, 1)", ifTrueActivities=[wait("B")]),
    ],
)
def test_what_ended_inside_of_a_container_is_told_outside(container: dict[str, Any]) -> None:
    assert told("activity('B').Status", container) == "Succeeded"


@pytest.mark.parametrize(
    ("kind", "value", "held"),
    [
        ("Boolean", "@equals(1, 1)", True),
        ("Bool", "@equals(1, 1)", True),
        ("Integer", "@add(1, 1)", 2),
        ("integer", 3, 3),
    ],
)
def test_a_variable_holds_a_value_of_its_type(kind: str, value: Any, held: Any) -> None:
    pipeline = {"activities": [set_variable("A", value)], "variables": {"v": {"type": kind}}}
    assert check_definition(pipeline) == []
    assert run(pipeline, {}, World({})).variables == {"v": held}


def test_a_type_of_another_kind_hides_nothing_and_breaks_nothing() -> None:
    assert masked({"type": ["SecureString"], "value": "x"})["value"] == "x"


def test_a_policy_that_a_control_activity_does_not_heed_attempts_nothing_again() -> None:
    found = result(fail("A") | {"policy": {"retry": 3, "retryIntervalInSeconds": 30}})
    assert [each.attempt for each in found.activities] == [1]


@pytest.mark.parametrize(
    ("condition", "after_success", "after_failure"),
    [
        ("Succeeded", "Succeeded", "Skipped"),
        ("Failed", "Skipped", "Succeeded"),
        ("Completed", "Succeeded", "Succeeded"),
        ("Skipped", "Skipped", "Skipped"),
    ],
)
def test_a_dependency_condition(condition: str, after_success: str, after_failure: str) -> None:
    assert ends(wait("A"), wait("B", {"A": condition}))["B"] == after_success
    assert ends(fail("A"), wait("B", {"A": condition}))["B"] == after_failure


@pytest.mark.parametrize(
    ("after", "end"),
    [
        ({"B": "Failed"}, "Succeeded"),
        ({"B": "Succeeded"}, "Failed"),
        ({"B": "Failed", "C": "Succeeded"}, "Failed"),
    ],
    ids=["handled", "before a skipped leaf", "beside a branch that handles it"],
)
def test_a_failure_decides_how_the_run_ends(after: dict[str, str], end: str) -> None:
    assert ends(fail("A"), *(wait(name, {"A": met}) for name, met in after.items()))["run"] == end


def test_activities_beside_each_other_run_at_the_same_time() -> None:
    world = World({})
    ends(wait("A"), wait("B"), world=world)
    assert world.seconds == 20


def test_a_web_activity_is_retried_as_its_policy_says() -> None:
    world = World({"h": [answer(500), answer(500), answer(200, {})]})
    policy = {"policy": {"retry": 2, "retryIntervalInSeconds": 40}}

    assert ends(web("A") | policy, world=world)["A"] == "Succeeded"
    assert (len(world.requests), world.seconds) == (3, 80)


def test_a_host_that_never_answers_is_waited_for_one_minute() -> None:
    world = World({"h": None})
    assert ends(web("A"), world=world)["A"] == "Failed"
    assert world.seconds == 60


def test_until_is_tested_after_each_pass_and_a_failure_inside_does_not_stop_it() -> None:
    loop = activity("L", "Until", expression="@equals(1, 1)", activities=[fail("A")])
    assert ends(loop) == {"run": "Succeeded", "A": "Failed", "L": "Succeeded"}
