"""Join: the items of an array as one text."""

from typing import Any

from local_azure.expressions.json_types import text
from local_azure.services.logic.actions.base import ActionType
from local_azure.services.logic.records import Outcome, succeeded
from local_azure.services.logic.step import Step


class Join(ActionType):
    """Joins an array."""

    type = "Join"
    input_keys = frozenset({"from", "joinWith"})
    required_inputs = input_keys

    def inputs(self, step: Step) -> Any:
        """The array and what stands between its items."""
        between = step.evaluate(step.action.spec["inputs"]["joinWith"])
        return {"from": step.items(), "joinWith": between}

    async def run(self, _step: Step, inputs: Any) -> Outcome:
        """Join the items' texts."""
        return succeeded({"body": str(inputs["joinWith"]).join(map(text, inputs["from"]))})
