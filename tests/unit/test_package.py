"""The components as a package for programs in other languages."""

import ast
import json
import runpy
from typing import Any, NamedTuple
from unittest import mock

import pytest
from pulumi.provider.experimental.analyzer import Analyzer
from pulumi.provider.experimental.component import ComponentProvider

from components.azure.component import PACKAGE
from components.package import COMPONENTS
from tests import PROJECT
from tests.unit.azure import GROUP
from tests.unit.engine import deploy

FOLDER = PROJECT / "components"
TEMPLATE = PROJECT / "logicapp_templates" / "start_pipeline_run.json"
NEEDED = {
    "BatchEndpoint": ["modelDeployments"],
    "BatchEventWorkflow": ["ownIdentity"],
    "BlobPlaceArgs": ["datastore", "folder"],
    "ComputeIdentity": ["registryId"],
    "EmailConnection": ["location"],
    "ModelAssets": ["mlflow", "modelId"],
    "StandardBatchEventWorkflow": ["ownIdentity"],
    "Workbook": ["logWorkspaceId"],
}
"""Of which several one has to be given, and what only some need of those that share arguments."""

SAMPLES: dict[str, Any] = {
    "clusterId": f"{GROUP}/providers/Microsoft.MachineLearningServices/workspaces/w/computes/c",
    "defaultDeployment": "name",
    "endpointType": "WebHook",
    "nodePriority": "dedicated",
    "parameters": json.loads(TEMPLATE.read_text(encoding="utf-8"))["parameters"],
    "pipelinePath": str(PROJECT / "samples" / "diamonds" / "pipeline.yml"),
    "template": TEMPLATE.stem,
    "today": "2026-06-01",
    "topicId": f"{GROUP}/providers/Microsoft.EventGrid/domains/d/topics/t",
}
NODES = {"properties": {"computeType": "AmlCompute", "properties": {"vmSize": "Big"}}}


@pytest.fixture(scope="module")
def provider() -> ComponentProvider:
    """What the engine finds in the folder."""
    with (
        mock.patch("pulumi.provider.experimental.component_provider_host") as host,
        mock.patch.object(Analyzer, "get_docstring", Analyzer.get_docstring),
    ):
        runpy.run_path(str(FOLDER / "__main__.py"), run_name="__main__")
        return ComponentProvider(*host.call_args.args, **host.call_args.kwargs)


@pytest.fixture(scope="module")
def schema(provider: ComponentProvider) -> dict[str, Any]:
    assert provider.schema is not None
    parsed: dict[str, Any] = json.loads(provider.schema)
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


def test_every_output_is_described(schema: dict[str, Any]) -> None:
    silent = [
        f"{component}.{output}"
        for component, told in schema["resources"].items()
        for output, described in told["properties"].items()
        if not described.get("description")
    ]
    assert silent == []


@pytest.mark.parametrize("component", [each.__name__ for each in COMPONENTS])
def test_what_is_optional_may_be_left_out_and_numbers_may_be_floats(
    component: str, provider: ComponentProvider, schema: dict[str, Any]
) -> None:
    def made(number: float) -> dict[str, Any]:
        kind = f"{PACKAGE}:index:{component}"
        told = schema["resources"][kind]
        given = {"properties": told["inputProperties"], "required": told["requiredInputs"]}
        least = Sample(schema["types"], number).of_all(kind, given)
        deployed = deploy(
            lambda: provider.construct("on-blob", kind, least),
            answers={"azure-native:machinelearningservices:getCompute": NODES},
        )
        return {each.name: each.inputs for each in deployed.resources}

    # Programs in other languages send floats; others would stand in texts, such as PT5.0S.
    assert made(5.0) == made(5)


class Sample(NamedTuple):
    """Values that a program in another language may give."""

    types: dict[str, Any]
    number: float

    def of_all(self, kind: str, told: dict[str, Any]) -> dict[str, Any]:
        """Of each argument that has to be given, and of each number."""
        every = told["properties"]
        numbers = (name for name, each in every.items() if each.get("type") == "integer")
        names = {*told["required"], *NEEDED.get(kind.rpartition(":")[2], ()), *numbers}
        return {each: SAMPLES.get(each) or self.of(each, every[each]) for each in names}

    def of(self, name: str, described: dict[str, Any]) -> Any:
        """Of one."""
        match described:
            case {"$ref": ref} if ref.startswith("#/types/"):
                kind = ref.removeprefix("#/types/")
                return self.of_all(kind, self.types[kind])
            case {"type": "array", "items": item}:
                return [self.of(name, item)]
            case {"type": "object", "additionalProperties": item}:
                return {"key": self.of(name, item)}
            case {"type": "boolean"}:
                return True
            case {"type": "integer"}:
                return self.number
        return f"{GROUP}/providers/Microsoft.X/xs/x" if name.endswith(("Id", "Scope")) else name
