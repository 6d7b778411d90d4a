"""Compose: makes a value."""

from typing import Any

from local_azure.services.logic.actions.base import ActionType
from local_azure.services.logic.records import Outcome, succeeded
from local_azure.services.logic.step import Step


class Compose(ActionType):
    """Makes a value: its evaluated inputs are its outputs."""

    type = "Compose"

    async def run(self, _step: Step, inputs: Any) -> Outcome:
        """Hand the inputs on."""
        return succeeded(inputs)
