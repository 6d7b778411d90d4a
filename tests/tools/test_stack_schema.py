"""What an editor underlines in a stack file."""

import json
from typing import Any

import jsonschema
import pytest
import yaml

from tests import PROJECT
from tools.configuration import SCHEMA

STACKS = sorted(PROJECT.glob("Pulumi.*.yaml"))


def mistakes(config: dict[str, Any]) -> list[str]:
    """Where the schema refuses a configuration."""
    checked = jsonschema.Draft7Validator(json.loads(SCHEMA.read_text()))
    return [each.json_path for each in checked.iter_errors({"config": config})]


@pytest.mark.parametrize("file", STACKS, ids=lambda file: file.name)
def test_a_stack_file_of_the_project_has_no_mistake(file: Any) -> None:
    assert mistakes(yaml.safe_load(file.read_text())["config"]) == []


@pytest.mark.parametrize(
    ("key", "value", "taken"),
    [
        ("azureml-batch-events:cluster", {"max_nodes": 4}, True),
        ("azureml-batch-events:cluster", {"max_nodes": "four"}, False),
        ("azureml-batch-events:cluster", {"max_node": 4}, False),
        ("azureml-batch-events:cluster", {"existing": "batch-cluster"}, True),
        ("azureml-batch-events:cluster", {"existing": "batch-cluster", "max_nodes": 4}, False),
        ("azureml-batch-events:clusters", {}, False),
        ("azureml-batch-events:cluste", {}, False),
        ("azure-native:location", "westeurope", True),
    ],
)
def test_a_key_that_there_is_not_and_a_wrong_type_are_underlined(
    key: str, value: Any, *, taken: bool
) -> None:
    assert (mistakes({key: value}) == []) is taken
