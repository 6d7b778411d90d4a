"""Filter array (type ``Query``): the items for which a condition holds."""

from collections.abc import Iterator, Mapping
from typing import Any

from local_azure.services.logic.actions.base import ActionType
from local_azure.services.logic.conditions import holds, problems
from local_azure.services.logic.frame import Frame
from local_azure.services.logic.records import Outcome, succeeded
from local_azure.services.logic.step import Step


class Query(ActionType):
    """Filters an array."""

    type = "Query"
    input_keys = frozenset({"from", "where"})
    required_inputs = input_keys

    def problems(self, spec: Mapping[str, Any]) -> Iterator[str]:
        """What is wrong with the condition."""
        yield from problems(spec["inputs"]["where"])

    def inputs(self, step: Step) -> Any:
        """The array."""
        return {"from": step.items()}

    async def run(self, step: Step, inputs: Any) -> Outcome:
        """Look at each item."""
        where = step.action.spec["inputs"]["where"]
        kept = [
            item for item in inputs["from"] if holds(where, Frame(step.run, step.frame, item=item))
        ]
        return succeeded({"body": kept})
