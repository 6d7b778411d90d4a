"""``run-workflow``, as a user calls it: without an embedded Azure, and with one."""

import fcntl
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from local_azure.commands import process
from local_azure.home import ENVIRONMENT_VARIABLE
from local_azure.services.logic.secure import MARKER
from local_azure_tests.conftest import Invoke, Printed, Running, saved
from local_azure_tests.logic.definitions import compose, definition, http

pytestmark = pytest.mark.usefixtures("nothing_runs")

LOGIN, SECRET = "login.microsoftonline.com", "se&cr=e+t%41/ü"
Tried = Callable[..., Printed]


@pytest.fixture
def tried(tmp_path: Path, invoke: Invoke) -> Tried:
    """Runs a definition with this body."""

    def run(document: dict[str, Any], body: Any = None, *options: str) -> Printed:
        file = saved(tmp_path, document, "definition.json")
        event = saved(tmp_path, json.dumps(body), "body.json")
        return invoke("try", "workflow", file, f"--event={event}", *options)

    return run


def test_a_run_that_goes_well_ends_with_0(tried: Tried) -> None:
    document = definition({"C": compose("@triggerBody()?['a']")})
    assert tried(document, {"a": 1}) == (0, "C: Succeeded (OK)\nreply: none\nrun: Succeeded\n", "")


def triggered(**trigger: Any) -> dict[str, Any]:
    """A workflow with this trigger, which puts the body's id together."""
    document = definition({"C": compose("@triggerBody()?['id']")})
    document["triggers"]["manual"] |= trigger
    return document


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
def test_split_on_starts_a_run_for_each_item(tried: Tried, body: Any, split: str) -> None:
    document = triggered(splitOn=split)

    plain, told = tried(document, body), tried(document, body, "--json")

    assert plain == (0, "C: Succeeded (OK)\nreply: none\nrun: Succeeded\n" * 2, "")
    assert [each["actions"][0]["outputs"] for each in told.json["runs"]] == ["1", "2"]


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
    tried: Tried, trigger: dict[str, Any], code: int, told: str
) -> None:
    ended, out, _ = tried(triggered(**trigger), {"id": "1"})
    assert told in out
    assert "C:" not in out
    assert ended == code


def test_a_definition_that_can_not_be_run_is_told(tried: Tried) -> None:
    code, _, err = tried(definition({"C": compose("@nope()")}))
    assert code == 1
    assert "can't be run: Action 'C': @nope(): The template function" in err


def test_a_value_that_is_missing_is_told_with_the_option_that_gives_one(tried: Tried) -> None:
    _, _, err = tried(definition({"C": compose("x")}, parameters={"p": {"type": "string"}}))
    assert "'p' has neither a value nor a default. Values are given by --parameter NAME" in err


def test_outputs_and_errors_that_are_made_of_a_secret_are_hidden(tried: Tried) -> None:
    error = {"code": "@parameters('s')", "message": "@parameters('s')"}
    document = definition(
        {"End": {"type": "Terminate", "inputs": {"runStatus": "Failed", "runError": error}}},
        parameters={"s": {"type": "securestring", "defaultValue": SECRET}},
        outputs={"s": {"type": "string", "value": "@parameters('s')"}},
    )

    printed = tried(document, None, "--json")

    assert (printed.code, printed.json["outputs"]) == (1, {"s": MARKER})
    assert SECRET not in json.dumps(printed.json, ensure_ascii=False)


def test_requests_go_to_the_embedded_azure_that_runs(
    running: Running, tried: Tried, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ENVIRONMENT_VARIABLE, str(running.home.folder))
    url = f"https://{LOGIN}/common/discovery/instance?api-version=1.1"

    # As the background process does, by which commands know that one runs.
    held = process.lock(running.home, fcntl.LOCK_EX)
    assert held
    with held:
        told = tried(definition({"A": http(uri=url)}), None, "--json").json

    (action,) = told["actions"]
    assert action["outputs"]["body"]["metadata"][0]["preferred_network"] == LOGIN
    assert (told["status"], told["refused_hosts"]) == ("Succeeded", [])
