"""The commands that show pipeline runs, and run a pipeline file as a factory would."""

import json
from pathlib import Path
from typing import Any

import pytest

from local_azure.command_line import cli
from local_azure.commands import process
from local_azure.home import ENVIRONMENT_VARIABLE
from local_azure.services.datafactory.resources.factory import FACTORY
from local_azure_tests.datafactory.cloud import (
    FACTORY_NAME,
    GROUP,
    READER,
    Caller,
    Cloud,
    call,
    object_id,
    read_factory,
    wait,
)


@pytest.fixture(autouse=True)
def of_the_cloud(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands find this server, which is no process of its own."""
    monkeypatch.setenv(ENVIRONMENT_VARIABLE, str(cloud.home.folder))
    told = {"ports": cloud.azure.ports.now}
    monkeypatch.setattr(process, "running", lambda _: told)


def written(tmp_path: Path, *activities: dict[str, Any]) -> str:
    path = tmp_path / "pipeline.json"
    path.write_text(json.dumps({"name": "p", "properties": {"activities": activities}}))
    return str(path)


def test_runs_shows_each_pipeline_run_below_the_one_that_called_it(
    cloud: Cloud, caller: Caller, capsys: pytest.CaptureFixture[str]
) -> None:
    cloud.pipeline("inner", wait(0))
    cloud.pipeline("outer", call("inner"))
    run = caller.start("outer")
    caller.ended(run)
    child = caller.activities(run)[0].output["pipelineRunId"]

    assert cli.main(["show", "runs", "--limit", "1"]) == 0

    assert capsys.readouterr().out.splitlines() == [
        f"  pipeline run {run} (outer): Succeeded",
        "    Call: Succeeded (ExecutePipeline, 0 ms)",
        f"      pipeline run {child} (inner): Succeeded",
        "        Wait: Succeeded (Wait, 0 ms)",
    ]


def test_runs_gives_scripts_everything(
    cloud: Cloud, caller: Caller, capsys: pytest.CaptureFixture[str]
) -> None:
    cloud.pipeline("going", wait(3600))
    run = caller.start("going")
    caller.activities(run)

    cli.main(["show", "runs", "--json", "--limit", "1"])

    [trace] = json.loads(capsys.readouterr().out)
    going, waits = trace["spans"]
    assert (trace["id"], trace["state"], going["state"]) == (run, "under way", "InProgress")
    assert waits["attributes"]["inputs"] == {"waitTimeInSeconds": 3600}


def test_a_file_calls_as_the_only_factory(
    cloud: Cloud, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cloud.let_factory("reads", READER)

    assert cli.main(["try", "pipeline", written(tmp_path, read_factory()), "--json"]) == 0

    [activity] = json.loads(capsys.readouterr().out)["activities"]
    assert activity["output"]["name"] == FACTORY_NAME


def test_a_file_calls_as_whom_it_is_told_to(
    cloud: Cloud, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cloud.credential("somebody")
    file = written(tmp_path, read_factory())

    assert cli.main(["try", "pipeline", file, "--as", object_id("somebody")]) == 1

    assert object_id("somebody") in capsys.readouterr().out


def test_nobody_who_does_not_exist_gets_a_token(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path, read_factory())

    assert cli.main(["try", "pipeline", file, "--as", object_id("nobody")]) == 1

    assert "No such identity." in capsys.readouterr().out


def test_an_object_id_is_a_guid(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["try", "pipeline", "file", "--as", "no/../body"]) == 2
    told = capsys.readouterr().err
    assert ("Invalid value for '--as'" in told, "found no/../body" in told) == (True, True), told


def test_of_several_factories_one_has_to_be_named(
    cloud: Cloud, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    inputs = {"resourceGroupName": GROUP, "factoryName": "factory-two", "location": "westeurope"}
    other = cloud.put(FACTORY, **inputs)
    try:
        assert cli.main(["try", "pipeline", written(tmp_path, read_factory())]) == 1
    finally:
        cloud.call(cloud.azure.resources.delete, other.id)

    told = capsys.readouterr().out
    assert "there are: factory-one, factory-two. Say whose identity is meant by --as" in told
