"""A workflow as files, as the Standard plan has it: pure functions, nothing here talks to Azure.

Parameters are all in parameters.json, where `@appsetting('…')` is the one expression and secure
types are not supported: a secret is an app setting of the site, and no file holds it
(D:logic-apps/create-parameters-workflows). What hides it from the run history is `secureData` in
the definition.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from components.azure import templates


class WorkflowFiles(NamedTuple):
    """What a site needs for a workflow; values may be outputs."""

    files: dict[str, Any]
    """Content of each file, by its path."""

    settings: dict[str, Any]
    """App settings: the values of the secure parameters, by the parameter's name."""


def workflow_files(
    workflow: str, definition: templates.Definition, values: Mapping[str, Any]
) -> WorkflowFiles:
    """The files of one workflow.

    Args:
        workflow: its name.
        definition: its definition, with the declarations of its parameters.
        values: values of the parameters that it declares.

    Raises:
        TemplateError: a value is missing or not declared.
    """
    bound = templates.bind(definition, values)
    defaults = {
        name: {"type": each["type"], "value": each["defaultValue"]}
        for name, each in definition.get("parameters", {}).items()
        if name not in bound
    }
    secrets = {name: each["value"] for name, each in bound.items() if templates.is_secure(each)}
    parameters = {name: _parameter(name, each) for name, each in {**bound, **defaults}.items()}
    without = {key: each for key, each in definition.items() if key != "parameters"}
    files = {
        "connections.json": {},
        "parameters.json": parameters,
        f"{workflow}/workflow.json": {"definition": without, "kind": "Stateful"},
    }
    return WorkflowFiles(files, secrets)


def digest(files: Any) -> str:
    """What tells one content from another."""
    return hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()


def _parameter(name: str, given: dict[str, Any]) -> dict[str, Any]:
    kind = str(given["type"]).lower().removeprefix("secure").title()
    value = f"@appsetting('{name}')" if templates.is_secure(given) else given["value"]
    return {"type": kind, "value": value}
