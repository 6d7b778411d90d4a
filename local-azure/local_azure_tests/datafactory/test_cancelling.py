"""A run that is cancelled ends at once, with what was in progress."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from local_azure.services.datafactory.activities.execute_pipeline import child_id
from local_azure.services.datafactory.execution import execute
from local_azure.services.datafactory.factory import Pipeline
from local_azure.services.datafactory.folder import Folder
from local_azure.services.datafactory.run import PipelineRun
from local_azure_tests.datafactory.pipelines import activity, wait
from local_azure_tests.pipeline_world import around
from local_azure_tests.world import World

if TYPE_CHECKING:
    from local_azure.services.datafactory.records import RunResult

CHILD = {"referenceName": "child", "type": "PipelineReference"}


async def cancelled(activities: list[dict[str, Any]], folder: Folder) -> RunResult:
    """The end of a run that is cancelled while it waits."""
    run = PipelineRun(Pipeline("p", {"activities": activities}), {}, around(World({})), folder)
    task = asyncio.create_task(execute(run))
    await _a_while()
    run.cancel()
    return await task


async def _a_while() -> None:
    for _ in range(50):
        await asyncio.sleep(0)


def test_what_is_in_progress_ends_cancelled_and_the_rest_does_not_begin() -> None:
    loop = activity("L", "Until", expression="@equals(1, 2)", activities=[wait("W")])

    result = asyncio.run(cancelled([loop, wait("B", {"L": "Completed"})], Folder()))

    assert result.status.value == "Cancelled"
    ends = {each.name: each.status.value for each in result.activities}
    assert ends == {"W": "Cancelled", "L": "Cancelled"}


def test_a_run_that_is_waited_for_is_cancelled_with_its_caller() -> None:
    folder = Folder({"child": {"activities": [wait("W")]}})
    call = activity("C", "ExecutePipeline", pipeline=CHILD, waitOnCompletion=True)

    async def end_of_the_child() -> RunResult:
        result = await cancelled([call], folder)
        await _a_while()
        return folder.results()[child_id(result.run_id, result.activities[0])]

    assert asyncio.run(end_of_the_child()).status.value == "Cancelled"
