"""If Condition. Source: D:data-factory/control-flow-if-condition-activity."""

from typing import Any

from local_azure.services.datafactory.activities.base import ActivityType, run_branch
from local_azure.services.datafactory.activities.conversion import truth
from local_azure.services.datafactory.step import Step


class IfCondition(ActivityType):
    """Runs one of two branches."""

    type = "IfCondition"
    required = frozenset({"expression"})
    optional = frozenset({"ifTrueActivities", "ifFalseActivities"})
    branches = ("ifTrueActivities", "ifFalseActivities")

    def inputs(self, step: Step) -> Any:
        """Which branch."""
        found = step.evaluate(step.own["expression"])
        return {"expression": truth(found, f"The expression of '{step.record.name}'")}

    async def run(self, step: Step) -> None:
        """Run the branch."""
        branch = "ifTrueActivities" if step.record.inputs["expression"] else "ifFalseActivities"
        await run_branch(step, step.own.get(branch) or [])
