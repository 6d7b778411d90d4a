"""Workflow definitions as they lie in `logicapp_templates/`, and the values of their parameters.

A definition is used as it is; what varies are the parameters that it declares. Nothing is ever
replaced in its text.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

Definition = dict[str, Any]

TRIGGER = "When_a_resource_event_occurs"
"""Name of each trigger. Never changes: each preview looks the callback URL up by it."""

FOLDER = Path(__file__).resolve().parents[2] / "logicapp_templates"


class TemplateError(Exception):
    """A template that cannot be used, or values that do not fit it."""


def load(name: str, folder: Path = FOLDER) -> Definition:
    """The definition in `<name>.json`.

    Raises:
        TemplateError: there is no such file, or it holds no JSON object.
    """
    path = folder / f"{name}.json"
    try:
        definition = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        known = ", ".join(sorted(file.stem for file in folder.glob("*.json")))
        message = f"There is no template {name} in {folder.name}; there are: {known or 'none'}"
        raise TemplateError(message) from None
    except ValueError as error:
        message = f"{path.name} is no JSON: {error}"
        raise TemplateError(message) from None
    if not isinstance(definition, dict):
        message = f"{path.name} holds no JSON object"
        raise TemplateError(message)
    return definition


def bind(definition: Definition, values: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The values as a workflow takes them: each with the type that the definition declares.

    Args:
        definition: a workflow definition.
        values: parameters by name; a value may be an output.

    Raises:
        TemplateError: a value is missing or not declared; the message lists all of them.
    """
    declared = definition.get("parameters", {})
    needed = {name for name, spec in declared.items() if "defaultValue" not in spec}
    problems = [
        *(f"no value for {name}" for name in sorted(needed - values.keys())),
        *(f"{name} is not declared" for name in sorted(values.keys() - declared.keys())),
    ]
    if problems:
        message = f"Parameters do not fit the template: {'; '.join(problems)}"
        raise TemplateError(message)
    return {name: {"type": declared[name]["type"], "value": values[name]} for name in values}


def is_secure(parameter: Mapping[str, Any]) -> bool:
    """Whether a parameter's value is a secret: `securestring` or `secureobject`, in any case."""
    return str(parameter["type"]).lower().startswith("secure")


def secure_parameters(definition: Definition) -> list[str]:
    """Names of the parameters whose values are secrets."""
    declared = definition.get("parameters", {})
    return [name for name, each in declared.items() if is_secure(each)]
