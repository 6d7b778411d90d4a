"""Select: another array, made item by item."""

from typing import Any

from local_azure.expressions.template import evaluate
from local_azure.services.logic.actions.base import ActionType
from local_azure.services.logic.frame import Frame
from local_azure.services.logic.records import Outcome, succeeded
from local_azure.services.logic.step import Step


class Select(ActionType):
    """Maps an array."""

    type = "Select"
    input_keys = frozenset({"from", "select"})
    required_inputs = input_keys

    def inputs(self, step: Step) -> Any:
        """The array."""
        return {"from": step.items()}

    async def run(self, step: Step, inputs: Any) -> Outcome:
        """Evaluate ``select`` for each item."""
        template = step.action.spec["inputs"]["select"]
        made = [
            evaluate(template, Frame(step.run, step.frame, item=item)) for item in inputs["from"]
        ]
        return succeeded({"body": made})
