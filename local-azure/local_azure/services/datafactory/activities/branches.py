"""If Condition and Switch, which compares a value with its case (UNVERIFIED).

Source: D:data-factory/control-flow-if-condition-activity, control-flow-switch-activity.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from local_azure.services.datafactory.activities.base import ActivityType, inner_failure
from local_azure.services.datafactory.activities.conversion import INVALID, truth
from local_azure.services.datafactory.records import ActivityError
from local_azure.services.datafactory.step import Step

_MOST_CASES = 25


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
        await _run_branch(step, step.own.get(branch) or [])


class Switch(ActivityType):
    """Runs the case of an expression's value, else the default activities."""

    type = "Switch"
    required = frozenset({"on"})
    branches = ("cases", "defaultActivities")
    optional = frozenset(branches)

    def problems(self, activity: Mapping[str, Any], _pipeline: Mapping[str, Any]) -> Iterator[str]:
        """What is wrong with the cases."""
        properties = activity.get("typeProperties", {})
        cases = properties.get("cases") or []
        if not isinstance(cases, list) or not all(map(_is_case, cases)):
            yield "each of its cases has a 'value', which is a string, and 'activities'"
            return
        if len(cases) > _MOST_CASES:
            yield f"it has {len(cases)} cases; {_MOST_CASES} are accepted"
        values = [each["value"] for each in cases]
        for value in sorted({each for each in values if values.count(each) > 1}):
            yield f"the case {value!r} is there twice"

    def inner(self, properties: Mapping[str, Any]) -> list[list[Any]]:
        """The activities of each case, and the default ones."""
        cases = properties.get("cases")
        cases = cases if isinstance(cases, list) else []
        found = [each.get("activities", []) for each in cases if isinstance(each, dict)]
        return [*found, properties.get("defaultActivities") or []]

    def inputs(self, step: Step) -> Any:
        """The value, a string or an integer."""
        found = step.evaluate(step.own["on"])
        if isinstance(found, bool) or not isinstance(found, str | int):
            message = f"A Switch goes by a string or an integer; found {found!r}."
            raise ActivityError(message, INVALID)
        return {"on": str(found)}

    async def run(self, step: Step) -> None:
        """Run the case, or the default activities."""
        chosen = step.own.get("defaultActivities") or []
        for case in step.own.get("cases") or []:
            if case["value"] == step.record.inputs["on"]:
                chosen = case["activities"]
        await _run_branch(step, chosen)


def _is_case(found: Any) -> bool:
    return (
        isinstance(found, dict)
        and set(found) == {"value", "activities"}
        and isinstance(found["value"], str)
        and isinstance(found["activities"], list)
    )


async def _run_branch(step: Step, activities: Sequence[Mapping[str, Any]]) -> None:
    """Run the branch.

    Raises:
        ActivityError: it failed; the code is that of what failed inside.
    """
    failed = await step.inside(activities, step.inner())
    if failed:
        raise inner_failure(failed)
