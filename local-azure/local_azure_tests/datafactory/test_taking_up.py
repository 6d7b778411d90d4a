"""A run whose process ends is taken up by another one, which does nothing twice."""

from datetime import timedelta
from typing import Any

import pytest

from local_azure.services.datafactory.execution import execute
from local_azure.services.datafactory.factory import Pipeline
from local_azure.services.datafactory.folder import Folder
from local_azure.services.datafactory.records import RunResult
from local_azure.services.datafactory.run import Kept, PipelineRun
from local_azure_tests.datafactory.journals import Diary
from local_azure_tests.datafactory.pipelines import (
    VARIABLES,
    activity,
    append,
    set_variable,
    wait,
    web,
)
from local_azure_tests.pipeline_world import around
from local_azure_tests.world import World, pushed

LONG = activity("W", "Wait", waitTimeInSeconds=1000)
RUN_ID = "6c4b7f0e-5a5e-4d0c-9d53-0d5a0a5b9f11"


def process(
    diary: Diary,
    world: World,
    properties: dict[str, Any],
    parameters: dict[str, Any] | None = None,
) -> RunResult:
    """One process: it takes the run up where the diary ends."""

    async def work() -> RunResult:
        kept = Kept(RUN_ID, journal=diary)
        pipeline = Pipeline("p", properties)
        return await execute(PipelineRun(pipeline, parameters or {}, around(world), Folder(), kept))

    return pushed(work, world)


def taken_up(
    activities: list[dict[str, Any]], last_write: int, *, after: int = 0
) -> tuple[RunResult, World]:
    """The end of a run whose first process ended after some writes, and the second came later."""
    diary, world = Diary(), World({})
    whole = {"activities": activities, "variables": VARIABLES}
    diary.last_write = last_write
    with pytest.raises(BaseExceptionGroup):
        process(diary, world, whole)
    diary.last_write = 0
    world.clock.advance(timedelta(seconds=after))
    return process(diary, world, whole), world


def test_what_ended_inside_of_a_container_is_seen_by_the_next_process() -> None:
    loop = activity("A", "Until", expression="@equals(1, 1)", activities=[wait("B")])
    last = set_variable("C", "@activity('B').Status", {"W": "Succeeded", "A": "Succeeded"})
    result, _ = taken_up([loop, wait("W", {"A": "Succeeded"}), last], 5)
    assert result.variables["v"] == "Succeeded"


def test_a_wait_that_had_begun_goes_on_with_what_was_left_of_it() -> None:
    wait = activity("W", "Wait", waitTimeInSeconds=100)
    _, world = taken_up([wait], 1, after=60)
    assert world.seconds == 100


def test_a_pause_between_attempts_goes_on_with_what_was_left_of_it() -> None:
    policy = {"policy": {"retry": 1, "retryIntervalInSeconds": 100}}
    result, world = taken_up([web("A") | policy], 2, after=60)
    assert [each.attempt for each in result.activities] == [1, 2]
    assert world.seconds == 100


def test_a_time_out_counts_from_the_first_beginning() -> None:
    loop = activity("L", "Until", expression="@equals(1, 2)", timeout="00:01:40", activities=[LONG])
    _, world = taken_up([loop], 2, after=60)
    assert world.seconds == 100


def test_a_time_out_that_was_being_noted_lets_nothing_begin() -> None:
    inside = [LONG, web("Late")]
    inside[1]["dependsOn"] = [{"activity": "W", "dependencyConditions": ["Skipped"]}]
    loop = activity("L", "Until", expression="@equals(1, 2)", timeout="00:01:40", activities=inside)
    # The beginnings of Until and Wait, and the latter's end.
    result, _ = taken_up([loop], 3)
    ends = [(each.name, each.status.value) for each in result.activities]
    assert ends == [("W", "Cancelled"), ("L", "Failed")]


def test_variables_hold_what_they_held() -> None:
    first = set_variable("A", "kept")
    result, _ = taken_up([first, wait("W", {"A": "Succeeded"})], 3)
    assert result.variables["v"] == "kept"


def test_a_pass_that_was_not_the_last_is_not_asked_again() -> None:
    both = [append("A", "x"), wait("W", {"A": "Succeeded"})]
    loop = activity(
        "L", "Until", expression="@equals(length(variables('all')), 2)", activities=both
    )
    # Until, and Append and Wait of the first pass; Append and Wait's beginning of the second.
    result, _ = taken_up([loop], 1 + 4 + 3)
    ends = [each.status.value for each in result.activities if each.name == "W"]
    assert ends == ["Succeeded", "Succeeded"]


def test_what_was_decided_is_not_decided_anew() -> None:
    decision = activity(
        "I",
        "IfCondition",
        expression="@less(ticks(utcnow()), ticks('2026-06-01T12:00:30Z'))",
        ifTrueActivities=[wait("Early")],
        ifFalseActivities=[wait("Late")],
    )
    result, _ = taken_up([decision], 1, after=60)
    assert [each.name for each in result.activities] == ["Early", "I"]
