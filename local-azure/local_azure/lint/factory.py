"""The rules for a data factory's documents: pipelines and datasets, and what they refer to."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from local_azure.expressions.check import check, strings
from local_azure.expressions.registry import DATA_FACTORY
from local_azure.lint.subject import Finding
from local_azure.runs.references import references as calls
from local_azure.services.datafactory.check import check_definition
from local_azure.services.datafactory.check_references import parameters_of
from local_azure.services.datafactory.references import references

Json = Mapping[str, Any]
Folders = Mapping[str, Mapping[str, Json]]
_PLACE = re.compile(r"'(?P<name>[^']+)': ")


def lint_pipeline(properties: Any, beside: Folders) -> list[Finding]:
    """Everything that is found in a pipeline.

    Args:
        properties: the pipeline's.
        beside: the ``properties`` of the factory's other documents by folder and name; what points
            into a folder without any is not looked at.
    """
    if refused := check_definition(properties):
        return [_refusal(sentence) for sentence in refused]
    used = {name for text in strings(properties) for name in parameters_of(text)}
    read = {each.name.lower() for each in calls(properties) if each.function == "variables"}
    return [
        *_references(properties, beside),
        *_unused("Parameter", properties.get("parameters", {}), used),
        *_unused("Variable", properties.get("variables", {}), read),
    ]


def lint_dataset(properties: Json, beside: Folders) -> list[Finding]:
    """Everything that is found in a dataset; see ``lint_pipeline``."""
    declared = properties.get("parameters") or {}
    used = {each.key.lower(): each.key for each in calls(properties) if each.function == "dataset"}
    lowered = {name.lower() for name in declared}
    return [
        *(_refusal(problem) for problem in check(properties, DATA_FACTORY)),
        *(
            Finding("refused", "The dataset", f"no parameter '{name}' is declared")
            for lower, name in used.items()
            if lower not in lowered
        ),
        *_references(properties, beside),
        *_unused("Parameter", declared, set(used)),
    ]


def _refusal(sentence: str) -> Finding:
    place = _PLACE.match(sentence)
    where = f"Activity '{place['name']}'" if place else "The document"
    return Finding("refused", where, sentence[place.end() if place else 0 :].rstrip("."))


def _unused(what: str, declared: Json, used: set[str]) -> Iterator[Finding]:
    for name in declared:
        if name.lower() not in used:
            message = "nothing reads it; take it out, or use it"
            yield Finding(f"unused-{what.lower()}", f"{what} '{name}'", message)


def _references(properties: Json, beside: Folders) -> Iterator[Finding]:
    """What points to nothing, and what is given to something that does not take it."""
    for each in references(properties):
        there = beside.get(each.folder, {})
        if not there or not isinstance(each.name, str):
            continue
        if each.name not in there:
            message = f"there is no {each.name!r} among {', '.join(sorted(there))}"
            yield Finding("missing-document", each.path, message)
        elif each.folder in ("datasets", "pipelines"):
            given = _given(properties, each.path, each.folder)
            declared = there[each.name].get("parameters") or {}
            yield from _undeclared(each.path, given, declared)
            # A called pipeline's defaults may be filled in where it is deployed.
            if each.folder == "datasets":
                yield from _missing(each.path, given, declared)


def _given(properties: Json, path: str, folder: str) -> Json:
    """The values that a reference passes: a dataset's stand in it, a pipeline's beside it."""
    found: Any = properties
    steps = re.findall(r"[^.\[\]]+", path)
    for step in steps if folder == "datasets" else steps[:-1]:
        found = found[int(step)] if isinstance(found, list) else found[step]
    given: Json = found.get("parameters") or {}
    return given


def _undeclared(path: str, given: Json, declared: Json) -> Iterator[Finding]:
    for name in given:
        if name not in declared:
            message = f"it is given {name!r}, and takes {', '.join(declared) or 'nothing'}"
            yield Finding("undeclared-parameter", path, message)


def _missing(path: str, given: Json, declared: Json) -> Iterator[Finding]:
    for name, each in declared.items():
        if name not in given and "defaultValue" not in each:
            message = f"it is not given {name!r}, which has no default"
            yield Finding("missing-parameter", path, message)
