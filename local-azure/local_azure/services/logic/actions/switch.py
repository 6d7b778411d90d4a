"""Switch: runs the case whose value its expression has, else the default."""

from collections.abc import Iterator, Mapping
from typing import Any

from local_azure.services.logic.actions.base import ActionType
from local_azure.services.logic.actions.condition import not_taken
from local_azure.services.logic.records import Outcome
from local_azure.services.logic.step import Step


class Switch(ActionType):
    """Runs one of several branches."""

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
                step.frame.skip(actions, not_taken(step.action.name))
        return await step.inside(step.action.branches.get(chosen, ()), step.frame)
