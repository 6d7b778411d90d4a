"""Pipelines run step by step by data-factory-testing-framework, in its virtual environment.

Reads ``{"scenarios": [...]}`` (see tools.oracle.scenarios) from standard input and writes a line of
JSON per scenario, ``{"steps": [[name, inputs], ...]}`` or ``{"error": "..."}``; before these, one
with the framework's version.

The framework is told what each host answers; everything else is its own doing. Where nothing that
is left can begin it raises; here that is the end of the branch: what is left is skipped.
"""

# mypy: disable-error-code="import-not-found"

import importlib.metadata
import json
import pathlib
import sys
import tempfile
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from data_factory_testing_framework import TestFramework, TestFrameworkType
from data_factory_testing_framework.exceptions import (
    NoRemainingPipelineActivitiesMeetDependencyConditionsError,
)
from data_factory_testing_framework.models import DataFactoryElement
from data_factory_testing_framework.state import (
    DependencyCondition,
    RunParameter,
    RunParameterType,
)

_LONGEST = 40
"""Steps after which a scenario is given up: the framework does not end it."""
_OK = range(200, 300)


class _Framework(TestFramework):  # type: ignore[misc]
    """The framework, whose branches end where nothing that is left can begin."""

    def evaluate_activities(self, activities: Any, state: Any) -> Iterator[Any]:
        try:
            yield from super().evaluate_activities(activities, state)
        except NoRemainingPipelineActivitiesMeetDependencyConditionsError:
            return


def _steps(scenario: dict[str, Any]) -> list[Any]:
    with tempfile.TemporaryDirectory() as folder:
        files = pathlib.Path(folder) / "pipeline"
        files.mkdir()
        for number, pipeline in enumerate(scenario["pipelines"]):
            (files / f"{number}.json").write_text(json.dumps(pipeline), "utf-8")
        framework = _Framework(
            TestFrameworkType.DataFactory, folder, should_evaluate_child_pipelines=True
        )
    parameters = [
        RunParameter(RunParameterType.System, "RunId", scenario["run_id"]),
        *(
            RunParameter(RunParameterType.Pipeline, name, value)
            for name, value in scenario["parameters"].items()
        ),
    ]
    pipeline = framework.get_pipeline_by_name(scenario["pipelines"][0]["name"])
    asked: dict[str, int] = {}
    steps: list[Any] = []
    for activity in framework.evaluate_pipeline(pipeline, parameters):
        inputs = _inputs(activity)
        steps.append([activity.name, inputs])
        if len(steps) == _LONGEST:
            break
        if activity.type == "WebActivity":
            _answer(activity, inputs, scenario["answers"], asked)
    return steps


def _inputs(activity: Any) -> Any:
    if activity.type == "Filter":
        return {"items": activity.items.result}
    return _plain(activity.type_properties)


def _answer(activity: Any, inputs: Any, answers: dict[str, Any], asked: dict[str, int]) -> None:
    host = str(urlsplit(inputs["url"]).hostname)
    turn = min(asked.get(host, 0), len(answers[host]) - 1)
    asked[host] = turn + 1
    told = answers[host][turn]
    if told["status"] in _OK:
        activity.set_result(DependencyCondition.SUCCEEDED, told["body"])
    else:
        activity.set_result(DependencyCondition.FAILED, {})


def _plain(value: Any) -> Any:
    if isinstance(value, DataFactoryElement):
        return value.result
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list) else value


def _told(scenario: dict[str, Any]) -> dict[str, Any]:
    try:
        return {"steps": _steps(scenario)}
    except Exception as error:  # noqa: BLE001 - whatever the framework raises is its answer
        return {"error": f"{type(error).__name__}: {error}".split("\n", 1)[0]}


def main() -> None:
    """Answer the document on standard input."""
    name = "data-factory-testing-framework"
    out = sys.stdout
    out.write(json.dumps({"framework": name, "version": importlib.metadata.version(name)}) + "\n")
    for scenario in json.load(sys.stdin)["scenarios"]:
        out.write(json.dumps(_told(scenario)) + "\n")


if __name__ == "__main__":
    main()
