"""Condition (type ``If``), Switch and Scope: run actions of theirs, once or not at all."""

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
        step.frame.skip(branches.get(other, ()), _not_taken(step.action.name))
        return await step.inside(branches.get(chosen, ()), step.frame)


class Switch(ActionType):
    """Runs the case whose value its expression has, else the default."""

    type = "Switch"
    keys = frozenset({"expression", "cases", "default"})
    required = frozenset({"expression", "cases"})

    def problems(self, spec: Mapping[str, Any]) -> Iterator[str]:
        """What is wrong with the cases."""
        values: list[Any] = []
        for name, case in spec["cases"].items():
            if not isinstance(case, dict) or set(case) != {"case", "actions"}:
                yield f"the case '{name}' has 'case' and 'actions'; found {case!r}"
            elif case["case"] in values:
                yield f"the case '{name}' has the value {case['case']!r} of another one"
            else:
                values.append(case["case"])

    def inputs(self, step: Step) -> Any:
        """What the expression gives; Azure shows it as ``expressionResult``."""
        return {"expressionResult": step.evaluate(step.action.spec["expression"])}

    async def run(self, step: Step, inputs: Any) -> Outcome:
        """Run the branch, after noting the others as skipped."""
        found = inputs["expressionResult"]
        cases = step.action.spec["cases"]
        chosen = next(
            (f"case {name}" for name, case in cases.items() if case["case"] == found), "default"
        )
        for branch, actions in step.action.branches.items():
            if branch != chosen:
                step.frame.skip(actions, _not_taken(step.action.name))
        return await step.inside(step.action.branches.get(chosen, ()), step.frame)


class Scope(ActionType):
    """Runs its actions; their last ones decide how it ends."""

    type = "Scope"
    keys = frozenset({"actions"})
    required = frozenset({"actions"})

    async def run(self, step: Step, _inputs: Any) -> Outcome:
        """Run the actions."""
        return await step.inside(step.action.branches["actions"], step.frame)


def _not_taken(name: str) -> Outcome:
    """Why the actions of a branch were skipped."""
    return skipped(
        "ActionBranchingConditionNotSatisfied",
        f"The execution of template action skipped: the branching condition of '{name}' is not "
        "satisfied for this branch.",
    )
