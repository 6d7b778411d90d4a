"""Set Variable and Append Variable: variables are the run's, even inside of loops.

Source: D:data-factory/control-flow-set-variable-activity, control-flow-append-variable-activity.
"""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from local_azure.runs.references import references
from local_azure.services.datafactory.activities.base import ActivityType
from local_azure.services.datafactory.activities.conversion import INVALID
from local_azure.services.datafactory.records import ActivityError
from local_azure.services.datafactory.step import Step

_TYPES: dict[str, type] = {
    "string": str,
    "boolean": bool,
    "bool": bool,
    "integer": int,
    "int": int,
    "array": list,
}
VARIABLE_TYPES = "String, Boolean, Integer, Array"
"""As Studio writes them; the interface's own ``Bool``, any case, and ``Int`` are taken as well."""


def is_variable_type(declared: str) -> bool:
    """Whether a variable may be declared so."""
    return declared.lower() in _TYPES


def fits(value: Any, declared: str) -> bool:
    """Whether a variable of a type can hold a value."""
    kind = _TYPES[declared.lower()]
    return isinstance(value, kind) and (kind is bool or not isinstance(value, bool))


class SetVariable(ActivityType):
    """Gives a variable another value; a pipeline's return value is declined."""

    type = "SetVariable"
    required = frozenset({"variableName", "value"})
    harmless: ClassVar = {"setSystemVariable": (False,)}
    policy = frozenset({"secureInput", "secureOutput"})

    def problems(self, activity: Mapping[str, Any], pipeline: Mapping[str, Any]) -> Iterator[str]:
        """A variable that is not declared, or that is set from itself."""
        own = activity["typeProperties"]
        variable = own.get("variableName")
        if not _is_name(variable) or variable not in pipeline.get("variables", {}):
            yield f"it sets the variable {variable!r}, which is not declared"
        for each in references(own.get("value")):
            if each.function == "variables" and each.name.lower() == str(variable).lower():
                yield f"it sets the variable {variable!r} from itself, which is not allowed"

    async def run(self, step: Step) -> None:
        """Set it to a value of its type."""
        name, value = step.record.inputs["variableName"], step.record.inputs["value"]
        declared = step.run.pipeline.properties["variables"][name]["type"]
        if not fits(value, declared):
            message = f"The variable {name!r} is of type {declared}; found {value!r}."
            raise ActivityError(message, INVALID)
        step.set_variable(name, value)


class AppendVariable(ActivityType):
    """Adds a value to the end of an array variable."""

    type = "AppendVariable"
    required = frozenset({"variableName", "value"})

    def problems(self, activity: Mapping[str, Any], pipeline: Mapping[str, Any]) -> Iterator[str]:
        """A variable that is not declared, or is no array."""
        variable = activity["typeProperties"].get("variableName")
        declared = pipeline.get("variables", {}).get(variable) if _is_name(variable) else None
        if declared is None:
            yield f"it appends to the variable {variable!r}, which is not declared"
        elif declared["type"].lower() != "array":
            yield f"it appends to the variable {variable!r}, which is no Array"

    async def run(self, step: Step) -> None:
        """Append to what the variable holds now."""
        inputs = step.record.inputs
        before = step.run.variables[inputs["variableName"]] or []
        step.set_variable(inputs["variableName"], [*before, inputs["value"]])


def _is_name(found: Any) -> bool:
    return isinstance(found, str)
