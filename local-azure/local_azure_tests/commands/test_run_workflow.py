"""``run-workflow``, as a user calls it: without an embedded Azure, and with one."""

import fcntl
import json
from pathlib import Path
from typing import Any

import pytest

from local_azure.command_line import cli
from local_azure.commands import process
from local_azure.home import ENVIRONMENT_VARIABLE
from local_azure.services.logic.secure import MARKER
from local_azure_tests.conftest import Running
from local_azure_tests.logic.definitions import compose, definition, http

pytestmark = pytest.mark.usefixtures("nothing_runs")

LOGIN, SECRET = "login.microsoftonline.com", "se&cr=e+t%41/ü"


def written(tmp_path: Path, actions: dict[str, Any], body: Any = None) -> list[str]:
    (tmp_path / "definition.json").write_text(json.dumps(definition(actions)))
    (tmp_path / "body.json").write_text(json.dumps(body))
    return [
        "try",
        "workflow",
        str(tmp_path / "definition.json"),
        f"--event={tmp_path / 'body.json'}",
    ]


def test_a_run_that_goes_well_ends_with_0(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    actions = {"C": compose("@triggerBody()?['a']")}
    assert cli.main(written(tmp_path, actions, {"a": 1})) == 0
    assert capsys.readouterr().out == "C: Succeeded (OK)\nreply: none\nrun: Succeeded\n"


def triggered(tmp_path: Path, body: Any, **trigger: Any) -> list[str]:
    """The command for a workflow with this trigger, which puts the body's id together."""
    command = written(tmp_path, {"C": compose("@triggerBody()?['id']")}, body)
    document = definition({"C": compose("@triggerBody()?['id']")})
    document["triggers"]["manual"] |= trigger
    (tmp_path / "definition.json").write_text(json.dumps(document))
    return command


NEEDS_X = {
    "inputs": {"schema": {"type": "object", "required": ["x"]}},
    "operationOptions": "EnableSchemaValidation",
}


@pytest.mark.parametrize(
    ("body", "split"),
    [
        ([{"id": "1"}, {"id": "2"}], "@triggerBody()"),
        ({"rows": [{"id": "1"}, {"id": "2"}]}, "@triggerBody()?['rows']"),
    ],
)
def test_split_on_starts_a_run_for_each_item(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], body: Any, split: str
) -> None:
    command = triggered(tmp_path, body, splitOn=split)

    assert cli.main([*command, "--json"]) == 0
    runs = json.loads(capsys.readouterr().out)["runs"]
    assert [each["actions"][0]["outputs"] for each in runs] == ["1", "2"]
    assert cli.main(command) == 0
    assert capsys.readouterr().out.count("run: Succeeded") == 2


@pytest.mark.parametrize(
    ("trigger", "code", "told"),
    [
        ({"conditions": [{"expression": "@equals(1, 2)"}]}, 0, "reply: 202 null\nrun: Skipped\n"),
        (NEEDS_X, 1, "reply: 400 "),
        (NEEDS_X, 1, "TriggerInputSchemaMismatch"),
        (NEEDS_X, 1, "run: Refused\n"),
        ({"splitOn": "@triggerBody()?['id']"}, 1, "splitOn '@triggerBody()?['id']' gives no array"),
    ],
)
def test_a_trigger_that_says_no_starts_no_run(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    trigger: dict[str, Any],
    code: int,
    told: str,
) -> None:
    assert cli.main(triggered(tmp_path, {"id": "1"}, **trigger)) == code
    out = capsys.readouterr().out
    assert told in out
    assert "C:" not in out


def test_a_definition_that_can_not_be_run_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(written(tmp_path, {"C": compose("@nope()")})) == 1
    assert "can't be run: Action 'C': @nope(): The template function" in capsys.readouterr().err


def test_outputs_and_errors_that_are_made_of_a_secret_are_hidden(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    error = {"code": "@parameters('s')", "message": "@parameters('s')"}
    end = {"type": "Terminate", "inputs": {"runStatus": "Failed", "runError": error}}
    command = written(tmp_path, {"End": end})
    document = definition(
        {"End": end},
        parameters={"s": {"type": "securestring", "defaultValue": SECRET}},
        outputs={"s": {"type": "string", "value": "@parameters('s')"}},
    )
    (tmp_path / "definition.json").write_text(json.dumps(document))

    assert cli.main([*command, "--json"]) == 1

    told = json.loads(capsys.readouterr().out)
    assert told["outputs"] == {"s": MARKER}
    assert SECRET not in json.dumps(told, ensure_ascii=False)


def test_requests_go_to_the_embedded_azure_that_runs(
    running: Running,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv(ENVIRONMENT_VARIABLE, str(running.home.folder))
    url = f"https://{LOGIN}/common/discovery/instance?api-version=1.1"

    # As the background process does, by which commands know that one runs.
    held = process.lock(running.home, fcntl.LOCK_EX)
    assert held
    with held:
        assert cli.main([*written(tmp_path, {"A": http(uri=url)}), "--json"]) == 0

    told = json.loads(capsys.readouterr().out)
    (action,) = told["actions"]
    assert action["outputs"]["body"]["metadata"][0]["preferred_network"] == LOGIN
    assert told["refused_hosts"] == []
