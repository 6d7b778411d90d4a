"""Until: repeats its activities until an expression is true, which is asked after each pass.

What fails inside doesn't stop it. Source: D:data-factory/control-flow-until-activity.
"""

from typing import Any

from local_azure.services.datafactory.activities.base import ActivityType
from local_azure.services.datafactory.activities.conversion import duration, truth
from local_azure.services.datafactory.step import Step

_TIMEOUT, _LONGEST = "7.00:00:00", "90.00:00:00"


class Until(ActivityType):
    """A loop."""

    type = "Until"
    required = frozenset({"expression", "activities"})
    optional = frozenset({"timeout"})
    branches = ("activities",)

    def inputs(self, step: Step) -> Any:
        """The time-out; the expression is evaluated after each pass."""
        return {"timeout": step.evaluate(step.own.get("timeout", _TIMEOUT))}

    def limit(self, step: Step) -> float:
        """The time-out."""
        return duration(step.record.inputs["timeout"], "An Until's timeout", _LONGEST)

    async def run(self, step: Step) -> None:
        """Repeat. A pass after which an earlier process began another one had answered false."""
        index = 0
        while True:
            frame = step.inner(index)
            index += 1
            await step.inside(step.own["activities"], frame)
            if step.run.noted_at(step.record.inner(index)):
                continue
            found = frame.evaluate(step.own["expression"])
            if truth(found, f"The expression of '{step.record.name}'"):
                return
