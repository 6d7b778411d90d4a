"""What lies in `adf_templates/`, in Data Factory's own form, made ready for azure-native.

Exported files keep what is particular to a type below `typeProperties`; azure-native has it beside
the rest, and drops `typeProperties` without a word. Nothing is replaced in a file's text: what
varies are the parameters that it declares, whose values become their defaults.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from components.azure.templates import TemplateError, load

FOLDER = Path(__file__).resolve().parents[2] / "adf_templates"
PIPELINES = FOLDER / "pipeline"
DATASETS = FOLDER / "dataset"

_INNER = {"activities", "ifTrueActivities", "ifFalseActivities", "defaultActivities", "cases"}
"""Where an activity, or a case of a Switch, has activities of its own, or a Switch its cases."""

Json = dict[str, Any]


def names() -> list[str]:
    """The names of the pipelines that the program makes."""
    return sorted({load(path.stem, PIPELINES)["name"] for path in PIPELINES.glob("*.json")})


def properties(name: str, folder: Path = PIPELINES) -> Json:
    """The properties of the pipeline, dataset or linked service in `<name>.json`, hoisted.

    Raises:
        TemplateError: there is no such file, or it can't be hoisted.
    """
    return hoisted(load(name, folder)["properties"])


def hoisted(definition: Mapping[str, Any]) -> Json:
    """A definition as azure-native has it: its `typeProperties` beside the rest, and so inside.

    Args:
        definition: a pipeline's, dataset's or linked service's properties, or an activity.

    Raises:
        TemplateError: a key is in both places, so that one of the two would be lost.
    """
    flat = {key: value for key, value in definition.items() if key != "typeProperties"}
    own: Json = definition.get("typeProperties", {})
    if twice := sorted(flat.keys() & own.keys()):
        message = (
            f"{definition.get('name', 'It')!r} has {', '.join(twice)} twice: hoisting loses one"
        )
        raise TemplateError(message)
    whole = flat | own
    for key in whole.keys() & _INNER:
        whole[key] = [hoisted(each) for each in whole[key]]
    return whole


def connected(definition: Mapping[str, Any], runtime: str | None) -> Json:
    """The definition, hoisted, with its Web activities on an integration runtime, if one is given.

    A file can't say so: a runtime's name is no expression, and without a network there is none.
    """
    whole = dict(definition)
    if runtime and whole.get("type") == "WebActivity":
        whole["connectVia"] = {"referenceName": runtime, "type": "IntegrationRuntimeReference"}
    for key in whole.keys() & _INNER:
        whole[key] = [connected(each, runtime) for each in whole[key]]
    return whole


def with_defaults(definition: Mapping[str, Any], values: Mapping[str, Any]) -> Json:
    """The definition with values for some of its parameters, as their defaults.

    Args:
        definition: properties of a pipeline, dataset or linked service.
        values: parameters by name; a value may be an output.

    Raises:
        TemplateError: a value is not declared; the message lists all of them.
    """
    declared: Json = definition.get("parameters", {})
    if unknown := sorted(values.keys() - declared.keys()):
        message = f"Parameters do not fit the template: {', '.join(unknown)} not declared"
        raise TemplateError(message)
    given = {name: {**declared[name], "defaultValue": value} for name, value in values.items()}
    return {**definition, "parameters": {**declared, **given}}
