"""Tumbling windows on a clock that the tests move, by the real management client."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError
from azure.identity import ClientSecretCredential
from azure.mgmt.datafactory.models import RunFilterParameters, TriggerResource

from local_azure.control_plane.clock import Clock
from local_azure.control_plane.tenant import TENANT_ID
from local_azure_tests.conftest import NOON, Storage
from local_azure_tests.datafactory.cloud import (
    ALWAYS,
    FACTORY_ID,
    FACTORY_NAME,
    GROUP,
    HOUR,
    PATIENCE,
    READER,
    Caller,
    Cloud,
    wait,
)
from local_azure_tests.datafactory.conftest import Restarted
from local_azure_tests.datafactory.pipelines import activity

ELEVEN = "2026-06-01T11:00:00Z"
WINDOW = {
    "start": {"type": "string"},
    "end": {"type": "string"},
    "seconds": {"type": "int", "defaultValue": 0},
}
FAILS = activity("No", "Fail", message="no", errorCode="1")
WAITS = activity(
    "W", "Wait", waitTimeInSeconds={"type": "Expression", "value": "@pipeline().parameters.seconds"}
)


@pytest.fixture
def cloud(tmp_path: Path, lasting: Storage) -> Iterator[Cloud]:
    """A factory of this test's own, whose clock stands at noon."""
    with lasting.serve(Cloud, tmp_path, Clock(NOON)) as made:
        made.settle()
        made.pipeline("each", WAITS, parameters=WINDOW)
        yield made


@pytest.fixture
def windows(reach: Cloud, caller: Caller) -> Windows:
    """A trigger of that factory, which is not there yet."""
    return Windows(reach, caller)


class Windows:
    """The trigger ``hourly``."""

    def __init__(self, cloud: Cloud, caller: Caller) -> None:
        self.cloud = cloud
        self.client = caller.client

    @property
    def triggers(self) -> Any:
        return self.client.triggers

    def advance(self, seconds: int) -> None:
        """Move the clock, and sign in again: a client would go on with a token that has ended."""
        self.cloud.advance(seconds)
        who = ClientSecretCredential(TENANT_ID, "contributor-client", "contributor-secret")
        self.client = Caller(who).client

    def put(self, pipeline: str = "each", seconds: int = 0, **changes: Any) -> Any:
        own = {
            "frequency": "Hour",
            "interval": 1,
            "startTime": "2026-06-01T10:00:00Z",
            "maxConcurrency": 1,
            **changes,
        }
        reference = {"type": "PipelineReference", "referenceName": pipeline}
        parameters = {
            "start": "@trigger().outputs.windowStartTime",
            "end": "@trigger().outputs.windowEndTime",
            "seconds": seconds,
        }
        document = {
            "type": "TumblingWindowTrigger",
            "pipeline": {"pipelineReference": reference, "parameters": parameters},
            "typeProperties": {key: each for key, each in own.items() if each is not None},
        }
        resource = TriggerResource({"properties": document})
        return self.triggers.create_or_update(GROUP, FACTORY_NAME, "hourly", resource)

    def start(self) -> None:
        self.triggers.begin_start(GROUP, FACTORY_NAME, "hourly").result()

    def begin(self, pipeline: str = "each", **changes: Any) -> None:
        """Make it, and start it."""
        self.put(pipeline, **changes)
        self.start()

    def runs(self, *ends: str) -> list[Any]:
        """The trigger's runs, oldest first, once they have these states."""
        asked = RunFilterParameters(ALWAYS)
        found: list[Any] = []
        for _ in range(PATIENCE):
            found = self.client.trigger_runs.query_by_factory(GROUP, FACTORY_NAME, asked).value
            if [each.status for each in found] == list(ends):
                break
        assert [each.status for each in found] == list(ends)
        return found

    def hours(self, *ends: str) -> list[str]:
        """The hours at which the windows begin."""
        told = [f"{each.properties['windowStartTime']}Z" for each in self.runs(*ends)]
        begun = [datetime.strptime(each, "%m/%d/%Y %I:%M:%S %p%z") for each in told]
        return [f"{each:%H}" for each in begun]


def test_a_trigger_is_created_stopped_and_does_nothing(windows: Windows) -> None:
    made = windows.put()

    assert made.properties.runtime_state == "Stopped"
    windows.advance(5 * HOUR)
    windows.runs()


def test_past_windows_are_worked_on_oldest_first_and_later_ones_when_they_are_over(
    windows: Windows,
) -> None:
    windows.begin()
    assert windows.hours("Succeeded", "Succeeded") == ["10", "11"]

    windows.advance(HOUR - 1)
    windows.runs("Succeeded", "Succeeded")
    windows.advance(1)

    assert windows.hours(*["Succeeded"] * 3) == ["10", "11", "12"]


def test_the_pipeline_is_told_its_window_and_who_started_it(windows: Windows) -> None:
    windows.begin(startTime=ELEVEN)

    (run,) = windows.runs("Succeeded")

    told = {"start": ELEVEN, "end": "2026-06-01T12:00:00Z", "seconds": "0"}
    (pipeline_run,) = run.triggered_pipelines.values()
    found: Any = windows.client.pipeline_runs.get(GROUP, FACTORY_NAME, pipeline_run)
    assert found.parameters == told
    assert (found.invoked_by.name, found.invoked_by.invoked_by_type) == (
        "hourly",
        "TumblingWindowTrigger",
    )


def test_no_more_windows_are_worked_on_at_once_than_the_trigger_allows(windows: Windows) -> None:
    windows.begin(seconds=60, maxConcurrency=2, startTime="2026-06-01T09:00:00Z")
    assert windows.hours("Running", "Running") == ["09", "10"]

    windows.advance(60)

    assert windows.hours("Succeeded", "Succeeded", "Running") == ["09", "10", "11"]


def test_a_window_waits_for_the_delay_and_keeps_its_times(windows: Windows) -> None:
    windows.begin(startTime=ELEVEN, delay="00:10:00")
    windows.runs()

    windows.advance(600)

    assert windows.hours("Succeeded") == ["11"]


def test_no_window_ends_after_the_end(windows: Windows) -> None:
    windows.begin(endTime="2026-06-01T11:30:00Z")
    windows.advance(5 * HOUR)

    assert windows.hours("Succeeded") == ["10"]


def test_a_failed_window_is_tried_again_as_often_and_as_late_as_its_policy_says(
    windows: Windows,
) -> None:
    windows.cloud.pipeline("fails", FAILS, parameters=WINDOW)
    retry = {"count": 1, "intervalInSeconds": 60}
    windows.begin("fails", startTime=ELEVEN, retryPolicy=retry)
    first = windows.runs("Running")[0].triggered_pipelines

    windows.advance(60)
    (run,) = windows.runs("Failed")

    assert run.triggered_pipelines != first
    assert run.message == "Operation on target No failed: no"


def test_without_a_policy_a_window_fails_with_its_pipeline_and_can_be_run_again(
    windows: Windows,
) -> None:
    windows.cloud.pipeline("fails", FAILS, parameters=WINDOW)
    windows.begin("fails", startTime=ELEVEN)
    (run,) = windows.runs("Failed")
    windows.cloud.pipeline("fails", wait(0), parameters=WINDOW)

    windows.client.trigger_runs.rerun(GROUP, FACTORY_NAME, "hourly", run.trigger_run_id)

    assert windows.hours("Failed", "Succeeded") == ["11", "11"]


def test_a_stopped_trigger_goes_on_where_it_was(windows: Windows) -> None:
    windows.begin()
    windows.runs("Succeeded", "Succeeded")
    windows.triggers.begin_stop(GROUP, FACTORY_NAME, "hourly").result()
    windows.advance(2 * HOUR)
    windows.runs("Succeeded", "Succeeded")

    windows.start()

    assert windows.hours(*["Succeeded"] * 4) == ["10", "11", "12", "13"]


ACTS: dict[str, Callable[[Windows], Any]] = {
    "changed": lambda windows: windows.put(delay="00:01:00"),
    "deleted": lambda windows: windows.triggers.delete(GROUP, FACTORY_NAME, "hourly"),
}


@pytest.mark.parametrize("act", ACTS)
def test_a_started_trigger_can_be_neither(windows: Windows, act: str) -> None:
    windows.begin()

    with pytest.raises(HttpResponseError) as refused:
        ACTS[act](windows)

    assert refused.value.error is not None
    assert (refused.value.error.code, refused.value.error.message) == (
        "TriggerEnabledCannotUpdate",
        "Cannot update enabled Trigger; the trigger needs to be disabled first. ",
    )


REFUSED = [
    ({"frequency": "Month"}, "emulated: Minute or Hour"),
    ({"frequency": "Minute", "interval": 4}, "accepted: 5 or more minutes"),
    ({"maxConcurrency": 51}, "accepted: 1 to 50"),
    ({"startTime": "2026-06-01T10:00:00+02:00"}, "accepted: a time in UTC"),
    ({"delay": "ten minutes"}, "accepted: a time span such as 00:10:00"),
    ({"retryPolicy": {"count": 1, "intervalInSeconds": 5}}, "accepted: 30 to 86400"),
    ({"retryPolicy": {"count": "1", "intervalInSeconds": 60}}, "found '1', accepted: a number"),
    ({"maxConcurrency": None}, "maxConcurrency: missing"),
    ({"dependsOn": [{"type": "SelfDependencyTumblingWindowTriggerReference"}]}, "dependsOn"),
    ({"pipeline": "nowhere"}, "invalid reference 'nowhere'"),
]


@pytest.mark.parametrize(("changes", "told"), REFUSED)
def test_what_no_trigger_has_is_refused(windows: Windows, changes: Any, told: str) -> None:
    with pytest.raises(HttpResponseError, match=told):
        windows.put(**changes)


@pytest.mark.parametrize(
    "change",
    [
        {"interval": 2},
        {"startTime": "2026-06-01T09:00:00Z"},
        {"frequency": "Minute", "interval": 60},
    ],
)
def test_the_windows_of_a_trigger_can_t_be_cut_otherwise(windows: Windows, change: Any) -> None:
    windows.put()

    with pytest.raises(HttpResponseError, match="can't be changed; make a new trigger"):
        windows.put(**change)


def test_a_pipeline_that_a_trigger_runs_can_t_be_deleted(windows: Windows) -> None:
    windows.put()

    with pytest.raises(HttpResponseError, match="it is referenced by hourly"):
        windows.client.pipelines.delete(GROUP, FACTORY_NAME, "each")


def test_who_may_only_read_starts_no_trigger(reach: Cloud, windows: Windows) -> None:
    windows.put()
    reader = Caller(reach.credential("reader", (READER, FACTORY_ID)))

    with reader.client, pytest.raises(HttpResponseError, match="triggers/start/action"):
        reader.client.triggers.begin_start(GROUP, FACTORY_NAME, "hourly")


@pytest.mark.parametrize(
    ("seconds", "before", "after"),
    [
        (600, "Running", ["Succeeded", "Running", "Running"]),
        (0, "Succeeded", ["Succeeded", "Succeeded", "Succeeded"]),
    ],
    ids=["a window is worked on", "nothing is under way"],
)
def test_a_trigger_goes_on_after_a_restart(
    restarted: Restarted, seconds: int, before: str, after: list[str]
) -> None:
    """The window that was worked on ends once, and those of the time between are not lost."""
    cloud, caller = restarted()
    cloud.pipeline("each", WAITS, parameters=WINDOW)
    first = Windows(cloud, caller)
    first.begin(seconds=seconds, startTime=ELEVEN, maxConcurrency=5)
    first.runs(before)

    later = Windows(*restarted(2 * HOUR))

    assert later.hours(*after) == ["11", "12", "13"]
