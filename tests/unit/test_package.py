"""The components as a package for programs in other languages."""

import ast
import inspect
import json
from pathlib import Path
from typing import Any

import pytest
from pulumi.provider.experimental.analyzer import Analyzer
from pulumi.provider.experimental.component import ComponentProvider

from components.azure.component import PACKAGE
from components.package import COMPONENTS, VERSION

FOLDER = Path(__file__).resolve().parents[2] / "components"


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    inferred = ComponentProvider(COMPONENTS, PACKAGE, PACKAGE, VERSION).schema
    assert inferred is not None
    parsed: dict[str, Any] = json.loads(inferred)
    return parsed


def test_every_component_of_the_folder_is_in_the_package() -> None:
    classes = {
        node.name
        for file in FOLDER.rglob("*.py")
        for node in ast.parse(file.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef) and "Component" in map(ast.unparse, node.bases)
    }
    assert classes == {component.__name__ for component in COMPONENTS}


def test_a_schema_is_inferred_for_every_component(schema: dict[str, Any]) -> None:
    assert set(schema["resources"]) == {
        f"azureml-batch-events:index:{component.__name__}" for component in COMPONENTS
    }


def test_every_output_is_described_where_it_is_declared() -> None:
    told = Analyzer(PACKAGE)
    silent = [
        f"{owner.__name__}.{name}"
        for component in COMPONENTS
        for owner in component.__mro__
        if owner.__module__.startswith("components.")
        for name in inspect.get_annotations(owner)
        if not told.get_docstring(owner, name)
    ]
    assert silent == []
