"""What the expressions of a pipeline may ask of their run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from local_azure.expressions import Context, Service, named
from local_azure.expressions.registry import DATA_FACTORY

if TYPE_CHECKING:
    from datetime import datetime

    from local_azure.clock import Clock
    from local_azure.datafactory.records import Record


@dataclass
class Surroundings(Context):
    """A pipeline run, as its expressions see it.

    Attributes:
        clock: the time.
        told: what ``pipeline()`` tells.
        variables: the variables' current values.
        records: the latest end of each activity that has ended.
    """

    services: ClassVar[frozenset[Service]] = DATA_FACTORY
    clock: Clock
    told: dict[str, Any]
    variables: dict[str, Any]
    records: dict[str, Record] = field(default_factory=dict)

    def now(self) -> datetime:
        """The current time, UTC."""
        return self.clock.now()

    def pipeline(self) -> Any:
        """The pipeline's run: Pipeline, RunId, parameters."""
        return self.told

    def variable(self, name: str) -> Any:
        """The variable's value."""
        return named(self.variables, name, "variables", "variable")

    def activity(self, name: str) -> Any:
        """The activity's latest record: output, status, error."""
        record: Record = named(self.records, name, "activity", "activity")
        return {"output": record.output, "status": record.status.value, "error": record.error}
