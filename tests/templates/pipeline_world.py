"""Runs pipeline templates in a world of hosts that answer as they are told."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from local_azure.datafactory.factory import Pipeline
from local_azure.datafactory.folder import Folder, run_pipeline
from local_azure.datafactory.parameters import bind
from local_azure.runs.environment import Environment
from tests.templates.world import START

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping

    from local_azure.datafactory.records import RunResult
    from tests.templates.world import World


def run(
    properties: Mapping[str, Any],
    given: Mapping[str, Any],
    world: World,
    folder: Folder | None = None,
) -> RunResult:
    """Run a pipeline to its end, pushing the clock on whenever all wait for it."""
    values = bind(properties.get("parameters", {}), given)
    pipeline = Pipeline("pipeline", properties)
    return pushed(lambda: run_pipeline(pipeline, values, around(world), folder), world)


def around(world: World) -> Environment:
    """The world as a run sees it."""
    return Environment(world.clock, world.send, identity_token=world.identity_token)


def pushed(work: Callable[[], Coroutine[Any, Any, RunResult]], world: World) -> RunResult:
    """Do the work of a run, pushing the clock on whenever all wait for it."""

    async def push() -> RunResult:
        task = asyncio.create_task(work())
        while not await _settled(task):
            world.clock.advance(timedelta(seconds=20))
        return task.result()

    result = asyncio.run(push())
    world.seconds = (world.clock.now() - START).total_seconds()
    return result


async def _settled(work: asyncio.Task[RunResult]) -> bool:
    for _ in range(100):
        await asyncio.sleep(0)
        if work.done():
            return True
    return False
