"""One run of a pipeline: from its beginning, or from what its journal holds, to its end.

The seam to who keeps runs: make a ``PipelineRun`` with a ``Journal`` and a ``Factory`` and await
``to_its_end``. Where the awaiting task is cancelled (the process stops) nothing is noted, and a run
of the same id, parameters and journal goes on from there in another process. ``cancel`` is what a
user asks for: the run and what is in progress end Cancelled.
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from local_azure.datafactory.activities.types import ACTIVITY_TYPES
from local_azure.datafactory.factory import Folder, Pipeline
from local_azure.datafactory.frame import Frame
from local_azure.datafactory.journal import Forgetful
from local_azure.datafactory.records import Record, RunResult, Status, failure
from local_azure.datafactory.sequence import run_sequence
from local_azure.datafactory.system_variables import called, started_by_hand

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from local_azure.datafactory.factory import Call, Factory
    from local_azure.datafactory.journal import Journal
    from local_azure.runs.environment import Environment

_log = logging.getLogger(__name__)


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
    result = await PipelineRun(pipeline, parameters, environment, folder, kept).to_its_end()
    await folder.settle()
    return result


@dataclass(frozen=True)
class Kept:
    """What whoever keeps a run gives it.

    Attributes:
        run_id: the run's id, a GUID.
        told: what ``pipeline()`` tells beside Pipeline, RunId and parameters.
        journal: what is known of the run already, and where it is written down.
    """

    run_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    told: Mapping[str, Any] = field(default_factory=dict)
    journal: Journal = field(default_factory=Forgetful)


class PipelineRun:
    """A run.

    Args:
        pipeline: one that ``check_definition`` found nothing wrong with.
        parameters: each parameter's value, see ``parameters.bind``.
        environment: the world around the run; its tokens are those of the factory's identities.
        factory: what the pipeline refers to.
        kept: what is known of the run already; by default it is new and ends with its process.

    Attributes:
        id: the run's id.
        pipeline: what is run.
        told: what ``pipeline()`` tells.
        variables: the variables' current values.
    """

    def __init__(
        self,
        pipeline: Pipeline,
        parameters: Mapping[str, Any],
        environment: Environment,
        factory: Factory,
        kept: Kept | None = None,
    ) -> None:
        kept = kept or Kept()
        self.id = kept.run_id
        self.pipeline = pipeline
        self.environment = environment
        self.factory = factory
        self.told = {
            **kept.told,
            "Pipeline": pipeline.name,
            "RunId": self.id,
            "parameters": dict(parameters),
        }
        declared = pipeline.properties.get("variables", {})
        self.variables = {name: each.get("defaultValue") for name, each in declared.items()}
        self._journal = kept.journal
        self._records = {each.key: each for each in self._journal.records()}
        self._places: dict[str, list[Record]] = {}
        for record in self._records.values():
            self.variables |= record.variables
            self._places.setdefault(record.place, []).append(record)
        self._cancelled = False
        self._work: asyncio.Task[Record | None] | None = None

    async def to_its_end(self) -> RunResult:
        """Run what has not been run yet."""
        if self._cancelled:
            return self._result(Status.CANCELLED)
        self._work = asyncio.create_task(
            self.sequence(self.pipeline.properties["activities"], Frame(self))
        )
        try:
            failed = await self._work
        except asyncio.CancelledError:
            if not self._cancelled:
                raise
            return self._result(Status.CANCELLED)
        except Exception:  # noqa: BLE001 a run ends whatever its engine does
            _log.exception("The run %s broke.", self.id)
            return self._result(Status.FAILED, "The engine broke; its log tells why.")
        if failed:
            return self._result(Status.FAILED, failure(failed))
        return self._result(Status.SUCCEEDED)

    def cancel(self) -> None:
        """End the run as soon as it can be, and the runs that it waits for."""
        self._cancelled = True
        if self._work:
            self._work.cancel()

    def another(self, pipeline: Pipeline, parameters: Mapping[str, Any], call: Call) -> PipelineRun:
        """A run of another pipeline that this one calls, in the same world."""
        kept = Kept(call.run_id, called(call, self.environment.clock.now()))
        return PipelineRun(pipeline, parameters, self.environment, self.factory, kept)

    async def sequence(
        self, activities: Sequence[Mapping[str, Any]], frame: Frame
    ) -> Record | None:
        """Run activities that lie beside each other; the failure that decides, if any."""
        return await run_sequence(activities, frame)

    def noted(self, blank: Record) -> Record | None:
        """What is known of an attempt already."""
        return self._records.get(blank.key)

    def noted_at(self, place: str) -> list[Record]:
        """What an earlier process noted at a place."""
        return self._places.get(place, [])

    def noted_below(self, place: str) -> list[Record]:
        """What an earlier process noted at a place, or inside of what is there."""
        return [
            each
            for inner, records in self._places.items()
            if inner.startswith(place)
            for each in records
        ]

    def begin(self, record: Record) -> None:
        """Note that an attempt begins."""
        self._journal.began(record)
        self._records[record.key] = record

    def end(self, record: Record, frame: Frame | None = None) -> Record:
        """Note how an attempt ended, now; from now on expressions see it."""
        ended = replace(record, end=self.environment.clock.timestamp())
        self._journal.ended(ended)
        self._records.pop(ended.key, None)
        self._records[ended.key] = ended
        for each in frame.outwards() if frame else ():
            each.records[ended.name] = ended
        return ended

    def cancel_below(self, container: Record | None = None) -> None:
        """Note that what is in progress, inside of that container, is cancelled."""
        under = container.inner() if container else ""
        for each in reversed(self._records.copy().values()):
            if each.status is Status.IN_PROGRESS and each.place.startswith(under):
                ACTIVITY_TYPES[each.type].cancel(self, each)
                self.end(replace(each, status=Status.CANCELLED))

    def _result(self, status: Status, message: str = "") -> RunResult:
        self.cancel_below()
        records = list(self._records.values())
        return RunResult(self.id, status, message, records, dict(self.variables))
