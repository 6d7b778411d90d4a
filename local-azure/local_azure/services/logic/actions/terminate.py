"""Terminate: ends the run with a status, and cancels what still runs."""

from typing import Any

from local_azure.services.logic.actions.base import ActionType
from local_azure.services.logic.records import Outcome, Status, failed, succeeded
from local_azure.services.logic.step import Step

_ENDS = {status.lower(): status for status in (Status.SUCCEEDED, Status.FAILED, Status.CANCELLED)}


class Terminate(ActionType):
    """Ends the run."""

    type = "Terminate"
    input_keys = frozenset({"runStatus", "runError"})
    required_inputs = frozenset({"runStatus"})

    async def run(self, step: Step, inputs: Any) -> Outcome:
        """Let the run end once this action is noted."""
        status = _ENDS.get(str(inputs["runStatus"]).lower())
        if status is None:
            accepted = ", ".join(_ENDS.values())
            message = f"runStatus is one of {accepted}; found {inputs['runStatus']!r}."
            return failed("InvalidTemplate", message, status="BadRequest")
        given = inputs.get("runError")
        step.run.terminated = status, given if status is Status.FAILED else None
        return succeeded()
