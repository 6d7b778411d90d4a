"""Runs of pipelines, by the real management client."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError
from azure.mgmt.datafactory.models import RunQueryFilter, RunQueryOrderBy

from local_azure.control_plane.tenant import DEPLOYER, SUBSCRIPTION
from local_azure.services.datafactory import exported
from local_azure.services.datafactory.resources.factory import FACTORY
from local_azure.services.datafactory.resources.pipeline import PIPELINE
from local_azure_tests.datafactory.cloud import (
    CONTRIBUTOR,
    FACTORY_NAME,
    GROUP,
    HERE,
    READER,
    Caller,
    Cloud,
    call,
    read_factory,
    wait,
)
from local_azure_tests.datafactory.pipelines import VARIABLES, activity, set_variable

FAIL = activity("Fail", "Fail", message="no more paper", errorCode="500")


def test_a_run_goes_from_in_progress_to_succeeded(cloud: Cloud, caller: Caller) -> None:
    cloud.pipeline("waits", wait(120))
    run = caller.start("waits")
    before = caller.get(run)
    cloud.advance(120)
    after = caller.ended(run)

    assert [
        (each.status, each.run_end is None, each.duration_in_ms) for each in (before, after)
    ] == [
        ("InProgress", True, None),
        ("Succeeded", False, 120_000),
    ]
    assert after.invoked_by.invoked_by_type == "Manual"


def test_a_run_has_the_id_that_the_client_gave_its_request(cloud: Cloud, caller: Caller) -> None:
    cloud.pipeline("asked", wait(60))
    asked = {"x-ms-client-request-id": "7b1e3c9e-8d1c-4c58-9d5e-5f0f6a2b1c11"}
    create = caller.client.pipelines.create_run

    ids = [create(GROUP, FACTORY_NAME, "asked", headers=asked).run_id for _ in range(2)]

    assert ids == [asked["x-ms-client-request-id"]] * 2


def test_a_request_id_that_all_requests_share_starts_each_pipeline(
    cloud: Cloud, caller: Caller
) -> None:
    shared = {"x-ms-client-request-id": "7b1e3c9e-8d1c-4c58-9d5e-5f0f6a2b1c12"}
    create, ids = caller.client.pipelines.create_run, []
    for name in ("one", "two"):
        cloud.pipeline(name, wait(60))
        ids.append(create(GROUP, FACTORY_NAME, name, headers=shared).run_id)

    assert [caller.get(run).pipeline_name for run in ids] == ["one", "two"]


def test_a_run_of_a_changed_pipeline_goes_on_as_it_was_started(
    cloud: Cloud, caller: Caller
) -> None:
    cloud.pipeline("changed", wait(60))
    run = caller.start("changed")
    cloud.pipeline("changed", FAIL)
    cloud.advance(60)

    assert caller.ended(run).status == "Succeeded"
    assert caller.end("changed").status == "Failed"


def test_a_run_tells_its_parameters_as_text(cloud: Cloud, caller: Caller) -> None:
    declared = {
        "text": {"type": "string"},
        "number": {"type": "int", "defaultValue": 7},
        "folder": {"type": "object"},
        "secret": {"type": "securestring"},
    }
    cloud.pipeline("parameters", wait(1), parameters=declared)
    run = caller.start("parameters", text="'\"%#\n\u00fc", folder={"a": [1]}, secret="s3cr&t")

    assert caller.get(run).parameters == {
        "text": "'\"%#\n\u00fc",
        "number": "7",
        "folder": '{"a": [1]}',
        "secret": "***",
    }


def test_activities_tell_inputs_outputs_times_and_iteration(cloud: Cloud, caller: Caller) -> None:
    done = {"type": "Expression", "value": "@equals(variables('v'), 'yes')"}
    loop = activity("Loop", "Until", expression=done, activities=[set_variable("Set", "yes")])
    cloud.pipeline("loops", loop, variables=VARIABLES)
    run, now = caller.end("loops").run_id, cloud.call(cloud.azure.clock.now)

    told = {
        each.activity_name: {
            "run": each.pipeline_run_id,
            "input": each.input,
            "times": (each.activity_run_start, each.activity_run_end),
            "letters of the iteration": len(each["iterationHash"]),
        }
        for each in caller.activities(run)
    }

    of_both = {"run": run, "times": (now, now)}
    given = {"variableName": "v", "value": "yes"}
    assert told == {
        "Loop": {**of_both, "input": {"timeout": "7.00:00:00"}, "letters of the iteration": 0},
        "Set": {**of_both, "input": given, "letters of the iteration": 32},
    }


def test_what_is_declared_secure_is_told_to_nobody(cloud: Cloud, caller: Caller) -> None:
    secure = {"policy": {"secureInput": True, "secureOutput": True}}
    hidden = set_variable("Keep", "@concat('hidden', '-value')") | secure
    shown = set_variable("Show", {"type": "Expression", "value": "@pipeline().parameters.secret"})
    declared = {"secret": {"type": "securestring"}}
    cloud.pipeline("secures", hidden, shown, parameters=declared, variables=VARIABLES)
    run = caller.end("secures", secret="parameter-value").run_id

    told = str([each.as_dict() for each in caller.activities(run)]).encode()

    found = {
        value: [value in told, value in cloud.kept()]
        for value in (b"hidden-value", b"parameter-value")
    }
    assert found == {b"hidden-value": [False, False], b"parameter-value": [False, False]}


def test_why_a_run_failed_is_kept_and_told_without_its_secrets(
    cloud: Cloud, caller: Caller
) -> None:
    said = {"type": "Expression", "value": "@pipeline().parameters.secret"}
    blabs = activity("Fail", "Fail", message=said, errorCode="500")
    declared = {"secret": {"type": "securestring", "defaultValue": "by-default"}}
    cloud.pipeline("blabs", blabs, parameters=declared)
    cloud.pipeline("calls", call("blabs"))
    caller.end("blabs", secret="by-its-caller")
    ended = caller.end("calls")

    assert ended.message == "Operation on target Call failed: Operation on target Fail failed: ***"
    assert "by-default" not in str([each.as_dict() for each in caller.activities(ended.run_id)])
    assert b"by-its-caller" not in cloud.kept()


def test_a_called_pipeline_is_a_run_of_its_own(cloud: Cloud, caller: Caller) -> None:
    cloud.pipeline("inner", FAIL, parameters={"x": {"type": "int"}})
    cloud.pipeline("outer", call("inner", x=3))
    ended = caller.end("outer")
    [done] = caller.activities(ended.run_id)

    child = caller.get(done.output["pipelineRunId"])
    [failed] = caller.activities(child.run_id)

    told = "Operation on target Fail failed: no more paper"
    assert ended.message == f"Operation on target Call failed: {told}"
    assert failed.error["errorCode"] == "500"
    assert {
        "name": child.pipeline_name,
        "parameters": child.parameters,
        "message": child.message,
        "by": (child.invoked_by.name, child.invoked_by.pipeline_run_id),
        "group": child.run_group_id,
    } == {
        "name": "inner",
        "parameters": {"x": "3"},
        "message": told,
        "by": ("Call", ended.run_id),
        "group": ended.run_group_id,
    }


def test_a_cancelled_run_ends_with_what_is_in_progress_and_nothing_begins(
    cloud: Cloud, caller: Caller
) -> None:
    never = {"type": "Expression", "value": "@equals(1, 2)"}
    loop = activity("Loop", "Until", expression=never, activities=[wait(3600)])
    cloud.pipeline("long", loop, activity("B", "Wait", {"Loop": "Completed"}, waitTimeInSeconds=1))
    run = caller.start("long")
    caller.cancel(run)

    assert caller.ended(run).status == "Cancelled"
    ends = {each.activity_name: each.status for each in caller.activities(run)}
    assert ends == {"Loop": "Cancelled", "Wait": "Cancelled"}


@pytest.mark.parametrize(("recursive", "left"), [(True, "Cancelled"), (None, "InProgress")])
def test_a_recursive_cancel_alone_reaches_the_runs_that_were_called(
    cloud: Cloud, caller: Caller, *, recursive: bool | None, left: str
) -> None:
    cloud.pipeline("called", wait(3600))
    cloud.pipeline("calls", call("called"))
    run = caller.start("calls")
    [child] = children(caller, run)
    caller.cancel(run, recursive=recursive)

    assert caller.ended(run).status == "Cancelled"
    assert (caller.ended(child) if recursive else caller.get(child)).status == left


def children(caller: Caller, run: str) -> list[str]:
    """The runs that a run called, once there are some."""
    while True:
        found = caller.query().value
        if called := [each.run_id for each in found if each.invoked_by.pipeline_run_id == run]:
            return called


def test_a_run_that_has_ended_is_not_cancelled(cloud: Cloud, caller: Caller) -> None:
    cloud.pipeline("short", FAIL)
    run = caller.end("short").run_id

    with pytest.raises(HttpResponseError, match="has ended: Failed"):
        caller.cancel(run)


def test_runs_beyond_the_concurrency_wait_in_their_order(cloud: Cloud, caller: Caller) -> None:
    cloud.pipeline("one-at-a-time", wait(60), concurrency=1)
    first, second, third = runs = [caller.start("one-at-a-time") for _ in range(3)]

    def statuses() -> list[str]:
        return [caller.get(run).status for run in runs]

    seen = [statuses()]
    caller.cancel(second)
    for run in (first, third):
        cloud.advance(60)
        caller.ended(run)
        seen.append(statuses())

    assert seen == [
        ["InProgress", "Queued", "Queued"],
        ["Succeeded", "Cancelled", "InProgress"],
        ["Succeeded", "Cancelled", "Succeeded"],
    ]


def test_many_runs_at_once_all_end(cloud: Cloud, caller: Caller) -> None:
    waited = [{"activity": "Wait", "dependencyConditions": ["Succeeded"]}]
    cloud.let_factory("reads", READER)
    cloud.pipeline("many", wait(60), {**read_factory(), "dependsOn": waited})
    runs = [caller.start("many") for _ in range(20)]
    cloud.advance(60)

    assert {caller.ended(run).status for run in runs} == {"Succeeded"}


def test_runs_are_found_by_time_filter_and_order(cloud: Cloud, caller: Caller) -> None:
    cloud.pipeline("found", FAIL)
    cloud.pipeline("found too", wait(3600))
    cloud.advance(10)
    begin = cloud.call(cloud.azure.clock.now)
    first = caller.start("found too")
    cloud.advance(10)
    second = caller.end("found").run_id

    def query(seconds: int, *filters: RunQueryFilter) -> list[str]:
        asked = {
            "lastUpdatedAfter": begin.isoformat(),
            "lastUpdatedBefore": (begin + timedelta(seconds=seconds)).isoformat(),
            "filters": [each.as_dict() for each in filters],
            "orderBy": [RunQueryOrderBy(order_by="RunStart", order="ASC").as_dict()],
        }
        found = caller.query(**asked).value
        return [each.run_id for each in found if each.run_id in {first, second}]

    named = RunQueryFilter(operand="PipelineName", operator="Equals", values_property=["FOUND"])
    going = RunQueryFilter(operand="Status", operator="NotIn", values_property=["Failed"])

    found = {
        "all": query(60),
        "of 5 s": query(5),
        "named": query(60, named),
        "going": query(60, going),
    }
    assert found == {
        "all": [first, second],
        "of 5 s": [first],
        "named": [second],
        "going": [first],
    }


def test_long_lists_of_runs_come_in_pages(cloud: Cloud, caller: Caller) -> None:
    cloud.pipeline("paged", FAIL)
    runs = {caller.start("paged") for _ in range(101)}
    named = RunQueryFilter(operand="PipelineName", operator="Equals", values_property=["paged"])
    filters = [named.as_dict()]

    first = caller.query(filters=filters)
    second = caller.query(filters=filters, continuationToken=first.continuation_token)

    assert (len(first.value), len(second.value)) == (100, 1)
    assert {each.run_id for each in [*first.value, *second.value]} == runs
    assert second.continuation_token is None


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({"filters": [{"operand": "Colour", "operator": "In", "values": []}]}, "found 'Colour'"),
        ({"filters": [{"operand": "Status", "operator": "Is", "values": []}]}, "found 'Is'"),
        ({"filters": "all"}, "filters: found .*, accepted: a list"),
        ({"orderBy": [{"orderBy": "Status", "order": "UP"}]}, "order: found 'UP'"),
        ({"lastUpdatedAfter": "yesterday"}, "lastUpdatedAfter: found 'yesterday'"),
        ({"continuationToken": "-1"}, "continuationToken: found '-1'"),
        ({"continuationToken": "9" * 5000}, "continuationToken: found '999"),
        ({"colour": 1}, "found colour"),
    ],
)
def test_a_query_of_another_form_is_refused_by_name(
    caller: Caller, query: dict[str, Any], told: str
) -> None:
    with pytest.raises(HttpResponseError, match=told) as refused:
        caller.query(**query)

    assert refused.value.status_code == 400


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "'x' has no default and must be given"),
        ({"x": "three"}, "'x' is of type int; found 'three'"),
        ({"x": 3, "y": 4}, "No parameter is called 'y'"),
        ({"x": 3, "z": ["s3cr&t"]}, "'z' is of type securestring; found something else"),
    ],
)
def test_parameters_that_do_not_fit_start_no_run(
    cloud: Cloud, caller: Caller, given: dict[str, Any], told: str
) -> None:
    secret = {"type": "securestring", "defaultValue": "-"}
    cloud.pipeline("typed", wait(1), parameters={"x": {"type": "int"}, "z": secret})

    with pytest.raises(HttpResponseError, match=told) as refused:
        caller.start("typed", **given)

    assert refused.value.status_code == 400


def test_a_pipeline_of_any_name_is_run(cloud: Cloud, caller: Caller) -> None:
    name = "Das Ärgernis mit 'Namen' \"hier\" @{x} (1); $ = ~ [z]"
    cloud.pipeline(name, wait(1))
    run = caller.start(name)

    assert caller.get(run).pipeline_name == name


def test_a_deleted_factory_takes_its_runs_along(cloud: Cloud, reach: Cloud) -> None:
    factory = cloud.put(FACTORY, **HERE, factoryName="factory-gone")
    kept = {"pipelineName": "p", **exported.pipeline_hoisted({"activities": [wait(60)]})}
    cloud.put(PIPELINE, resourceGroupName=GROUP, factoryName="factory-gone", **kept)
    with Caller(reach.credential("of-all", (CONTRIBUTOR, SUBSCRIPTION))).client as client:
        made = client.pipelines.create_run(GROUP, "factory-gone", "p", {})

    cloud.run(cloud.azure.manager.delete(factory.id, DEPLOYER))
    cloud.advance(60)

    assert cloud.call(cloud.azure.datafactory.runs.find, made.run_id) is None


def test_a_rerun_is_declined_by_name(cloud: Cloud, caller: Caller) -> None:
    cloud.pipeline("again", wait(1))

    with pytest.raises(HttpResponseError, match="'referencePipelineRunId' is not") as refused:
        caller.client.pipelines.create_run(
            GROUP, FACTORY_NAME, "again", reference_pipeline_run_id="run"
        )

    assert refused.value.status_code == 501


def test_a_web_activity_calls_as_the_factory(cloud: Cloud, caller: Caller) -> None:
    cloud.call(cloud.azure.authorization.unassign, "/reads")
    cloud.pipeline("asks", read_factory())
    refused = caller.end("asks")
    cloud.let_factory("reads", READER)
    done = caller.end("asks")

    assert "Microsoft.DataFactory/factories/read" in refused.message
    assert done.status == "Succeeded"
    assert caller.activities(done.run_id)[0].output["name"] == FACTORY_NAME


def test_a_pipeline_is_read_in_its_exported_form(cloud: Cloud, caller: Caller) -> None:
    cloud.pipeline("read", wait(7), concurrency=3)
    pipelines: Any = caller.client.pipelines

    found = pipelines.get(GROUP, FACTORY_NAME, "read")

    properties = found.activities[0]["typeProperties"]
    assert (found.concurrency, properties) == (3, {"waitTimeInSeconds": 7})
    assert "read" in {each.name for each in pipelines.list_by_factory(GROUP, FACTORY_NAME)}


def test_each_operation_needs_its_own_action(cloud: Cloud, caller: Caller) -> None:
    cloud.pipeline("guarded", wait(3600))
    run = caller.start("guarded")
    stranger = Caller(cloud.credential("stranger"))
    needs: dict[str, Callable[[], object]] = {
        "pipelines/createrun/action": lambda: stranger.start("guarded"),
        "pipelineruns/read": lambda: stranger.get(run),
        "pipelineruns/cancel/action": lambda: stranger.cancel(run),
        "pipelineruns/queryactivityruns/action": lambda: stranger.activities(run),
    }

    with stranger.client:
        for action, asked in needs.items():
            with pytest.raises(HttpResponseError, match=f"factories/{action}") as refused:
                asked()
            assert refused.value.status_code == 403

    assert caller.get(run).status == "InProgress"
