"""Scope: actions that succeed or fail together."""

from typing import Any

from local_azure.services.logic.actions.base import ActionType
from local_azure.services.logic.records import Outcome
from local_azure.services.logic.step import Step


class Scope(ActionType):
    """Runs its actions; their last ones decide how it ends."""

    type = "Scope"
    keys = frozenset({"actions"})
    required = frozenset({"actions"})

    async def run(self, step: Step, _inputs: Any) -> Outcome:
        """Run the actions."""
        return await step.inside(step.action.branches["actions"], step.frame)
