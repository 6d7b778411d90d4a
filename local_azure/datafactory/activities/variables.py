"""Set Variable and Append Variable: variables are the run's, even inside of loops.

Source: D:data-factory/control-flow-set-variable-activity, control-flow-append-variable-activity.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local_azure.datafactory.activities.base import ActivityType
from local_azure.datafactory.activities.conversion import INVALID
from local_azure.datafactory.records import ActivityError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from local_azure.datafactory.step import Step

VARIABLE_TYPES: dict[str, type] = {"String": str, "Bool": bool, "Array": list}


class SetVariable(ActivityType):
    """Gives a variable another value."""

    type = "SetVariable"
    required = frozenset({"variableName", "value"})
    policy = frozenset({"secureInput", "secureOutput"})

    def problems(self, properties: Mapping[str, Any], pipeline: Mapping[str, Any]) -> Iterator[str]:
        """A variable that is not declared, or that is set from itself."""
        variable = properties.get("variableName")
        if variable not in pipeline.get("variables", {}):
            yield f"it sets the variable {variable!r}, which is not declared"

    async def run(self, step: Step) -> None:
        """Set it."""
        inputs = step.record.inputs
        step.set_variable(inputs["variableName"], inputs["value"])


class AppendVariable(ActivityType):
    """Adds a value to the end of an array variable."""

    type = "AppendVariable"
    required = frozenset({"variableName", "value"})

    def problems(self, properties: Mapping[str, Any], pipeline: Mapping[str, Any]) -> Iterator[str]:
        """A variable that is not declared, or is no array."""
        variable = properties.get("variableName")
        declared = pipeline.get("variables", {}).get(variable)
        if declared is None:
            yield f"it appends to the variable {variable!r}, which is not declared"
        elif declared.get("type") != "Array":
            yield f"it appends to the variable {variable!r}, which is no Array"

    async def run(self, step: Step) -> None:
        """Append to what the variable holds now."""
        inputs = step.record.inputs
        before = step.run.variables[inputs["variableName"]] or []
        if not isinstance(before, list):
            message = f"The variable {inputs['variableName']!r} holds no array."
            raise ActivityError(message, INVALID)
        step.set_variable(inputs["variableName"], [*before, inputs["value"]])
