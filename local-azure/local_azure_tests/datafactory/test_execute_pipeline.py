"""Execute Pipeline: another pipeline of the factory, waited for or not."""

from typing import Any

import pytest

from local_azure.services.datafactory.activities.execute_pipeline import child_id
from local_azure.services.datafactory.folder import Folder
from local_azure.services.datafactory.records import Record
from local_azure_tests.datafactory.cloud import call
from local_azure_tests.datafactory.pipelines import activity, fail, record, result, wait
from local_azure_tests.world import World

CHILD = {
    "parameters": {"n": {"type": "array"}, "name": {"type": "string", "defaultValue": "x"}},
    "activities": [wait("W")],
}


def called(which: dict[str, Any], child: dict[str, Any]) -> tuple[Record, World]:
    world = World({})
    return record(result(which, world=world, folder=Folder({"child": child})), "Call"), world


@pytest.mark.parametrize("told", [True, False])
def test_a_pipeline_is_waited_for_unless_told_otherwise(*, told: bool) -> None:
    which = call("child", n=[1])
    if not told:
        del which["typeProperties"]["waitOnCompletion"]

    found, world = called(which, CHILD)

    assert (found.end - found.start, world.seconds) == (20, 20)
    assert found.output["pipelineName"] == "child"
    assert len(found.output["pipelineRunId"]) == 36


def test_a_pipeline_that_is_not_waited_for_runs_on() -> None:
    found, world = called(call("child", waits=False, n=[1]), CHILD)
    assert (found.status.value, found.end - found.start, world.seconds) == ("Succeeded", 0, 20)


@pytest.mark.parametrize(
    ("which", "child", "told"),
    [
        (call("child"), {"activities": [fail("F")]}, "Operation on target F failed: no"),
        (
            call("child", n="text"),
            CHILD,
            "The pipeline 'child' can't be run: The parameter 'n' is of type array; found 'text'.",
        ),
        (call("other"), CHILD, "The factory has no pipeline 'other'."),
    ],
    ids=["the pipeline fails", "parameters do not fit", "no such pipeline"],
)
def test_a_call_fails_with_a_message(
    which: dict[str, Any], child: dict[str, Any], told: str
) -> None:
    found, _ = called(which, child)
    assert (found.status.value, (found.error or {})["message"]) == ("Failed", told)


def test_a_called_pipeline_knows_its_caller() -> None:
    told = "@concat(pipeline().TriggeredByPipelineName, ' ', pipeline().TriggeredByPipelineRunId)"
    child = {"activities": [activity("F", "Fail", message=told, errorCode="1")]}
    folder = Folder({"child": child})

    found = result(call("child"), folder=folder)

    assert f"F failed: pipeline {found.run_id}" in found.message


def test_a_called_pipeline_ends_when_the_time_of_who_waits_for_it_does() -> None:
    folder = Folder({"child": {"activities": [activity("W", "Wait", waitTimeInSeconds=1000)]}})
    never, limit = "@equals(1, 2)", "00:00:50"
    loop = activity("L", "Until", expression=never, timeout=limit, activities=[call("child")])

    result(loop, folder=folder)

    assert [each.status.value for each in folder.results().values()] == ["Cancelled"]


def test_each_attempt_and_pass_calls_a_run_of_its_own() -> None:
    loop = activity("L", "ForEach", items="@range(1, 3)", activities=[call("child", n=[1])])
    found = result(loop, folder=Folder({"child": CHILD}))
    calls = [each for each in found.activities if each.name == "Call"]
    assert len({child_id(found.run_id, each) for each in calls}) == 3
