"""One attempt at one activity, as its type gets to see it, and what its expressions may ask."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from local_azure.control_plane.networks import origins
from local_azure.expressions.context import Context, named, refuse
from local_azure.expressions.errors import ExpressionError
from local_azure.expressions.registry import DATA_FACTORY, Service
from local_azure.expressions.template import evaluate_data_factory
from local_azure.runs.environment import Environment
from local_azure.runs.transport import ConnectionFailedError, HttpAnswer, HttpRequest
from local_azure.services.datafactory.records import Record, Status
from local_azure.services.datafactory.references import DEFAULT_RUNTIME
from local_azure.services.datafactory.run import PipelineRun

NO_ITEM: Any = object()


@dataclass
class Step:
    """An activity that runs now.

    Attributes:
        activity: the activity in its exported form.
        frame: what its expressions see.
        record: what is noted of it: key, start, inputs.
        inside: runs activities inside, in a frame; gives the failure that decides, if any.
        variables: what it has set.
    """

    activity: Mapping[str, Any]
    frame: Frame
    record: Record
    inside: Callable[[Sequence[Mapping[str, Any]], Frame], Awaitable[Record | None]]
    variables: dict[str, Any] = field(default_factory=dict)

    @property
    def own(self) -> Mapping[str, Any]:
        """The properties of the activity's type."""
        found: Mapping[str, Any] = self.activity.get("typeProperties", {})
        return found

    @property
    def run(self) -> PipelineRun:
        """The run that this belongs to."""
        return self.frame.run

    @property
    def environment(self) -> Environment:
        """The world around the run."""
        return self.frame.run.environment

    async def send(self, request: HttpRequest, via: Mapping[str, Any] | None) -> HttpAnswer:
        """Carry out one exchange, from where an integration runtime is.

        Args:
            request: what is sent.
            via: the reference to the runtime; the default one where it is None.

        Raises:
            ConnectionFailedError: no answer came, or there is no such runtime.
        """
        name = str((via or {}).get("referenceName", DEFAULT_RUNTIME))
        try:
            network = self.run.factory.network(name)
        except LookupError:
            message = f"The factory has no integration runtime {name!r}."
            raise ConnectionFailedError(message) from None
        with origins.inside(network):
            return await self.environment.send(request)

    def elapsed(self) -> float:
        """Seconds since the attempt began, in this process or in one before."""
        return self.environment.clock.timestamp() - self.record.start

    def evaluate(self, value: Any) -> Any:
        """A JSON value with its expressions evaluated here.

        Raises:
            ExpressionError: from the first expression that can't be.
        """
        return self.frame.evaluate(value)

    def set_variable(self, name: str, value: Any) -> None:
        """Set a variable of the run."""
        self.variables[name] = value
        self.run.variables[name] = value

    def inner(self, index: int | None = None, item: Any = NO_ITEM) -> Frame:
        """The frame of the activities inside, of a loop's pass or of a branch."""
        return Frame(self.run, self.frame, self.record.inner(index), item)


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
        return refuse("item")

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
    """The value as JSON can hold it."""
    if isinstance(value, float) and not math.isfinite(value):
        raise ExpressionError(f"The number {value} is too large for JSON.")
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list) else value
