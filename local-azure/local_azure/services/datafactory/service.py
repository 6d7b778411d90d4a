"""Data Factory: starts runs, carries them out, takes them up after a restart, keeps their history.

A pipeline's ``concurrency`` lets so many of its runs go on at the same time; further ones wait,
Queued, in the order of their creation.
"""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.resource_manager.resource_type import ResourceType
from local_azure.control_plane.resource_manager.rest import Operation
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.control_plane.service import Service
from local_azure.runs import transport
from local_azure.runs.environment import Environment, IdentityError, identity_token
from local_azure.services.datafactory import beginning
from local_azure.services.datafactory.execution import execute
from local_azure.services.datafactory.factory import Call, Deployed, Pipeline
from local_azure.services.datafactory.records import RunResult, Status
from local_azure.services.datafactory.representation import (
    shown_activities,
    shown_run,
    without_secrets,
)
from local_azure.services.datafactory.resources.factory import FACTORY
from local_azure.services.datafactory.resources.trigger import TRIGGER
from local_azure.services.datafactory.routes import RunOperations
from local_azure.services.datafactory.run import Kept, PipelineRun
from local_azure.services.datafactory.store import (
    CANCELING,
    CANCELLED,
    ENDS,
    IN_PROGRESS,
    QUEUED,
    Run,
    Runs,
)
from local_azure.services.datafactory.triggers import Triggers


class DataFactory(Service):
    """The service.

    Attributes:
        runs: all runs of all factories.
        triggers: what starts some of them.
    """

    def __init__(self, control: ControlPlane) -> None:
        self._control = control
        self.runs = Runs(control.state, control.clock, control.metrics)
        self._going: dict[str, tuple[PipelineRun, asyncio.Task[None]]] = {}
        self._waiting: dict[str, asyncio.Event] = {}
        self.triggers = Triggers(control, self.runs, self.begin)

    def types(self) -> Iterable[ResourceType]:
        """A factory's runs end with it, and a trigger's windows are forgotten with it."""
        yield replace(FACTORY, forget=self._forget)
        yield replace(TRIGGER, forget=lambda _, trigger: self.triggers.forget(trigger.id))

    def operations(self) -> Iterable[Operation]:
        """Runs."""
        return RunOperations(self.runs, self.triggers, self.begin, self.cancel).table()

    async def start(self) -> None:
        """Take up what an earlier process left unfinished."""
        unfinished = self.runs.unfinished()
        for run in unfinished:
            if run.status != QUEUED:
                self._go_on(run)
        for run in unfinished:
            if run.status == QUEUED:
                self._advance(run.factory, run.pipeline)
        self.triggers.take_up()

    async def stop(self) -> None:
        """Break off what runs; it goes on from there at the next start."""
        await self.triggers.stop()
        tasks = [task for _, task in self._going.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._going.clear()

    def begin(
        self,
        factory: str,
        pipeline: str,
        given: Mapping[str, Any],
        started: Mapping[str, Any],
        run_id: str,
    ) -> None:
        """Start a run that no other run calls.

        Args:
            factory: the factory's resource id.
            pipeline: the pipeline's name.
            given: values of its parameters.
            started: what ``pipeline()`` tells of who started it.
            run_id: the id that it gets.

        Raises:
            LookupError: there is no such pipeline.
            InvalidParametersError: the values don't fit its parameters.
        """
        found = self._deployed(factory).pipeline(pipeline)
        self._add(beginning.triggered(run_id, factory, found, given, started))

    def call(self, factory: str, pipeline: Pipeline, call: Call) -> None:
        """Start the run of a pipeline that another run calls, unless it has been started.

        Raises:
            ValueError: the parameters don't fit.
        """
        if not self.runs.find(call.run_id):
            self._add(beginning.called(factory, pipeline, call, self._control.clock.now()))

    async def end(self, run_id: str) -> RunResult:
        """Wait for a run's end."""
        while (run := self.runs.find(run_id)) and run.status not in ENDS:
            await self._waiting.setdefault(run_id, asyncio.Event()).wait()
        if run is None:
            return RunResult(run_id, Status.CANCELLED)
        return RunResult(run_id, Status(run.status), run.message)

    def cancel(self, run: Run, *, recursive: bool) -> None:
        """End a run that has not ended, and the runs that it called if this is to be recursive."""
        with self._control.state.transaction():
            canceled = self._to_cancel(run, recursive=recursive)
            for each in canceled:
                self.runs.enter(each.id, CANCELLED if each.status == QUEUED else CANCELING)
        for each in canceled:
            if each.id in self._going:
                self._going[each.id][0].cancel()
            else:
                self._settled(each)

    def let_go(self, run_id: str) -> None:
        """End a run whose caller gave up waiting; one whose caller is cancelled goes on.

        Whether a cancel reaches the called runs too is for who cancels to say (isRecursive).
        """
        run = self.runs.find(run_id)
        if run is None or run.status in ENDS:
            return
        parent = self.runs.find(run.parent)
        if parent is None or parent.status != CANCELING:
            self.cancel(run, recursive=True)

    def _forget(self, _: ControlPlane, factory: Resource) -> None:
        for run in self.runs.unfinished():
            if run.factory.lower() == factory.id.lower() and run.id in self._going:
                self._going.pop(run.id)[1].cancel()
        self.runs.forget(factory.id)
        self.triggers.forget(factory.id)

    def history(self, limit: int) -> list[dict[str, Any]]:
        """The newest runs, newest first, each with its activities; what is secure is hidden."""
        return [self._told(run) for run in self.runs.latest(limit)]

    def begun(self, limit: int, until: str, containing: str) -> list[tuple[str, str, str]]:
        """See ``Runs.begun``."""
        return self.runs.begun(limit, until, containing)

    def of(self, key: str) -> list[dict[str, Any]]:
        """The run of this id, and those that it called."""
        found = [self.runs.find(key), *self.runs.called_by(key)]
        return [self._told(run) for run in found if run]

    def _told(self, run: Run) -> dict[str, Any]:
        activities = shown_activities(run, self.runs.activities(run.id))
        return {**shown_run(run), "factory": run.factory, "activities": activities}

    def _to_cancel(self, run: Run, *, recursive: bool) -> list[Run]:
        called = self.runs.called_by(run.id) if recursive else []
        below = [each for child in called for each in self._to_cancel(child, recursive=True)]
        return [run, *below] if run.status not in ENDS else below

    def _add(self, run: Run) -> None:
        self.runs.add(run)
        self._advance(run.factory, run.pipeline)

    def _advance(self, factory: str, pipeline: str) -> None:
        """Let queued runs of a pipeline go on, as many as there is room for."""
        for run in self.runs.queued(factory, pipeline):
            most = run.work.properties.get("concurrency")
            if most and self.runs.under_way(factory, pipeline) >= most:
                return
            self.runs.enter(run.id, IN_PROGRESS)
            self._go_on(run)

    def _go_on(self, run: Run) -> None:
        pipeline = Pipeline(run.pipeline, run.work.properties)
        kept = Kept(run.id, run.work.told, self.runs.journal(run.id))
        going = PipelineRun(
            pipeline,
            run.work.parameters,
            self._environment(run.factory),
            self._deployed(run.factory),
            kept,
        )
        if run.status == CANCELING:
            going.cancel()
        self._going[run.id] = going, asyncio.create_task(self._carry_out(run, going))

    async def _carry_out(self, run: Run, going: PipelineRun) -> None:
        result = await execute(going)
        # A run that called this one repeats the message, and does not know its secrets.
        self.runs.enter(run.id, result.status.value, without_secrets(run, result.message))
        del self._going[run.id]
        self._settled(run)

    def _settled(self, run: Run) -> None:
        """Tell who waits for a run that has ended, and let others of its pipeline go on."""
        if event := self._waiting.pop(run.id, None):
            event.set()
        self._advance(run.factory, run.pipeline)
        self.triggers.ended(run.id)

    def _deployed(self, factory: str) -> Deployed:
        return Deployed(factory, self._control.resources, self.call, self.end, self.let_go)

    def _environment(self, factory: str) -> Environment:
        control = self._control

        def token(wanted: str | None, audience: str) -> str:
            found = control.resources.find(factory)
            if found is None:
                raise IdentityError("The factory does not exist any more.")
            return identity_token(control, found, wanted, audience)

        return Environment(control.clock, transport.over(control.client), token)
