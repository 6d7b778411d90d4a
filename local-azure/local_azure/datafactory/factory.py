"""What a run asks of the factory that its pipeline belongs to."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from local_azure.datafactory.parameters import bind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local_azure.datafactory.records import Record, RunResult
    from local_azure.datafactory.run import PipelineRun


@dataclass(frozen=True)
class Pipeline:
    """A pipeline: its name and the ``properties`` of its exported form."""

    name: str
    properties: Mapping[str, Any]


@dataclass(frozen=True)
class Call:
    """An Execute Pipeline activity's call of another pipeline.

    Attributes:
        pipeline: the other pipeline's name.
        parameters: given values by name, not yet bound.
        run_id: the id that the run has or gets.
        caller: the calling run.
        activity: the activity that calls.
    """

    pipeline: str
    parameters: Mapping[str, Any]
    run_id: str
    caller: PipelineRun
    activity: Record


class Factory(Protocol):
    """Finds what pipelines refer to, and runs other pipelines.

    What is looked up by name is the ``properties`` of the exported form; LookupError where there
    is nothing of that name.
    """

    def dataset(self, name: str) -> Mapping[str, Any]:
        """A dataset."""

    def linked_service(self, name: str) -> Mapping[str, Any]:
        """A linked service."""

    def credential(self, name: str) -> str:
        """The resource id of the user-assigned identity that a credential stands for."""

    def start(self, call: Call) -> None:
        """Start a run; where a run of that id exists already, do nothing.

        Raises:
            LookupError: there is no such pipeline.
            ValueError: the parameters don't fit.
        """

    async def end(self, run_id: str) -> RunResult:
        """Wait for a run's end; status, message and return value are asked for."""

    def cancel(self, run_id: str) -> None:
        """Ask a run to end; nothing happens where it has."""


@dataclass
class Folder:
    """A factory of files: everything is given, and other pipelines run in this process."""

    pipelines: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    datasets: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    linked_services: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    credentials: Mapping[str, str] = field(default_factory=dict)
    name: str = "factory"
    _runs: dict[str, tuple[PipelineRun, asyncio.Task[RunResult]]] = field(default_factory=dict)

    def dataset(self, name: str) -> Mapping[str, Any]:
        """A dataset of the folder."""
        return self.datasets[name]

    def linked_service(self, name: str) -> Mapping[str, Any]:
        """A linked service of the folder."""
        return self.linked_services[name]

    def credential(self, name: str) -> str:
        """A credential of the folder."""
        return self.credentials[name]

    def start(self, call: Call) -> None:
        """Run the folder's pipeline of that name."""
        if call.run_id in self._runs:
            return
        pipeline = Pipeline(call.pipeline, self.pipelines[call.pipeline])
        values = bind(pipeline.properties.get("parameters", {}), call.parameters)
        run = call.caller.another(pipeline, values, call)
        self._runs[run.id] = run, asyncio.create_task(run.to_its_end())

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
