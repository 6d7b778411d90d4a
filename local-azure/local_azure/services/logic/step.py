"""One execution of one action, as its type gets to see it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from local_azure.expressions.errors import ExpressionError
from local_azure.expressions.json_types import type_name
from local_azure.expressions.template import evaluate
from local_azure.runs.environment import Environment
from local_azure.services.logic.action import Action
from local_azure.services.logic.frame import Frame
from local_azure.services.logic.records import Outcome, Record
from local_azure.services.logic.run import Run


@dataclass(frozen=True)
class Step:
    """An action that runs now.

    Attributes:
        action: the action.
        frame: what its expressions see.
        record: what is noted of it.
        inside: runs actions in a frame, and tells how they ended.
    """

    action: Action
    frame: Frame
    record: Record
    inside: Callable[[Sequence[Action], Frame], Awaitable[Outcome]]

    @property
    def run(self) -> Run:
        """The run that this belongs to."""
        return self.frame.run

    @property
    def environment(self) -> Environment:
        """The world around the run."""
        return self.frame.run.environment

    def evaluate(self, value: Any) -> Any:
        """A JSON value with its expressions evaluated here.

        Raises:
            ExpressionError: from the first expression that can't be.
        """
        return evaluate(value, self.frame)

    def items(self) -> list[Any]:
        """The array that Select, Filter array and Join work on: the action's ``from``.

        Raises:
            ExpressionError: when it is no array.
        """
        items = self.evaluate(self.action.spec["inputs"]["from"])
        if isinstance(items, list):
            return items
        message = (
            f"The 'from' property value in the '{self.action.type}' action inputs is of type "
            f"'{type_name(items)}'. The value must be an array."
        )
        raise ExpressionError(message)
