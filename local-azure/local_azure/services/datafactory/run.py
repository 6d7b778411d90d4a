"""What one run of a pipeline knows and notes down, from its beginning or from its journal.

A run that is taken up by another process goes through its pipeline from the beginning; each attempt
at an activity that has ended is taken from the journal and not made again, so that nothing is
evaluated or sent twice. What was in progress goes on as its type can (``ActivityType.resume``).
"""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from local_azure.runs.environment import Environment
from local_azure.services.datafactory.factory import Factory, Pipeline
from local_azure.services.datafactory.records import Record


class Journal(Protocol):
    """Keeps the records of one run, by ``Record.key``. Records hold secrets: seal them."""

    def records(self) -> Iterable[Record]:
        """The last of each key: those that have ended in the order in which they did."""

    def note(self, record: Record) -> None:
        """Note that an attempt begins, or how it ended; return once that survives the process."""


@dataclass(frozen=True)
class Kept:
    """What whoever keeps a run gives it.

    Attributes:
        run_id: the run's id, a GUID.
        told: what ``pipeline()`` tells beside Pipeline, RunId and parameters.
        journal: what is known already, and where the run is written down; None where it ends with
            its process.
    """

    run_id: str
    told: Mapping[str, Any] = field(default_factory=dict)
    journal: Journal | None = None


class PipelineRun:
    """A run.

    Args:
        pipeline: one that ``check_definition`` found nothing wrong with.
        parameters: each parameter's value, see ``parameters.bind``.
        environment: the world around the run; its tokens are those of the factory's identities.
        factory: what the pipeline refers to.
        kept: what is known of the run already.

    Attributes:
        id: the run's id.
        pipeline: what is run.
        told: what ``pipeline()`` tells.
        variables: the variables' current values.
        records: the last of each attempt, by its key, see ``Record.key``.
        cancelled: whether a user asked for its end.
        work: what carries it out.
    """

    def __init__(
        self,
        pipeline: Pipeline,
        parameters: Mapping[str, Any],
        environment: Environment,
        factory: Factory,
        kept: Kept,
    ) -> None:
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
        known = self._journal.records() if self._journal else ()
        self.records = {each.key: each for each in known}
        self._places: dict[str, list[Record]] = {}
        for record in self.records.values():
            self.variables |= record.variables
            self._places.setdefault(record.place, []).append(record)
        self.cancelled = False
        self.work: asyncio.Task[Record | None] | None = None

    def cancel(self) -> None:
        """End the run as soon as it can be, and the runs that it waits for."""
        self.cancelled = True
        if self.work:
            self.work.cancel()

    def noted(self, blank: Record) -> Record | None:
        """What is known of an attempt already."""
        return self.records.get(blank.key)

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

    def end(self, record: Record) -> Record:
        """Note how an attempt ended, now."""
        ended = replace(record, end=self.environment.clock.timestamp())
        self.note(ended)
        return ended

    def note(self, record: Record) -> None:
        """Note that an attempt begins, or how it ended."""
        if self._journal:
            self._journal.note(record)
        self.records.pop(record.key, None)
        self.records[record.key] = record
