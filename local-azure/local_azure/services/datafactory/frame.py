"""What the expressions of a pipeline may ask of their run, in or outside of a loop's pass."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from local_azure.expressions import Context, ExpressionError, Service, evaluate_data_factory, named
from local_azure.expressions.registry import DATA_FACTORY
from local_azure.services.datafactory.records import Record, Status

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from local_azure.services.datafactory.run import PipelineRun

NO_ITEM: Any = object()


class Frame(Context):
    """The activities that lie beside each other, once.

    Args:
        run: the run.
        parent: the frame around the container whose branch this is.
        place: what the places of its activities are, see ``Record.place``.
        item: the current item of a ForEach or a Filter.

    Attributes:
        records: the latest end of each activity that has ended here or inside, by its name.
    """

    services: ClassVar[frozenset[Service]] = DATA_FACTORY

    def __init__(
        self,
        run: PipelineRun,
        parent: Frame | None = None,
        place: str = "",
        item: Any = NO_ITEM,
    ) -> None:
        self.run = run
        self.parent = parent
        self.place = place
        self.current_item = item
        self.records: dict[str, Record] = {
            each.name: each
            for each in run.noted_below(place)
            if each.status is not Status.IN_PROGRESS
        }

    def evaluate(self, value: Any) -> Any:
        """A JSON value with its expressions evaluated here.

        Raises:
            ExpressionError: from the first expression that can't be, or whose number JSON can't
                hold.
        """
        return _plain(evaluate_data_factory(value, self))

    def now(self) -> datetime:
        """The current time, UTC."""
        return self.run.environment.clock.now()

    def pipeline(self) -> Any:
        """The pipeline's run: parameters and system variables."""
        return self.run.told

    def variable(self, name: str) -> Any:
        """The variable's value."""
        return named(self.run.variables, name, "variables", "variable")

    def item(self) -> Any:
        """The current item of the ForEach or Filter around."""
        for frame in self.outwards():
            if frame.current_item is not NO_ITEM:
                return frame.current_item
        return super().item()

    def activity(self, name: str) -> Any:
        """The latest record of an activity inside of this place, beside it or around it."""
        known: dict[str, Record] = {}
        for frame in self.outwards():
            known = {**frame.records, **known}
        record: Record = named(known, name, "activity", "activity")
        return record.told()

    def end(self, record: Record) -> Record:
        """Note how an attempt ended, now; from now on expressions see it."""
        ended = self.run.end(record)
        for frame in self.outwards():
            frame.records[ended.name] = ended
        return ended

    def outwards(self) -> Iterator[Frame]:
        """This frame, and each around it."""
        frame: Frame | None = self
        while frame is not None:
            yield frame
            frame = frame.parent


def _plain(value: Any) -> Any:
    """The value as JSON can hold it: what ``decimal()`` gives becomes a float."""
    if isinstance(value, Decimal):
        value = float(value)
    if isinstance(value, float) and not math.isfinite(value):
        message = f"The number {value} is too large for JSON."
        raise ExpressionError(message)
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list) else value
