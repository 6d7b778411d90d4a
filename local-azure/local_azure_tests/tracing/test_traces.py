"""What is known of a file, from service to service."""

import asyncio
from typing import Any

import pytest

from local_azure.tracing.model import Trace
from local_azure.tracing.query import Gathered, NoTraceError, Sources, Traces, Wanted
from local_azure.tracing.spans import named
from local_azure_tests.tracing import history
from local_azure_tests.tracing.history import (
    WHEN,
    WHOLE,
    action,
    activity,
    delivery,
    event,
    job,
    pipeline_run,
    sources,
    workflow_run,
)

_GIVEN_UP = event(deliveries=[delivery("Busy", state="dead-lettered")])
_AGAIN = event(deliveries=[delivery("Busy", state="waiting")])
_WHY = "MaxDeliveryAttemptsExceeded: Busy it said"
_REFUSED = workflow_run(
    action("If", type="If", status="Failed", error={"message": "An action failed."}),
    action("Invoke", {"error": {"message": "no right"}}, status="Failed", code="Forbidden"),
    status="Failed",
)


def by_hand(count: int, status: str = "Succeeded") -> Any:
    """A run that somebody started with the event, and no delivery."""
    trigger = {"outputs": {"headers": {}, "body": [{"id": "e"}]}}
    return workflow_run(count=count, status=status, trigger=trigger)


def _job(name: str = "job-1", status: str = "Completed", **more: Any) -> Any:
    """A job that the event's id was asked for with."""
    return job(name, status, request_id="e", **more)


_VERDICT = {"subscription": "/eventSubscriptions/csv", "reasons": ["subject is wrong"]}


def whole(told: Sources, key: str = "e") -> Trace:
    return asyncio.run(Traces(told).one(key))


def latest(told: Sources, **wanted: Any) -> list[str]:
    return [each.id for each in asyncio.run(Traces(told).latest(Wanted(**wanted)))]


def test_each_step_stands_below_what_caused_it() -> None:
    tree = {each.id: each.parent for each in whole(WHOLE).spans}

    assert tree == {
        "event/0": "",
        "event/0/watching": "event/0",
        "event/0/watching/1": "event/0/watching",
        "event/0/watching/2": "event/0/watching",
        "w0": "event/0/watching/1",
        "w1": "event/0/watching/2",
        "w1/0": "w1",
        "outer": "w1/0",
        "outer/0": "outer",
        "inner": "outer/0",
        "inner/0": "inner",
        "job-1": "inner/0",
        "job-1/0": "job-1",
        "job-1/1": "job-1",
        "job-1/mini-batches": "job-1",
        "job-1/log/user/error.txt": "job-1",
    }


def test_what_a_loop_repeats_stands_below_the_loop() -> None:
    inner = action("Inner", place="Each[2]", type="Foreach")
    run = workflow_run(action("Each"), inner, action("Deepest", place="Each[2].Inner[0]"))

    tree = {each.name: each.parent for each in whole(sources([event()], [run])).of("action")}

    assert tree == {"Each": "w0", "Inner": "w0/0", "Deepest": "w0/1"}


STATES = {
    "done": (WHOLE, "done", ""),
    "nobody": (sources([event()]), "unwanted", ""),
    "filter": (sources([event(verdicts=[_VERDICT])]), "unwanted", "csv: subject is wrong"),
    "tried again": (sources([_AGAIN]), "under way", "Busy it said"),
    "dead letter": (sources([_GIVEN_UP]), "failed", _WHY),
    "job": (sources([event()], jobs=[_job(status="Failed", error="no")]), "failed", "no"),
    "running": (sources([event()], jobs=[_job(status="Running")]), "under way", ""),
    "second job": (
        sources([event()], jobs=[_job("first"), _job("again", "Failed", error="exists")]),
        *("done", ""),
    ),
    "action": (sources([event()], [_REFUSED]), "failed", "Invoke: Forbidden: no right"),
    "refused by a run": (
        sources([_GIVEN_UP], [_REFUSED]),
        *("failed", f"{_WHY}: Invoke: Forbidden: no right"),
    ),
    "sent again": (sources([_GIVEN_UP, event(deliveries=[delivery("OK")])]), "done", ""),
    "sent again and tried again": (sources([_GIVEN_UP, _AGAIN]), "under way", "Busy it said"),
    "replayed by hand": (sources([_GIVEN_UP], [by_hand(2)]), "done", ""),
    "replayed twice": (sources([_GIVEN_UP], [by_hand(2, "Failed"), by_hand(3)]), "done", ""),
    "replayed and refused": (
        sources([_GIVEN_UP], [by_hand(2), by_hand(3, "Failed")]),
        *("failed", _WHY),
    ),
}


@pytest.mark.parametrize(("told", "state", "reason"), STATES.values(), ids=STATES.keys())
def test_a_trace_tells_its_state_and_why(told: Sources, state: str, reason: str) -> None:
    trace = whole(told)

    assert (trace.state, trace.reason) == (state, reason)


def test_a_parse_json_says_which_field_does_not_fit() -> None:
    outputs = {"errors": [{"path": "data.url", "message": "Invalid type."}]}
    why = {"error": {"message": "The schema validation failed."}, "outputs": outputs}
    failed = action("Parse", type="ParseJson", status="Failed", **why)
    trace = whole(sources([event()], [workflow_run(failed, status="Failed")]))

    assert trace.reason == "Parse: The schema validation failed. data.url: Invalid type."


def test_what_went_well_in_the_end_gives_no_reason() -> None:
    caught = workflow_run(action("Try", status="Failed", error={"message": "no"}))
    told = whole(sources([event(deliveries=[delivery("Busy", "OK")])], [caught]))

    ended = [each for each in told.spans if each.kind in {"delivery", "workflow run"}]
    assert [each.reason for each in ended] == ["", ""]


def test_attempts_to_write_a_dead_letter_are_counted_by_themselves() -> None:
    written = {"of": "dead letter", "state": "written", "outcome": "", "detail": None}
    tried = delivery("Busy", state="dead-lettered")
    tried["tries"] += [{**written, "start": WHEN.format(5), "end": WHEN.format(6)}]
    told = whole(sources([event(deliveries=[tried])]))

    assert [each.name for each in told.of("attempt", "dead letter")] == [
        "attempt 1",
        "dead letter 1",
    ]


def test_a_dead_letter_that_can_not_be_written_says_why() -> None:
    refused = {**delivery("Busy", state="dead-lettering"), "refusal": "no container"}
    (told,) = whole(sources([event(deliveries=[refused])])).of("delivery")

    assert told.reason == "MaxDeliveryAttemptsExceeded: no container"


def test_attempts_are_counted_from_one() -> None:
    assert [each.attributes["attempt"] for each in whole(WHOLE).of("activity")] == [1, 1]


def test_mini_batches_begin_when_the_job_runs() -> None:
    states = [
        {"status": status, "time": WHEN.format(number)}
        for number, status in enumerate(("Queued", "Running", "Completed"))
    ]
    told = job(states=states, scored={"files": 1, "done": 1}, request_id="e")
    (batches,) = whole(sources([event()], jobs=[told])).of("mini-batches")

    assert batches.start == WHEN.format(1)


def test_an_answer_names_a_run_in_its_headers_too() -> None:
    assert named({"headers": {"x-ms-workflow-run-id": "w"}, "body": "text"}) == {"w"}


def test_a_row_tells_of_its_file() -> None:
    assert whole(WHOLE).row() == {
        "id": "e",
        "file": history.FILE,
        "name": "seven.pgm",
        "event": "e",
        "kind": "event",
        "state": "done",
        "attempts": 2,
        "started": WHEN.format(0),
        "ended": WHEN.format(3),
        "reason": "",
    }


def test_a_job_is_asked_for_by_its_own_name_too() -> None:
    told = sources([event()], jobs=[job(request_id="e")])

    assert whole(told, "job-1").id == "e"


def test_what_nothing_is_known_of_is_refused() -> None:
    with pytest.raises(NoTraceError, match="'seven'"):
        whole(WHOLE, "seven")


def test_runs_that_call_each_other_in_a_circle_are_told_once() -> None:
    runs = [pipeline_run("a", caller="b"), pipeline_run("b", caller="a")]

    assert [each.id for each in Gathered(sources(pipelines=runs), "a")._spans] == ["a", "b"]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, ["alone", "e2", "e"]),
        ({"limit": 1}, ["alone"]),
        ({"containing": "SEVEN.pgm"}, ["alone", "e2", "e"]),
        ({"containing": "e2"}, ["e2"]),
        ({"containing": "job-2"}, ["e2"]),
        ({"state": "failed"}, ["e2"]),
        ({"until": WHEN.format(0)}, ["e"]),
    ],
    ids=["all", "limit", "file", "event", "job", "state", "until"],
)
def test_the_list_is_of_what_is_looked_for(wanted: dict[str, Any], found: list[str]) -> None:
    events = [event(deliveries=[delivery("OK")]), event("e2", published=WHEN.format(1))]
    failed = job("job-2", "Failed", request_id="e2")
    told = sources(events, [workflow_run()], [], [failed, job("alone")])

    assert latest(told, **wanted) == found


def test_what_a_trace_has_is_no_trace_of_its_own() -> None:
    assert latest(WHOLE) == ["e"]
    assert latest(
        sources(pipelines=[pipeline_run("p", activity("I", {"name": "job-1"}))], jobs=[job()])
    ) == ["p"]
