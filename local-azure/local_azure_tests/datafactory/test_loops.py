"""ForEach, Filter, Switch and If: what runs, how often, and how it ends."""

from typing import Any

import pytest

from local_azure.services.datafactory.records import Status
from local_azure_tests.datafactory.pipelines import (
    activity,
    append,
    ends,
    fail,
    record,
    result,
    set_variable,
    wait,
)
from local_azure_tests.world import World

LONG = activity("W", "Wait", waitTimeInSeconds=1000)


def each(items: Any, *inside: dict[str, Any], **own: Any) -> dict[str, Any]:
    return activity("L", "ForEach", items=items, activities=list(inside), **own)


def branch(name: str, found: str) -> list[dict[str, Any]]:
    return [set_variable(name, found)]


@pytest.mark.parametrize(
    ("batch", "seconds"), [({}, 60), ({"batchCount": 50}, 20), ({"isSequential": True}, 1000)]
)
def test_a_foreach_takes_so_many_items_at_a_time(batch: dict[str, Any], seconds: int) -> None:
    world = World({})

    result(each("@range(1, 50)", wait("W"), **batch), world=world)

    assert world.seconds == seconds


def test_each_pass_sees_its_own_item_and_its_own_activities() -> None:
    keep = activity("K", "Filter", items="@createArray(item())", condition="@equals(1, 1)")
    loop = each(
        "@createArray('a', 'b')",
        keep,
        append("A", "@activity('K').output.value[0]", {"K": "Succeeded"}),
    )

    assert result(loop).variables["all"] == ["a", "b"]


def test_a_pass_that_fails_stops_no_other_and_fails_the_loop() -> None:
    inside = activity(
        "I", "IfCondition", expression="@equals(item(), 2)", ifTrueActivities=[fail("F")]
    )
    loop = each("@range(1, 3)", inside, append("A", "@item()", {"I": "Succeeded"}))

    found = result(loop)

    assert found.variables["all"] == [1, 3]
    assert found.message == (
        "Operation on target L failed: Activity failed because an inner activity failed; "
        "Operation on target I failed: Activity failed because an inner activity failed; "
        "Operation on target F failed: no"
    )


def test_a_foreach_over_nothing_succeeds() -> None:
    assert ends(each("@createArray(1)", wait("W")))["run"] == "Succeeded"
    assert ends(each([], wait("W"))) == {"run": "Succeeded", "L": "Succeeded"}


def test_a_filter_keeps_the_items_whose_condition_is_true() -> None:
    keep = activity("K", "Filter", items="@range(1, 6)", condition="@greater(item(), 3)")

    assert record(result(keep), "K").output == {
        "ItemsCount": 6,
        "FilteredItemsCount": 3,
        "Value": [4, 5, 6],
    }


@pytest.mark.parametrize(
    ("on", "chosen"),
    [("@concat('a')", "case"), ("@add(1, 1)", "number"), ("@concat('A')", "other")],
)
def test_a_switch_runs_the_case_of_its_value(on: str, chosen: str) -> None:
    cases = [
        {"value": "a", "activities": branch("A", "case")},
        {"value": "2", "activities": branch("B", "number")},
    ]
    choice = activity("S", "Switch", on=on, cases=cases, defaultActivities=branch("C", "other"))

    assert result(choice).variables["v"] == chosen


def test_a_switch_with_no_case_of_its_value_does_nothing() -> None:
    choice = activity("S", "Switch", on="@concat('b')", cases=[])
    assert ends(choice) == {"run": "Succeeded", "S": "Succeeded"}


def test_an_until_that_is_not_true_in_time_fails_and_cancels_what_is_in_progress() -> None:
    loop = activity("L", "Until", expression="@equals(1, 2)", timeout="00:00:50", activities=[LONG])

    found = result(loop)

    assert [(each.place + each.name, each.status.value) for each in found.activities] == [
        ("L/0/W", "Cancelled"),
        ("L", "Failed"),
    ]


def test_an_array_variable_grows_by_what_is_appended() -> None:
    found = result(append("A", "a"), append("B", "@createArray('b')", {"A": "Succeeded"}))
    assert found.variables["all"] == ["a", ["b"]]


NO_BOOLEAN = activity("K", "Filter", items="@range(1, 2)", condition="@item()")
SWITCHED = ("@equals(1, 1)", "@createArray(1)", "@float('1.5')")
LIMITS = ("90.00:00:01", "a minute", "00:00:00")
UNTIL: dict[str, Any] = {"expression": "@equals(1, 1)", "activities": []}


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (each("@concat('a')", wait("W")), "A ForEach's items must be an array; found 'a'."),
        (NO_BOOLEAN, "The condition of 'K' must be a boolean; found 1."),
        *((activity("S", "Switch", on=on), "A Switch goes by a string or an") for on in SWITCHED),
        *((activity("L", "Until", timeout=x, **UNTIL), "An Until's timeout") for x in LIMITS),
        (append("A", "@mul(1e308, 10)"), "too large for JSON"),
        (set_variable("A", "@add(1, 1)"), "The variable 'v' is of type String; found 2."),
    ],
)
def test_what_an_activity_can_not_use_fails_it(wrong: dict[str, Any], why: str) -> None:
    found = record(result(wrong), wrong["name"])

    assert found.status is Status.FAILED
    assert found.error is not None
    assert (found.error["errorCode"], why in found.error["message"]) == ("InvalidTemplate", True)


@pytest.mark.parametrize(
    ("marked", "after"),
    [("Succeeded", "Succeeded"), ("Failed", "Failed"), ("Skipped", "Skipped")],
)
def test_an_inactive_activity_does_nothing_and_ends_as_it_is_marked(
    marked: str, after: str
) -> None:
    off = {**fail("A"), "state": "Inactive", "onInactiveMarkAs": marked}

    found = result(off, wait("B", {"A": after}))

    assert record(found, "A").shown()["status"] == "Inactive"
    assert record(found, "B").status is Status.SUCCEEDED
