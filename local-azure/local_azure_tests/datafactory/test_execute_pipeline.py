"""Execute Pipeline: another pipeline of the factory, waited for or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local_azure.services.datafactory.activities.execute_pipeline import child_id
from local_azure.services.datafactory.folder import Folder
from local_azure_tests.datafactory.pipelines import activity, fail, record, result, wait
from local_azure_tests.world import World

if TYPE_CHECKING:
    from local_azure.services.datafactory.records import Record

FLOAT = {"type": "Float", "content": 1.5}
CHILD = {
    "parameters": {"n": {"type": "array"}, "name": {"type": "string", "defaultValue": "x"}},
    "activities": [wait("W")],
}


def call(pipeline: str = "child", *, waits: bool = True, **parameters: Any) -> dict[str, Any]:
    return activity(
        "C",
        "ExecutePipeline",
        pipeline={"referenceName": pipeline, "type": "PipelineReference"},
        parameters=parameters,
        waitOnCompletion=waits,
    )


def called(which: dict[str, Any], child: dict[str, Any]) -> tuple[Record, World]:
    world = World({})
    return record(result(which, world=world, folder=Folder({"child": child})), "C"), world


def test_the_call_tells_the_run_that_it_started() -> None:
    found, _ = called(call(n=[1]), CHILD)
    assert found.output["pipelineName"] == "child"
    assert len(found.output["pipelineRunId"]) == 36


def test_a_pipeline_that_is_waited_for_ends_first() -> None:
    found, world = called(call(n=[1]), CHILD)
    assert (found.end - found.start, world.seconds) == (20, 20)


def test_a_pipeline_that_is_not_waited_for_runs_on() -> None:
    found, world = called(call(waits=False, n=[1]), CHILD)
    assert (found.status.value, found.end - found.start) == ("Succeeded", 0)
    assert world.seconds == 20


def test_a_called_pipeline_that_fails_fails_the_call_with_its_message() -> None:
    found, _ = called(call(), {"activities": [fail("F")]})
    assert found.status.value == "Failed"
    assert (found.error or {})["message"] == "Operation on target F failed: no"
    assert found.output["pipelineName"] == "child"


def test_parameters_that_do_not_fit_fail_the_call() -> None:
    found, _ = called(call(n="text"), CHILD)
    assert (found.error or {})["message"] == (
        "The pipeline 'child' can't be run: The parameter 'n' is of type array; found 'text'."
    )


def test_a_pipeline_that_does_not_exist_fails_the_call_by_name() -> None:
    found, _ = called(call("other"), CHILD)
    assert (found.error or {})["message"] == "The factory has no pipeline 'other'."


def test_a_called_pipeline_knows_its_caller() -> None:
    told = "@concat(pipeline().TriggeredByPipelineName, ' ', pipeline().TriggeredByPipelineRunId)"
    child = {"activities": [activity("F", "Fail", message=told, errorCode="1")]}
    folder = Folder({"child": child})

    found = result(call(), folder=folder)

    assert f"F failed: pipeline {found.run_id}" in found.message


def test_a_called_pipeline_gives_its_return_value() -> None:
    value: Any = [
        {"key": "job", "value": {"type": "Expression", "content": "@pipeline().Pipeline"}},
        {"key": "no", "value": {"type": "Null"}},
        {"key": "all", "value": {"type": "Array", "content": ["a", {"type": "Int", "content": 1}]}},
        {"key": "of", "value": {"type": "Object", "content": [{"key": "n", "value": FLOAT}]}},
    ]
    own: Any = {"variableName": "pipelineReturnValue", "value": value, "setSystemVariable": True}
    told, _ = called(call(), {"activities": [activity("R", "SetVariable", **own)]})

    expected = {"job": "child", "no": None, "all": ["a", 1], "of": {"n": 1.5}}
    assert told.output["pipelineReturnValue"] == expected


def test_a_call_waits_unless_told_otherwise() -> None:
    which = call(n=[1])
    del which["typeProperties"]["waitOnCompletion"]

    found, _ = called(which, CHILD)

    assert found.end - found.start == 20


def test_each_attempt_and_pass_calls_a_run_of_its_own() -> None:
    loop = activity("L", "ForEach", items="@range(1, 3)", activities=[call(n=[1])])
    found = result(loop, folder=Folder({"child": CHILD}))
    calls = [each for each in found.activities if each.name == "C"]
    assert len({child_id(found.run_id, each) for each in calls}) == 3
