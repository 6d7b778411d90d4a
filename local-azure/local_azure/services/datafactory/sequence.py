"""Activities that lie beside each other: each begins when those before it have ended.

What is beside each other has failed if a leaf failed; where a leaf was skipped, those before it
decide (D:data-factory/tutorial-pipeline-failure-error-handling).
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from local_azure.services.datafactory.attempt import run_activity
from local_azure.services.datafactory.records import Record, Status

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from local_azure.services.datafactory.frame import Frame

_MET = {
    "Succeeded": {Status.SUCCEEDED},
    "Failed": {Status.FAILED},
    "Skipped": {Status.SKIPPED},
    "Completed": {Status.SUCCEEDED, Status.FAILED},
}


async def run_sequence(activities: Sequence[Mapping[str, Any]], frame: Frame) -> Record | None:
    """Run activities; the failure that decides, if any."""
    tasks: dict[str, asyncio.Task[Record]] = {}
    async with asyncio.TaskGroup() as group:
        for each in activities:
            tasks[each["name"]] = group.create_task(_in_turn(each, tasks, frame))
    before = {each["name"]: _before(each) for each in activities}
    leaves = [name for name in before if not any(name in each for each in before.values())]
    records = {name: task.result() for name, task in tasks.items()}
    return next(filter(None, (_deciding(leaf, before, records) for leaf in leaves)), None)


async def _in_turn(
    activity: Mapping[str, Any], tasks: Mapping[str, asyncio.Task[Record]], frame: Frame
) -> Record:
    # The tasks beside this one all exist once it is first asked to go on.
    await asyncio.sleep(0)
    runs = True
    for each in activity.get("dependsOn", []):
        found = (await asyncio.shield(tasks[each["activity"]])).status
        runs &= any(found in _MET[condition] for condition in each["dependencyConditions"])
    return await run_activity(activity, frame, run_sequence, runs=runs)


def _before(activity: Mapping[str, Any]) -> list[str]:
    return [each["activity"] for each in activity.get("dependsOn", [])]


def _deciding(
    name: str, before: Mapping[str, list[str]], records: Mapping[str, Record]
) -> Record | None:
    """The failure at this activity, or, where it was skipped, before it."""
    if records[name].status is Status.FAILED:
        return records[name]
    if records[name].status is Status.SUCCEEDED:
        return None
    return next(filter(None, (_deciding(each, before, records) for each in before[name])), None)
