"""What every type of action has."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from local_azure.services.logic.records import Outcome
from local_azure.services.logic.step import Step


class ActionType(ABC):
    """A type of action.

    Attributes:
        type: what definitions call it.
        keys: what an action of this type has beside what every action may have.
        required: those of ``keys`` that it must have.
        input_keys: what ``inputs`` may have, where that is an object of fixed keys; else None.
        required_inputs: those of ``input_keys`` that it must have.
        options: the ``operationOptions`` that it knows.
    """

    type: ClassVar[str]
    keys: ClassVar[frozenset[str]] = frozenset({"inputs"})
    required: ClassVar[frozenset[str]] = frozenset({"inputs"})
    input_keys: ClassVar[frozenset[str] | None] = None
    required_inputs: ClassVar[frozenset[str]] = frozenset()
    options: ClassVar[frozenset[str]] = frozenset()

    def problems(self, _spec: Mapping[str, Any]) -> Iterator[str]:
        """What is wrong with an action of this type, beyond its keys."""
        yield from ()

    def inputs(self, step: Step) -> Any:
        """The evaluated inputs.

        Raises:
            ExpressionError: when one can't be evaluated.
        """
        return step.evaluate(step.action.spec.get("inputs"))

    def shown(self, inputs: Any) -> Any:
        """The inputs as the run history and other actions see them."""
        return inputs

    @abstractmethod
    async def run(self, step: Step, inputs: Any) -> Outcome:
        """Do what the action does.

        Raises:
            ExpressionError: when an expression outside of the inputs can't be evaluated.
        """
