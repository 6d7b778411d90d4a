"""Condition (type ``If``): runs one of two branches."""

from collections.abc import Iterator, Mapping
from typing import Any

from local_azure.services.logic.actions.base import ActionType
from local_azure.services.logic.conditions import holds, problems
from local_azure.services.logic.records import Outcome, skipped
from local_azure.services.logic.step import Step


class If(ActionType):
    """Runs ``actions`` when its expression holds, else those of ``else``."""

    type = "If"
    keys = frozenset({"expression", "actions", "else"})
    required = frozenset({"expression", "actions"})

    def problems(self, spec: Mapping[str, Any]) -> Iterator[str]:
        """What is wrong with the expression."""
        yield from problems(spec["expression"])

    def inputs(self, step: Step) -> Any:
        """Whether the expression holds; Azure shows it as ``expressionResult``."""
        return {"expressionResult": holds(step.action.spec["expression"], step.frame)}

    async def run(self, step: Step, inputs: Any) -> Outcome:
        """Run the branch, after noting the other one as skipped."""
        branches = step.action.branches
        chosen, other = "actions", "else"
        if not inputs["expressionResult"]:
            chosen, other = other, chosen
        step.frame.skip(branches.get(other, ()), not_taken(step.action.name))
        return await step.inside(branches.get(chosen, ()), step.frame)


def not_taken(name: str) -> Outcome:
    """Why the actions of a branch were skipped."""
    return skipped(
        "ActionBranchingConditionNotSatisfied",
        f"The execution of template action skipped: the branching condition of '{name}' is not "
        "satisfied for this branch.",
    )
