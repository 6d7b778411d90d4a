"""Runs pipeline templates in a world of hosts that answer as they are told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local_azure.runs.environment import Environment
from local_azure.services.datafactory.factory import Pipeline
from local_azure.services.datafactory.folder import Folder, run_pipeline
from local_azure.services.datafactory.parameters import bind
from local_azure.services.datafactory.records import RunResult
from local_azure_tests.world import World, pushed


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
