"""The actions on variables: initialise, set, increment, append."""

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from local_azure.expressions.json_types import text, type_name
from local_azure.services.logic.actions.base import ActionType
from local_azure.services.logic.records import Outcome, failed, succeeded
from local_azure.services.logic.step import Step

_TYPES: dict[str, tuple[type, ...]] = {
    "array": (list,),
    "boolean": (bool,),
    "float": (int, float),
    "integer": (int,),
    "object": (dict,),
    "string": (str,),
}
_EMPTY = {"string": ""}


class InitializeVariable(ActionType):
    """Makes variables, each with a type and a first value."""

    type = "InitializeVariable"
    input_keys = frozenset({"variables"})
    required_inputs = input_keys

    def problems(self, spec: Mapping[str, Any]) -> Iterator[str]:
        """What is wrong with the variables."""
        for variable in spec["inputs"]["variables"]:
            if not isinstance(variable, dict) or not {"name", "type"} <= set(variable):
                yield f"a variable has name and type; found {variable!r}"
            elif str(variable["type"]).lower() not in _TYPES:
                accepted = ", ".join(name.title() for name in _TYPES)
                yield f"a variable's type is one of {accepted}; found {variable['type']!r}"

    async def run(self, step: Step, inputs: Any) -> Outcome:
        """Make the variables."""
        for variable in inputs["variables"]:
            name, kind = variable["name"], str(variable["type"]).lower()
            value = variable.get("value")
            if value is None:
                value = _EMPTY.get(kind)
            elif why := _mismatch(name, kind, value):
                return why
            step.run.variables[name] = value
            step.run.variable_types[name] = kind
        return succeeded()


class _Change(ActionType):
    """Changes one variable."""

    input_keys = frozenset({"name", "value"})
    required_inputs = input_keys
    accepts: ClassVar[frozenset[str]] = frozenset(_TYPES)

    async def run(self, step: Step, inputs: Any) -> Outcome:
        """Compute the new value and keep it, if the variable may have it."""
        variables, types = step.run.variables, step.run.variable_types
        name = next((n for n in variables if n.lower() == inputs["name"].lower()), None)
        if name is None:
            message = (
                f"The variable '{inputs['name']}' must be initialized before it can be used "
                f"inside action '{step.action.name}'."
            )
            return _bad_request(message)
        if types[name] not in self.accepts:
            message = f"A '{self.type}' action can't change '{name}' of type '{types[name]}'."
            return _bad_request(message)
        try:
            return self._keep(step, name, self._changed(variables[name], inputs))
        except TypeError:
            found = type_name(inputs.get("value"))
            return _bad_request(f"A '{self.type}' action can't use a value of type '{found}'.")

    def _keep(self, step: Step, name: str, value: Any) -> Outcome:
        if why := _mismatch(name, step.run.variable_types[name], value):
            return why
        step.run.variables[name] = value
        return succeeded({"body": {"name": name, "value": value}})

    @abstractmethod
    def _changed(self, value: Any, inputs: Mapping[str, Any]) -> Any:
        """The new value; a TypeError where the old one can't be changed so."""


class SetVariable(_Change):
    """Gives a variable another value."""

    type = "SetVariable"

    def _changed(self, _value: Any, inputs: Mapping[str, Any]) -> Any:
        return inputs["value"]


class IncrementVariable(_Change):
    """Adds to a number; 1, if nothing else is said."""

    type = "IncrementVariable"
    required_inputs = frozenset({"name"})
    accepts = frozenset({"integer", "float"})

    def _changed(self, value: Any, inputs: Mapping[str, Any]) -> Any:
        return (value or 0) + inputs.get("value", 1)


class AppendToArrayVariable(_Change):
    """Adds an item to an array."""

    type = "AppendToArrayVariable"
    accepts = frozenset({"array"})

    def _changed(self, value: Any, inputs: Mapping[str, Any]) -> Any:
        return [*(value or []), inputs["value"]]


class AppendToStringVariable(_Change):
    """Adds to a text."""

    type = "AppendToStringVariable"
    accepts = frozenset({"string"})

    def _changed(self, value: Any, inputs: Mapping[str, Any]) -> Any:
        return text(value) + text(inputs["value"])


def _mismatch(name: str, kind: str, value: Any) -> Outcome | None:
    is_bool = isinstance(value, bool) and kind != "boolean"
    if isinstance(value, _TYPES[kind]) and not is_bool:
        return None
    message = (
        f"The variable '{name}' of type '{kind.title()}' can't have a value of type "
        f"'{type_name(value)}'."
    )
    return _bad_request(message)


def _bad_request(message: str) -> Outcome:
    return failed("InvalidTemplate", message, status="BadRequest")
