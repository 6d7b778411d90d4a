"""``run-pipeline``, as a user calls it, where no embedded Azure runs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from local_azure import cli
from local_azure.home import ENVIRONMENT_VARIABLE
from tests.templates.test_pipeline_types import FOLDER

if TYPE_CHECKING:
    from pathlib import Path

TEMPLATE = str(FOLDER / "Run-BatchEndpoint-MI.json")
GIVEN = ["--parameter=endpoint_uri=https://e/jobs", "--parameter=endpoint_input_uri=azureml://i"]


@pytest.fixture(autouse=True)
def nothing_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ENVIRONMENT_VARIABLE, str(tmp_path / "azure"))


def written(tmp_path: Path, *activities: dict[str, Any]) -> str:
    path = tmp_path / "pipeline.json"
    path.write_text(json.dumps({"name": "p", "properties": {"activities": activities}}))
    return str(path)


def fails(message: str) -> dict[str, Any]:
    given = {"message": message, "errorCode": "7"}
    return {"name": "Stop", "type": "Fail", "typeProperties": given}


def test_each_activity_is_told_with_its_end(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["run-pipeline", TEMPLATE, *GIVEN]) == 1

    told = capsys.readouterr().out
    assert "Run Batch-Endpoint (WebActivity): Failed: A pipeline that runs from a file has" in told
    assert "Wait for job (Until): Skipped" in told
    assert "run: Failed Operation on target Run Batch-Endpoint failed:" in told


def test_scripts_get_inputs_and_ends(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["run-pipeline", written(tmp_path, fails("no")), "--json"]) == 1

    [activity] = json.loads(capsys.readouterr().out)["activities"]
    assert activity["inputs"] == {"message": "no", "errorCode": "7"}
    assert activity["error"] == {"errorCode": "7", "message": "no"}


def test_an_activity_of_another_type_is_refused_by_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path, {"name": "Move", "type": "Delete", "typeProperties": {}})

    assert cli.main(["run-pipeline", file]) == 1
    assert "'Move': the type 'Delete' is not emulated" in capsys.readouterr().err


def test_a_missing_parameter_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["run-pipeline", TEMPLATE, GIVEN[0]]) == 1
    assert "'endpoint_input_uri' has no default and must be given" in capsys.readouterr().err
