"""Pipelines take the steps that the judge took, whose own were written down.

Only ``python -m tools.oracle --pipelines --record`` writes judged_pipelines.json.
"""

import json
from typing import Any

import pytest

from local_azure.services.datafactory.check import check_definition
from tools.oracle import pipelines, scenarios

JUDGED: dict[str, Any] = json.loads(pipelines.RECORDED.read_text("utf-8"))["scenarios"]
RECORD = "it was changed: see what python -m tools.oracle --pipelines says, then add --record"


@pytest.mark.parametrize("name", scenarios.names())
def test_a_scenario_is_the_one_that_was_judged(name: str) -> None:
    found = scenarios.fingerprint(scenarios.load(name))
    assert found == JUDGED[name]["sha256"], RECORD


@pytest.mark.parametrize("name", [name for name in JUDGED if "told" in JUDGED[name]])
def test_the_same_activities_get_the_same_inputs(name: str) -> None:
    assert scenarios.ours(scenarios.load(name)) == JUDGED[name]["told"]


@pytest.mark.parametrize("name", scenarios.names())
def test_a_judged_pipeline_is_a_valid_one(name: str) -> None:
    wrong = [
        each["properties"]
        for each in scenarios.load(name)["pipelines"]
        if check_definition(each["properties"])
    ]
    assert wrong == []
