"""What is wrong with a workflow definition, told when the workflow is created.

Stricter than Azure: it refuses whatever the engine here does not run, keys that nothing reads, and
calls of functions that do not exist, which Azure reports only when the expression runs.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from local_azure.services.logic.action import read_actions
from local_azure.services.logic.check_actions import action_problems
from local_azure.services.logic.check_references import reference_problems
from local_azure.services.logic.check_trigger import trigger_problems

_KEYS = frozenset(
    {"$schema", "contentVersion", "description", "metadata", "parameters", "triggers", "actions"}
    | {"outputs"}
)
_REQUIRED = ("$schema", "contentVersion", "triggers", "actions")
_SCHEMA = (
    "https://schema.management.azure.com/providers/Microsoft.Logic/schemas/2016-06-01/"
    "workflowdefinition.json#"
)
_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "securestring": (str,),
    "int": (int, float),
    "float": (int, float),
    "bool": (bool,),
    "array": (list,),
    "object": (dict,),
    "secureobject": (dict,),
}


def check_definition(definition: Any, parameters: Mapping[str, Any]) -> list[str]:
    """Everything that is wrong with a definition and the values of its parameters.

    Args:
        definition: the workflow's definition.
        parameters: its parameters as the resource has them, ``{name: {"value": ...}}``.

    Returns:
        One sentence for each problem; none means that the workflow can run here.
    """
    if not isinstance(definition, dict):
        return [f"The definition is an object; found {type(definition).__name__}."]
    if incomplete := list(_frame_problems(definition)):
        return incomplete
    declared = definition.get("parameters", {})
    found = [*_parameter_problems(declared, parameters), *_trigger(definition)]
    structure = list(action_problems(definition["actions"]))
    # References can be followed only where the actions' structure is sound.
    if not structure:
        found += reference_problems(definition, read_actions(definition["actions"]))
    return found + structure


def sample(kind: str) -> Any:
    """A value that a parameter of a type may have; an empty text where there is no such type."""
    return _TYPES.get(kind.lower(), (str,))[0]()


def is_well_formed(definition: Any) -> bool:
    """Whether a definition's structure can be read, whatever its expressions say."""
    return (
        isinstance(definition, dict)
        and not list(_frame_problems(definition))
        and len(definition["triggers"]) == 1
        and all(
            isinstance(each, dict)
            for part in ("triggers", "parameters")
            for each in definition.get(part, {}).values()
        )
        and not list(_trigger(definition))
        and not list(action_problems(definition["actions"]))
    )


def _frame_problems(definition: Mapping[str, Any]) -> Iterator[str]:
    for key in _REQUIRED:
        if definition.get(key) in (None, ""):
            yield f"The definition has no {key}; a workflow needs {', '.join(_REQUIRED)}."
    for key in sorted(set(definition) - _KEYS):
        yield f"The definition has the unknown key {key!r}; accepted: {', '.join(sorted(_KEYS))}."
    if definition.get("$schema") not in (None, "", _SCHEMA):
        yield f"The definition's $schema is {definition['$schema']!r}; accepted: {_SCHEMA}."
    for key in ("parameters", "triggers", "actions", "outputs"):
        if not isinstance(definition.get(key, {}), dict):
            yield f"The definition's {key} is an object; found {type(definition[key]).__name__}."


def _trigger(definition: Mapping[str, Any]) -> Iterator[str]:
    triggers = definition["triggers"]
    if len(triggers) != 1:
        yield f"A workflow has one trigger here; found {', '.join(triggers)}."
        return
    for name, trigger in triggers.items():
        for problem in trigger_problems(trigger, definition["actions"]):
            yield f"Trigger '{name}': {problem}."


def _parameter_problems(declared: Mapping[str, Any], given: Mapping[str, Any]) -> Iterator[str]:
    names = {name.lower() for name in declared}
    for name in given:
        if name.lower() not in names:
            accepted = ", ".join(declared) or "none"
            yield f"Parameter '{name}' has a value and is not declared; declared: {accepted}."
    values = {name.lower(): value for name, value in given.items()}
    for name, declaration in declared.items():
        yield from _declaration_problems(name, declaration, values.get(name.lower()))


def _declaration_problems(name: str, declaration: Any, given: Any) -> Iterator[str]:
    kind = str(declaration.get("type", "")).lower() if isinstance(declaration, dict) else ""
    if kind not in _TYPES:
        yield f"Parameter '{name}' has a type of {', '.join(_TYPES)}; found {declaration!r}."
        return
    for key in sorted(set(declaration) - {"type", "defaultValue", "allowedValues", "metadata"}):
        yield f"Parameter '{name}' has the unknown key {key!r}."
    value = given.get("value") if isinstance(given, dict) else None
    if value is None:
        value = declaration.get("defaultValue")
    if value is None:
        yield f"Parameter '{name}' has neither a value nor a default."
    elif not _is_of(kind, value):
        yield f"Parameter '{name}' is declared as {kind}; its value is {type(value).__name__}."
    elif value not in declaration.get("allowedValues", [value]):
        yield f"Parameter '{name}' has a value that is none of its allowedValues."


def _is_of(kind: str, value: Any) -> bool:
    return isinstance(value, _TYPES[kind]) and (kind == "bool" or not isinstance(value, bool))
