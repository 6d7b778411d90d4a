"""What expressions of one run see; a loop gives each of its repetitions a frame of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, ClassVar

from local_azure.expressions.context import Context, named, refuse
from local_azure.expressions.errors import ExpressionError
from local_azure.expressions.registry import LOGIC_APPS, Service
from local_azure.services.logic.action import Action
from local_azure.services.logic.records import Outcome, Record
from local_azure.services.logic.run import Run

NO_ITEM: Any = object()
_RUNS = "Microsoft.Logic/workflows/runs"


class Frame(Context):
    """The surroundings of an expression.

    Args:
        run: the run.
        parent: the frame around a loop's repetition.
        loop: that loop's name.
        item: the current item of a Foreach, or of a Select or Query.
        index: which repetition this is, from 0; for an Until it is the iteration index.

    Attributes:
        place: where actions of this frame ran: empty outside of loops, else like ``Each_row[3]``.
        records: the actions that have ended in this frame, by name.
        repetitions: the frames of each loop that has ended in this frame.
    """

    services: ClassVar[frozenset[Service]] = LOGIC_APPS

    def __init__(
        self,
        run: Run,
        parent: Frame | None = None,
        loop: str = "",
        item: Any = NO_ITEM,
        index: int | None = None,
    ) -> None:
        self.run = run
        self.records: dict[str, Record] = {}
        self.repetitions: dict[str, list[Frame]] = {}
        self.parent = parent
        self.loop = loop.lower()
        self.current_item = item
        self.index = index
        outer = f"{parent.place}." if parent and parent.place else ""
        self.place: str = f"{outer}{loop}[{index}]" if loop else ""

    def now(self) -> datetime:
        """The clock's time."""
        return self.run.environment.clock.now()

    def parameter(self, name: str) -> Any:
        """A parameter of the definition."""
        return named(self.run.parameters, name, "parameters", "parameter")

    def trigger(self) -> Any:
        """The trigger's record."""
        return self.run.trigger.as_json()

    def action(self, name: str) -> Any:
        """The record of an action that has ended, in this repetition or around it."""
        for frame in self._outwards():
            for key in (name, *frame.records):
                if key in frame.records and key.lower() == name.lower():
                    return frame.records[key].as_json()
        message = f"The action '{name}' is not defined in the workflow, or has not run yet."
        raise ExpressionError(message, "actions")

    def variable(self, name: str) -> Any:
        """A variable's current value."""
        return named(self.run.variables, name, "variables", "variable")

    def item(self) -> Any:
        """The current item of the innermost Foreach, Select or Query."""
        for frame in self._outwards():
            if frame.current_item is not NO_ITEM:
                return frame.current_item
        return refuse("item")

    def loop_item(self, loop: str) -> Any:
        """The current item of the named Foreach."""
        for frame in self._outwards():
            if frame.loop == loop.lower() and frame.current_item is not NO_ITEM:
                return frame.current_item
        return refuse("items", loop)

    def iteration_index(self, loop: str) -> Any:
        """The current iteration of the named Until."""
        for frame in self._outwards():
            if frame.loop == loop.lower() and frame.index is not None:
                return frame.index
        return refuse("iterationIndexes", loop)

    def result(self, scope: str) -> Any:
        """The records of the actions directly in a scope; a loop's, repetition by repetition."""
        action = self.run.definition.find(scope)
        if action is None or not action.branches:
            message = f"The template function 'result' refers to '{scope}', which is no scope."
            raise ExpressionError(message, "result")
        inner = {each.name for branch in action.branches.values() for each in branch}
        outwards = list(self._outwards())
        frames = next(
            (f.repetitions[action.name] for f in outwards if action.name in f.repetitions),
            outwards,
        )
        return [
            record.as_json()
            for frame in frames
            for name, record in frame.records.items()
            if name in inner
        ]

    def workflow(self) -> Any:
        """The workflow and the run's id."""
        about, name = self.run.environment.workflow, self.run.id
        place = f"{about.get('id', '')}/runs/{name}"
        return {**about, "run": {"id": place, "name": name, "type": _RUNS}}

    def begin(self, action: Action) -> Record:
        """Note that an action begins."""
        return self.run.begin(action, self.place)

    def end(self, record: Record, outcome: Outcome) -> None:
        """Note how an action ended; from now on expressions see it."""
        self.records[record.name] = record
        self.run.end(record, outcome)

    def skip(self, actions: Sequence[Action], why: Outcome) -> None:
        """Note that none of these actions, and none in them, ran."""
        for outermost in actions:
            for action in outermost.descendants():
                self.end(self.begin(action), why)

    def _outwards(self) -> Iterator[Frame]:
        frame: Frame | None = self
        while frame is not None:
            yield frame
            frame = frame.parent
