"""What the docs count as billed for one job is what runs for one job."""

from pathlib import Path
from typing import Any

import pytest

from local_azure.services.datafactory.records import Status
from local_azure.services.logic.records import Status as ActionStatus
from tests.templates.test_account_definitions import deliver, event, hosts, landed
from tests.templates.test_pipeline_runs import CREATED, MI, SP, execute, status

PAGE = (Path(__file__).parents[2] / "docs" / "data-factory.md").read_text(encoding="utf-8")
OUTER = 1
"""Score-Folder's own activity: the call."""


def actions(template: str) -> int:
    """Actions that ran for one event, without those that were skipped."""
    _, result = deliver(template, hosts(), [event(url=landed(template))])
    return sum(record.status is not ActionStatus.SKIPPED for _, record in result.actions)


def activities(template: str, looks: int) -> int:
    """Activities that ran for one job at whose status a pipeline looked so often."""
    seen = [*[status("Running")] * (looks - 1), status("Completed")]
    result, _ = execute(template, CREATED, *seen)
    return sum(each.status is not Status.SKIPPED for each in result.activities)


@pytest.mark.parametrize(
    ("template", "told"),
    [
        ("invoke_batch_endpoint", "Logic App, a service principal invokes"),
        ("invoke_batch_endpoint_by_managed_identity", "Logic App, its own identity invokes"),
        ("start_pipeline_run", "Logic App that starts a pipeline"),
    ],
)
def test_the_actions_of_a_workflow_are_as_many_as_the_docs_say(template: str, told: str) -> None:
    assert f"| {told} | 1 trigger and {actions(f'{template}.json')} actions | |" in PAGE


@pytest.mark.parametrize(
    ("template", "told"),
    [(MI, "`Score-Folder`, its own identity"), (SP, "`Score-Folder`, a service principal")],
)
def test_the_activities_of_a_pipeline_are_as_many_as_the_docs_say(template: str, told: str) -> None:
    for_each_look = activities(template, looks=2) - activities(template, looks=1)
    once = activities(template, looks=1) - for_each_look + OUTER
    row = f"| {told} | {once} activity runs | {for_each_look} activity runs |"
    assert row in PAGE


def test_the_documented_example_of_an_hour_is_right() -> None:
    at: dict[int, Any] = {
        seconds: activities(MI, looks=3600 // seconds) + OUTER for seconds in (600, 120, 30)
    }
    told = ", ".join(f"{count} with {seconds} s" for seconds, count in at.items())
    assert told in " ".join(PAGE.split())
