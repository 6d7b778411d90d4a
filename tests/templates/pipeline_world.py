"""Runs pipeline templates in a world of hosts that answer as they are told."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from local_azure.datafactory.parameters import bind
from local_azure.datafactory.run import run_pipeline
from local_azure.logic.environment import Environment
from tests.templates.world import START

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local_azure.datafactory.records import RunResult
    from tests.templates.world import World


def run(properties: Mapping[str, Any], given: Mapping[str, Any], world: World) -> RunResult:
    """Run a pipeline to its end, pushing the clock on whenever all wait for it."""
    environment = Environment(world.clock, world.send, identity_token=world.identity_token)
    values = bind(properties.get("parameters", {}), given)

    async def pushed() -> RunResult:
        work = asyncio.create_task(run_pipeline(properties, values, environment))
        while not await _settled(work):
            world.clock.advance(timedelta(seconds=20))
        return work.result()

    result = asyncio.run(pushed())
    world.seconds = (world.clock.now() - START).total_seconds()
    return result


async def _settled(work: asyncio.Task[RunResult]) -> bool:
    for _ in range(100):
        await asyncio.sleep(0)
        if work.done():
            return True
    return False
