"""Every key of the pipeline templates exists in the SDK's types, so that nothing is dropped."""

import inspect
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pulumi_azure_native.datafactory as sdk
import pytest

from components.azure.templates import TemplateError
from components.data_factory.pipelines import DATASETS, hoisted, properties, with_defaults
from local_azure.services.datafactory import exported

FOLDER = Path(__file__).parents[2] / "adf_templates" / "pipeline"
TEMPLATES = sorted(path.name for path in FOLDER.glob("*.json"))
DATA = sorted(path.stem for path in DATASETS.glob("*.json"))
INNER = {"MI": "Run-BatchEndpoint-MI.json", "SP": "Run-BatchEndpoint-SP.json"}
OUTER = {"MI": "Score-Folder.json", "SP": "Score-Folder-SP.json"}
_BY_TYPE = {
    "WebActivity": sdk.WebActivityArgs,
    "Until": sdk.UntilActivityArgs,
    "Wait": sdk.WaitActivityArgs,
    "SetVariable": sdk.SetVariableActivityArgs,
    "IfCondition": sdk.IfConditionActivityArgs,
    "Fail": sdk.FailActivityArgs,
    "ExecutePipeline": sdk.ExecutePipelineActivityArgs,
    "Copy": sdk.CopyActivityArgs,
    "GetMetadata": sdk.GetMetadataActivityArgs,
    "PipelineReference": sdk.PipelineReferenceArgs,
    "DatasetReference": sdk.DatasetReferenceArgs,
    "LinkedServiceReference": sdk.LinkedServiceReferenceArgs,
    "Binary": sdk.BinaryDatasetArgs,
    "BinarySource": sdk.BinarySourceArgs,
    "BinarySink": sdk.BinarySinkArgs,
    "BinaryReadSettings": sdk.BinaryReadSettingsArgs,
    "AzureBlobStorageLocation": sdk.AzureBlobStorageLocationArgs,
    "AzureBlobStorageReadSettings": sdk.AzureBlobStorageReadSettingsArgs,
    "AzureBlobStorageWriteSettings": sdk.AzureBlobStorageWriteSettingsArgs,
    "Expression": sdk.ExpressionArgs,
    "MSI": sdk.WebActivityAuthenticationArgs,
}


def load(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / name).read_text("utf-8"))
    return found


def unknown(document: dict[str, Any], kind: type) -> set[str]:
    accepted = set(inspect.signature(kind).parameters)
    return {key for key in document if re.sub(r"([A-Z])", r"_\1", key).lower() not in accepted}


def activities(found: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """All activities, hoisted, those inside others too."""
    for each in map(hoisted, found):
        yield each
        for inner in ("activities", "ifTrueActivities", "ifFalseActivities"):
            yield from activities(each.get(inner, []))


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_hoisted_pipeline_is_exported_as_its_template_is(name: str) -> None:
    assert exported.pipeline(properties(Path(name).stem)) == load(name)["properties"]


def test_hoisting_reaches_into_every_kind_of_block() -> None:
    inner = {"name": "w", "type": "Wait", "typeProperties": {"waitTimeInSeconds": 1}}
    flat = {"name": "w", "type": "Wait", "waitTimeInSeconds": 1}
    own = {
        "activities": [inner],
        "ifTrueActivities": [inner],
        "ifFalseActivities": [inner],
        "defaultActivities": [inner],
        "cases": [{"value": "a", "activities": [inner]}],
    }
    assert hoisted({"name": "block", "typeProperties": own}) == {
        "name": "block",
        "activities": [flat],
        "ifTrueActivities": [flat],
        "ifFalseActivities": [flat],
        "defaultActivities": [flat],
        "cases": [{"value": "a", "activities": [flat]}],
    }


def test_a_key_that_hoisting_would_lose_is_refused() -> None:
    with pytest.raises(TemplateError, match="'a' has type twice"):
        hoisted({"name": "a", "type": "Wait", "typeProperties": {"type": "x"}})


def test_values_become_the_defaults_of_their_parameters_and_no_others() -> None:
    template = properties("Score-Folder")
    changed = with_defaults(template, {"endpoint_uri": "https://e/jobs"})["parameters"]
    assert changed.pop("endpoint_uri") == {"type": "string", "defaultValue": "https://e/jobs"}
    assert changed == {k: v for k, v in template["parameters"].items() if k != "endpoint_uri"}


def test_a_value_without_a_parameter_is_refused_by_name() -> None:
    with pytest.raises(TemplateError, match="endpoint_url not declared"):
        with_defaults(properties("Score-Folder"), {"endpoint_url": "x"})


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_key_of_a_policy_or_a_dependency_is_one_of_the_sdks(name: str) -> None:
    for each in activities(load(name)["properties"]["activities"]):
        assert unknown(each.get("policy", {}), sdk.ActivityPolicyArgs) == set(), each["name"]
        for dependency in each["dependsOn"]:
            assert unknown(dependency, sdk.ActivityDependencyArgs) == set(), each["name"]


def typed(value: Any) -> Iterator[dict[str, Any]]:
    """Everything in a document that says its type, but for the specifications of parameters."""
    inner = list(value.values()) if isinstance(value, dict) else value
    if isinstance(value, dict) and "type" in value:
        yield value
    for each in inner if isinstance(inner, list) else []:
        yield from typed(each)


@pytest.mark.parametrize("name", TEMPLATES)
def test_everything_that_has_a_type_has_that_types_keys(name: str) -> None:
    for each in typed(properties(Path(name).stem)["activities"]):
        assert unknown(each, _BY_TYPE[each["type"]]) == set(), each


@pytest.mark.parametrize("name", DATA)
def test_every_key_of_a_dataset_is_one_of_the_sdks(name: str) -> None:
    whole = properties(name, DATASETS)
    assert json.loads((DATASETS / f"{name}.json").read_text("utf-8"))["name"] == name
    parameters = whole.pop("parameters")
    for each in typed(whole):
        assert unknown(each, _BY_TYPE[each["type"]]) == set(), each
    for each in parameters.values():
        assert unknown(each, sdk.ParameterSpecificationArgs) == set()


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_key_of_a_pipeline_is_one_of_the_sdks(name: str) -> None:
    properties = load(name)["properties"]
    assert unknown(properties, sdk.PipelineArgs) == set()
    for each in properties["parameters"].values():
        assert unknown(each, sdk.ParameterSpecificationArgs) == set()
    for each in properties.get("variables", {}).values():
        assert unknown(each, sdk.VariableSpecificationArgs) == set()


def test_an_unknown_key_would_be_told() -> None:
    assert unknown({"typeProperties": {}, "name": "a"}, sdk.WebActivityArgs) == {"typeProperties"}


def test_parameters_and_defaults_are_those_of_the_documents() -> None:
    defaults = {
        "poll_interval": {"type": "int", "defaultValue": 120},
        "endpoint_input_type": {"type": "string", "defaultValue": "UriFolder"},
    }
    parameters = load(INNER["MI"])["properties"]["parameters"]
    principal = load(INNER["SP"])["properties"]["parameters"]
    assert {name: parameters[name] for name in defaults} == defaults
    assert {"endpoint_uri", "endpoint_input_uri", "endpoint_output_uri"} <= set(parameters)
    assert set(principal) > {*parameters, "tenant_id", "client_id", "client_secret"}


@pytest.mark.parametrize("variant", OUTER)
def test_the_outer_pipeline_passes_every_parameter(variant: str) -> None:
    outer = load(OUTER[variant])["properties"]
    [call] = activities(outer["activities"])
    inner = load(INNER[variant])["properties"]["parameters"]
    assert set(call["parameters"]) == set(inner)
    assert {k: v for k, v in outer["parameters"].items() if k != "output_folder"} == inner


def test_pipelines_that_copy_pass_score_folder_what_it_declares() -> None:
    declared = set(load(OUTER["MI"])["properties"]["parameters"])
    copying = ("Copy-Then-Score", "Score-Then-Copy", "Copy-Score-Copy", "Score-Window")
    for name in (f"{each}.json" for each in copying):
        calls = [
            each
            for each in activities(load(name)["properties"]["activities"])
            if each["type"] == "ExecutePipeline"
        ]
        assert [each["pipeline"]["referenceName"] for each in calls] == ["Score-Folder"]
        assert set(calls[0]["parameters"]) <= declared
