"""A factory of files, whose pipelines run in this process."""

import asyncio
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from local_azure.runs.environment import Environment
from local_azure.services.datafactory.beginning import started_by_hand, told_of_call
from local_azure.services.datafactory.execution import execute
from local_azure.services.datafactory.factory import Call, Pipeline
from local_azure.services.datafactory.parameters import bind
from local_azure.services.datafactory.records import RunResult
from local_azure.services.datafactory.run import Kept, PipelineRun


@dataclass
class Folder:
    """A factory of files: everything is given, and other pipelines run in this process.

    Attributes:
        pipelines: the ``properties`` of each, by name.
        beside: those of what lies in its other folders, by folder and name.
        name: the factory's.
    """

    pipelines: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    beside: Mapping[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict)
    name: str = "factory"
    _runs: dict[str, tuple[PipelineRun, asyncio.Task[RunResult]]] = field(default_factory=dict)

    def document(self, folder: str, name: str) -> Mapping[str, Any]:
        """What lies in a folder of this one."""
        return self.beside.get(folder, {})[name]

    def network(self, runtime: str) -> str:
        """No runtime of the folder is in a network."""
        del runtime
        return ""

    def start(self, call: Call) -> None:
        """Run the folder's pipeline of that name."""
        if call.run_id in self._runs:
            return
        pipeline = Pipeline(call.pipeline, self.pipelines[call.pipeline])
        values = bind(pipeline.properties.get("parameters", {}), call.parameters)
        kept = Kept(call.run_id, told_of_call(call, call.environment.clock.now()))
        run = PipelineRun(pipeline, values, call.environment, self, kept)
        self._runs[run.id] = run, asyncio.create_task(execute(run))

    async def end(self, run_id: str) -> RunResult:
        """Wait for the run."""
        return await asyncio.shield(self._runs[run_id][1])

    def cancel(self, run_id: str) -> None:
        """Cancel the run."""
        self._runs[run_id][0].cancel()

    def results(self) -> dict[str, RunResult]:
        """How the runs ended that were started, by their ids."""
        return {run_id: task.result() for run_id, (_, task) in self._runs.items()}

    async def settle(self) -> None:
        """Wait for all runs that were started, those too that nobody waits for."""
        waited = 0
        while waited < len(self._runs):
            waited = len(self._runs)
            await asyncio.gather(*(task for _, task in self._runs.values()))


async def run_pipeline(
    pipeline: Pipeline,
    parameters: Mapping[str, Any],
    environment: Environment,
    folder: Folder | None = None,
) -> RunResult:
    """Run a pipeline in this process, with those that it calls.

    Args:
        pipeline: one that ``check_definition`` found nothing wrong with.
        parameters: each parameter's value, see ``parameters.bind``.
        environment: the world around the run.
        folder: what the pipeline refers to.
    """
    folder, run_id = folder or Folder(), str(uuid.uuid4())
    kept = Kept(run_id, started_by_hand(folder.name, run_id, environment.clock.now()))
    result = await execute(PipelineRun(pipeline, parameters, environment, folder, kept))
    await folder.settle()
    return result
