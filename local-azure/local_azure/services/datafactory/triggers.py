"""Tumbling-window triggers: each started one runs its pipeline for every window, oldest first.

A window that failed is tried again as its retry policy says; what is worked on goes on where the
trigger is stopped, or the process ends.
"""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, ClassVar
from uuid import uuid4

from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.expressions.context import Context
from local_azure.expressions.errors import ExpressionError
from local_azure.expressions.registry import TRIGGER as OF_TRIGGERS
from local_azure.expressions.registry import Service
from local_azure.expressions.template import evaluate_data_factory
from local_azure.services.datafactory import store
from local_azure.services.datafactory.beginning import started_by_window
from local_azure.services.datafactory.errors import InvalidParametersError
from local_azure.services.datafactory.resources.trigger import STARTED, STOPPED, TRIGGER, is_started
from local_azure.services.datafactory.windows import (
    CANCELLED,
    FAILED,
    SUCCEEDED,
    Schedule,
    TriggerRun,
    TriggerRuns,
    Window,
)

Begin = Callable[[str, str, Mapping[str, Any], Mapping[str, Any], str], None]
_ENDS = {store.SUCCEEDED: SUCCEEDED, store.FAILED: FAILED, store.CANCELLED: CANCELLED}


class Triggers:
    """All triggers of all factories.

    Args:
        control: the control plane.
        pipelines: the runs of pipelines.
        begin: starts one; see ``DataFactory.begin``.

    Attributes:
        runs: one for each window that was worked on.
    """

    def __init__(self, control: ControlPlane, pipelines: store.Runs, begin: Begin) -> None:
        self._control = control
        self._pipelines = pipelines
        self._begin = begin
        self.runs = TriggerRuns(control.state, control.clock)
        self._watched: dict[str, tuple[asyncio.Event, asyncio.Task[None]]] = {}

    def take_up(self) -> None:
        """Go on with what an earlier process left."""
        for trigger in self._control.resources.select(TRIGGER.arm_type):
            self._watch(trigger.id)

    async def stop(self) -> None:
        """Break off; it goes on from there at the next start."""
        tasks = [task for _, task in self._watched.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._watched.clear()

    def enable(self, trigger: Resource, *, on: bool) -> None:
        """Start a trigger, or stop it; it may be in that state already."""
        told = trigger.properties["properties"] | {"runtimeState": STARTED if on else STOPPED}
        properties = trigger.properties | {"properties": told}
        self._control.resources.put(replace(trigger, properties=properties))
        self._watch(trigger.id)

    def rerun(self, trigger: Resource, run: TriggerRun) -> None:
        """Work on a window once more, at once."""
        self._fire(trigger, run.window)
        self._watch(trigger.id)

    def ended(self, pipeline_run: str) -> None:
        """Hear of the end of any pipeline run."""
        if trigger := self.runs.trigger_of(pipeline_run):
            self._watch(trigger)

    def forget(self, trigger: str) -> None:
        """Remove what is kept of a trigger, or of all of a factory."""
        for each in list(self._watched):
            if each == trigger.lower() or each.startswith(f"{trigger.lower()}/"):
                self._watched.pop(each)[1].cancel()
        self.runs.forget(trigger)

    def _watch(self, trigger: str) -> None:
        """Look at a trigger now, and from now on whenever something is due."""
        found = self._watched.get(trigger.lower())
        if found and not found[1].done():
            found[0].set()
            return
        news = asyncio.Event()
        task = asyncio.get_running_loop().create_task(self._look(trigger, news))
        self._watched[trigger.lower()] = news, task

    async def _look(self, trigger_id: str, news: asyncio.Event) -> None:
        while trigger := self._control.resources.find(trigger_id):
            news.clear()
            due = self._turn(trigger)
            if due is None and not is_started(trigger) and not self.runs.going(trigger.id):
                return
            await self._until(due, news)

    async def _until(self, due: float | None, news: asyncio.Event) -> None:
        clock = self._control.clock
        if due is None:
            await news.wait()
            return
        with suppress(TimeoutError):
            async with clock.timeout(max(0, due - clock.timestamp())):
                await news.wait()

    def _turn(self, trigger: Resource) -> float | None:
        """Do what is due; when the next thing is, None where an end or a start brings it."""
        schedule = Schedule.of(trigger.body["properties"])
        going = [each for run in self.runs.going(trigger.id) if (each := self._seen(run, schedule))]
        now = self._control.clock.timestamp()
        for each in [each for each in going if 0 < each.due <= now]:
            self._fire(trigger, each.window, each)
        dues = [each.due for each in going if each.due > now]
        while is_started(trigger) and len(self.runs.going(trigger.id)) < schedule.concurrency:
            window = schedule.following(self.runs.last_end(trigger.id))
            if window and schedule.due(window) <= now:
                self._fire(trigger, window)
                continue
            dues += [schedule.due(window)] if window else []
            break
        return min(dues, default=None)

    def _seen(self, run: TriggerRun, schedule: Schedule) -> TriggerRun | None:
        """A window as its pipeline run left it; None where that was its end."""
        found = self._pipelines.find(run.pipeline_run)
        if run.due or (found and found.status not in store.ENDS):
            return run
        status, message = (found.status, found.message) if found else (store.CANCELLED, "")
        if found and status == store.FAILED and run.attempt <= schedule.retries:
            return self.runs.keep(replace(run, due=found.ended + schedule.interval))
        self.runs.keep(replace(run, status=_ENDS[status], message=message))
        return None

    def _fire(self, trigger: Resource, window: Window, before: TriggerRun | None = None) -> None:
        """Run the pipeline for a window, for the first time or once more."""
        now, first = self._control.clock.timestamp(), str(uuid4())
        reference = trigger.body["properties"]["pipeline"]
        name = reference["pipelineReference"]["referenceName"]
        run = TriggerRun(uuid4().hex, trigger.id, *window, name, first, first, now)
        if before:
            family, attempt = before.family, before.attempt + 1
            run = replace(run, id=before.id, family=family, attempt=attempt)
        with self._control.state.transaction():
            self.runs.keep(run)
            try:
                values = evaluate_data_factory(reference.get("parameters") or {}, _Scope(run))
                factory = trigger.id.rpartition("/triggers/")[0]
                started = started_by_window(factory, run)
                self._begin(factory, name, values, started, run.pipeline_run)
            except (LookupError, InvalidParametersError, ExpressionError) as error:
                self.runs.keep(replace(run, status=FAILED, message=str(error)))


class _Scope(Context):
    """What the parameters of a trigger see.

    Source: D:data-factory/control-flow-system-variables ("tumbling window trigger scope"); the
    times are written in ISO 8601 (MicrosoftDocs/azure-docs#30255).
    """

    services: ClassVar[frozenset[Service]] = OF_TRIGGERS

    def __init__(self, run: TriggerRun) -> None:
        self._run = run

    def now(self) -> datetime:
        return datetime.fromtimestamp(self._run.fired, UTC)

    def trigger(self) -> Any:
        return {
            "name": self._run.name,
            "scheduledTime": written(self._run.end),
            "startTime": written(self._run.fired),
            "outputs": {
                "windowStartTime": written(self._run.start),
                "windowEndTime": written(self._run.end),
            },
        }


def written(seconds: float) -> str:
    """A time as triggers write it."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
