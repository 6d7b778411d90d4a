"""``run-pipeline``, as a user calls it, where no embedded Azure runs."""

from pathlib import Path
from typing import Any

import pytest

from local_azure_tests.conftest import Invoke, saved

pytestmark = pytest.mark.usefixtures("nothing_runs")


def exported(path: Path, *activities: dict[str, Any], name: str = "p", **more: Any) -> Path:
    """A pipeline in a file."""
    document = {"name": name, "properties": {"activities": activities, **more}}
    return saved(path.parent, document, path.name)


def fails(message: str) -> dict[str, Any]:
    given = {"message": message, "errorCode": "7"}
    return {"name": "Stop", "type": "Fail", "typeProperties": given}


def filters(items: Any, condition: Any) -> dict[str, Any]:
    given = {"items": items, "condition": condition}
    return {"name": "Some", "type": "Filter", "typeProperties": given}


@pytest.fixture
def tried(tmp_path: Path, invoke: Invoke) -> Invoke:
    """Runs a pipeline of one activity."""
    return lambda activity, *options: invoke(
        "try", "pipeline", exported(tmp_path / "p.json", activity), *options
    )


def test_each_activity_is_told_with_its_inputs_and_outputs(tried: Invoke) -> None:
    items = {"value": "@createArray(1, 2)", "type": "Expression"}
    condition = {"value": "@equals(item(), 2)", "type": "Expression"}

    assert tried(filters(items, condition)).out == (
        "Some (Filter): Succeeded\n"
        '  inputs: {"items": [1, 2], "conditions": [false, true]}\n'
        '  output: {"ItemsCount": 2, "FilteredItemsCount": 1, "Value": [2]}\n'
        "run: Succeeded\n"
    )


def test_scripts_get_inputs_outputs_and_ends(tried: Invoke) -> None:
    well, badly = tried(filters([1], "@equals(1, 1)"), "--json"), tried(fails("no"), "--json")

    assert [well.code, *well.json["activities"], badly.code, *badly.json["activities"]] == [
        0,
        {
            "name": "Some",
            "type": "Filter",
            "status": "Succeeded",
            "inputs": {"items": [1], "conditions": [True]},
            "output": {"ItemsCount": 1, "FilteredItemsCount": 1, "Value": [1]},
            "error": None,
        },
        1,
        {
            "name": "Stop",
            "type": "Fail",
            "status": "Failed",
            "inputs": {"message": "no", "errorCode": "7"},
            "output": None,
            "error": {"errorCode": "7", "message": "no"},
        },
    ]


VARIABLES = {
    "DataFactory": "factory",
    "Pipeline": "p",
    "TriggerType": "Manual",
    "TriggerName": "Manual",
    "TriggeredByPipelineName": None,
    "TriggeredByPipelineRunId": None,
}


def test_a_run_has_the_documented_system_variables(tried: Invoke) -> None:
    asked = ", ".join(f"pipeline()?.{variable}" for variable in VARIABLES)

    [activity] = tried(filters(f"@createArray({asked})", "@equals(1, 1)"), "--json").json[
        "activities"
    ]

    assert dict(zip(VARIABLES, activity["inputs"]["items"], strict=True)) == VARIABLES


def test_a_run_tells_its_group_and_when_it_was_started(tried: Invoke) -> None:
    items = "@createArray(pipeline().GroupId, formatDateTime(pipeline().TriggerTime, 'yyyy'))"

    told = tried(filters(items, "@equals(item(), pipeline().RunId)"), "--json").json["activities"]

    assert told[0]["inputs"]["conditions"] == [True, False]
    assert int(told[0]["inputs"]["items"][1]) > 2000


def test_a_pipelines_properties_alone_are_run(tmp_path: Path, invoke: Invoke) -> None:
    assert invoke("try", "pipeline", saved(tmp_path, {"activities": []})).code == 0


def test_an_activity_of_another_type_is_refused_by_name(tried: Invoke) -> None:
    code, _, err = tried({"name": "Move", "type": "Delete", "typeProperties": {}})

    assert code == 1
    assert "'Move': the type 'Delete' is not emulated" in err


def calls(pipeline: str) -> dict[str, Any]:
    reference = {"type": "PipelineReference", "referenceName": pipeline}
    own = {"pipeline": reference, "waitOnCompletion": True}
    return {"name": "Call", "type": "ExecutePipeline", "typeProperties": own}


@pytest.fixture
def outer(tmp_path: Path) -> Path:
    """The file of a pipeline that calls another one, which lies beside it or nowhere."""
    return exported(tmp_path / "outer.json", calls("inner"), name="outer")


def test_a_called_pipeline_is_found_beside_the_file_and_told_with_it(
    tmp_path: Path, outer: Path, invoke: Invoke
) -> None:
    exported(tmp_path / "second.json", fails("no paper"), name="inner")

    code, told, _ = invoke("try", "pipeline", outer)

    assert code == 1
    assert "  Stop (Fail): Failed: no paper" in told.splitlines()
    assert "run: Failed Operation on target Call failed:" in told


def test_one_of_two_files_with_the_same_name_has_to_be_chosen(
    tmp_path: Path, outer: Path, invoke: Invoke
) -> None:
    exported(tmp_path / "one.json", fails("one"), name="inner")
    two = exported(tmp_path / "two.json", fails("two"), name="inner")

    refused, chosen = (
        invoke("try", "pipeline", outer),
        invoke("try", "pipeline", outer, "--with", two),
    )

    said = "with that name: one.json, two.json. Say which is meant by --with FILE.\n"
    told = f"error: The pipeline 'inner' is called; files in {tmp_path} {said}"
    assert refused == (1, "", told)
    assert "Stop (Fail): Failed: two" in chosen.out


def test_a_called_pipeline_that_lies_nowhere_is_named(outer: Path, invoke: Invoke) -> None:
    code, _, err = invoke("try", "pipeline", outer)

    assert code == 1
    assert "The pipeline 'inner' is called; files in" in err


def test_a_secret_is_read_from_a_file_only(tmp_path: Path, invoke: Invoke) -> None:
    declared = {"secret": {"type": "securestring"}}
    stop = fails("@pipeline().parameters.secret")
    file = exported(tmp_path / "p.json", stop, parameters=declared)
    secret = saved(tmp_path, "s3cr&t\n", "secret")

    refused, read = (
        invoke("try", "pipeline", file, f"--parameter=secret={given}")
        for given in ("s3cr&t", f"@{secret}")
    )

    said = "--parameter NAME=VALUE: the secret 'secret' is read from a file: secret=@FILE."
    assert refused == (1, "", f"error: {file}: {said}\n")
    assert "Stop (Fail): Failed: s3cr&t" in read.out


def test_a_whole_factorys_template_is_no_exported_document(tmp_path: Path, invoke: Invoke) -> None:
    path = saved(tmp_path, {"resources": [], "contentVersion": "1.0.0.0"})

    code, _, err = invoke("try", "pipeline", path)

    assert code == 1
    assert (
        f'{path} is no exported document {{"name", "properties"}}: it is an ARM template; put a '
        "pipeline of it into a file of its own, as Git mode does"
    ) in err


def test_files_that_are_no_exported_documents_are_named(tmp_path: Path, invoke: Invoke) -> None:
    for folder in ("dataset", "pipeline"):
        (tmp_path / folder).mkdir()
    saved(tmp_path / "dataset", "[" * 100_000, "broken.json")

    code, _, err = invoke(
        "try", "pipeline", exported(tmp_path / "pipeline" / "p.json", fails("no"))
    )

    assert code == 1
    assert "dataset/broken.json can't be read as JSON" in err
