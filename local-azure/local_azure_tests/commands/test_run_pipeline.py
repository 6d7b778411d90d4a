"""``run-pipeline``, as a user calls it, where no embedded Azure runs."""

import json
from pathlib import Path
from typing import Any

import pytest

from local_azure.command_line import cli

pytestmark = pytest.mark.usefixtures("nothing_runs")


def exported(path: Path, *activities: dict[str, Any], name: str = "p") -> str:
    """A pipeline in a file."""
    path.write_text(json.dumps({"name": name, "properties": {"activities": activities}}))
    return str(path)


def fails(message: str) -> dict[str, Any]:
    given = {"message": message, "errorCode": "7"}
    return {"name": "Stop", "type": "Fail", "typeProperties": given}


def test_each_activity_is_told_with_its_inputs_and_outputs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = {"items": {"value": "@createArray(1, 2)", "type": "Expression"}}
    given |= {"condition": {"value": "@equals(item(), 2)", "type": "Expression"}}
    file = exported(
        tmp_path / "p.json", {"name": "Some", "type": "Filter", "typeProperties": given}
    )

    assert cli.main(["try", "pipeline", file]) == 0
    plain = capsys.readouterr().out
    assert cli.main(["try", "pipeline", file, "--json"]) == 0
    [activity] = json.loads(capsys.readouterr().out)["activities"]

    assert "Some (Filter): Succeeded" in plain
    assert f"  inputs: {json.dumps(activity['inputs'])}\n" in plain
    assert f"  output: {json.dumps(activity['output'])}\n" in plain
    assert activity["output"] == {"ItemsCount": 2, "FilteredItemsCount": 1, "Value": [2]}


def test_scripts_get_inputs_and_ends(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["try", "pipeline", exported(tmp_path / "p.json", fails("no")), "--json"]) == 1

    [activity] = json.loads(capsys.readouterr().out)["activities"]
    assert activity["inputs"] == {"message": "no", "errorCode": "7"}
    assert activity["error"] == {"errorCode": "7", "message": "no"}


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("DataFactory", "factory"),
        ("Pipeline", "p"),
        ("TriggerType", "Manual"),
        ("TriggerName", "Manual"),
        ("TriggeredByPipelineName", None),
        ("TriggeredByPipelineRunId", None),
    ],
)
def test_a_run_has_the_documented_system_variables(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], variable: str, value: str | None
) -> None:
    given = {"items": f"@createArray(pipeline()?.{variable})", "condition": "@equals(1, 1)"}
    file = exported(
        tmp_path / "p.json", {"name": "Told", "type": "Filter", "typeProperties": given}
    )

    assert cli.main(["try", "pipeline", file, "--json"]) == 0
    [activity] = json.loads(capsys.readouterr().out)["activities"]
    assert activity["inputs"]["items"] == [value]


def test_a_run_tells_its_group_and_when_it_was_started(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    items = "@createArray(pipeline().GroupId, formatDateTime(pipeline().TriggerTime, 'yyyy'))"
    given = {"items": items, "condition": "@equals(item(), pipeline().RunId)"}
    file = exported(
        tmp_path / "p.json", {"name": "Told", "type": "Filter", "typeProperties": given}
    )

    assert cli.main(["try", "pipeline", file, "--json"]) == 0
    [activity] = json.loads(capsys.readouterr().out)["activities"]
    assert activity["inputs"]["conditions"] == [True, False]
    assert int(activity["inputs"]["items"][1]) > 2000


def test_a_pipelines_properties_alone_are_run(tmp_path: Path) -> None:
    path = tmp_path / "properties.json"
    path.write_text(json.dumps({"activities": []}))
    assert cli.main(["try", "pipeline", str(path)]) == 0


def test_an_activity_of_another_type_is_refused_by_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = exported(tmp_path / "p.json", {"name": "Move", "type": "Delete", "typeProperties": {}})

    assert cli.main(["try", "pipeline", file]) == 1
    assert "'Move': the type 'Delete' is not emulated" in capsys.readouterr().err


def calls(pipeline: str) -> dict[str, Any]:
    reference = {"type": "PipelineReference", "referenceName": pipeline}
    own = {"pipeline": reference, "waitOnCompletion": True}
    return {"name": "Call", "type": "ExecutePipeline", "typeProperties": own}


def test_a_called_pipeline_is_found_beside_the_file_and_told_with_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exported(tmp_path / "second.json", fails("no paper"), name="inner")
    outer = exported(tmp_path / "first.json", calls("inner"), name="outer")

    assert cli.main(["try", "pipeline", outer]) == 1

    told = capsys.readouterr().out
    assert "  Stop (Fail): Failed: no paper" in told.splitlines()
    assert "run: Failed Operation on target Call failed:" in told


def test_one_of_two_files_with_the_same_name_has_to_be_chosen(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exported(tmp_path / "one.json", fails("one"), name="inner")
    two = exported(tmp_path / "two.json", fails("two"), name="inner")
    outer = exported(tmp_path / "outer.json", calls("inner"), name="outer")

    assert cli.main(["try", "pipeline", outer]) == 1
    assert "with that name: one.json, two.json. Say which is" in capsys.readouterr().err

    assert cli.main(["try", "pipeline", outer, "--with", two]) == 1
    assert "Stop (Fail): Failed: two" in capsys.readouterr().out


def test_a_called_pipeline_that_lies_nowhere_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outer = exported(tmp_path / "outer.json", calls("inner"), name="outer")

    assert cli.main(["try", "pipeline", outer]) == 1
    assert "The pipeline 'inner' is called; files in" in capsys.readouterr().err


def test_a_secret_is_read_from_a_file_only(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "pipeline.json"
    properties = {
        "activities": [fails("@pipeline().parameters.secret")],
        "parameters": {"secret": {"type": "securestring"}},
    }
    path.write_text(json.dumps({"name": "p", "properties": properties}))
    (tmp_path / "secret").write_text("s3cr&t\n")

    assert cli.main(["try", "pipeline", str(path), "--parameter=secret=s3cr&t"]) == 1
    assert "the secret 'secret' is read from a file: secret=@FILE" in capsys.readouterr().err

    assert cli.main(["try", "pipeline", str(path), f"--parameter=secret=@{tmp_path}/secret"]) == 1
    assert "Stop (Fail): Failed: s3cr&t" in capsys.readouterr().out


def test_a_whole_factorys_template_is_no_exported_document(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "ARMTemplateForFactory.json"
    path.write_text(json.dumps({"resources": [], "contentVersion": "1.0.0.0"}))

    assert cli.main(["try", "pipeline", str(path)]) == 1
    assert (
        f'{path} is no exported document {{"name", "properties"}}: it is an ARM template; put a '
        "pipeline of it into a file of its own, as Git mode does"
    ) in capsys.readouterr().err


def test_files_that_are_no_exported_documents_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "dataset").mkdir()
    (tmp_path / "dataset" / "broken.json").write_text("[" * 100_000)
    (tmp_path / "pipeline").mkdir()
    file = exported(tmp_path / "pipeline" / "p.json", fails("no"))

    assert cli.main(["try", "pipeline", file]) == 1
    assert "dataset/broken.json is no exported document" in capsys.readouterr().err
