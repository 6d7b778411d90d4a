"""``evaluate`` and ``lint``, as a user calls them."""

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from local_azure.command_line import cli
from local_azure.lint.linter import lint
from local_azure.lint.subject import Finding
from local_azure_tests.logic.definitions import compose, definition, http

ASKED = {
    "context": {
        "parameters": {"a": "x"},
        "trigger": {"outputs": {"body": [{"data": {"url": "u"}}]}},
        "actions": {"A": {"status": "Failed", "error": {"code": "BadGateway"}}},
        "item": {"n": 1.50},
    },
    "expressions": [
        "@triggerBody()?[0]['data']['url']",
        "@{parameters('a')}-@{item()['n']}",
        "@actions('A')['error']['code']",
        "@div(7, 2)",
        "@triggerBody()[1]['data']",
        "@nope()",
        {"in": ["@json('1e400')"]},
    ],
}


def test_expressions_of_a_file_give_values_or_errors(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "asked.json"
    file.write_text(json.dumps(ASKED))

    assert cli.main(["try", "expressions", str(file), "--json"]) == 0

    told = json.loads(capsys.readouterr().out)
    assert [each.get("value") for each in told[:4]] == ["u", "x-1.5", "BadGateway", 3]
    assert "array index '1' is outside bounds (0, 0) of array" in told[4]["error"]
    assert told[5] == {"error": "The template function 'nope' is not defined or not valid."}


def test_expressions_come_from_the_standard_input_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO('{"expressions": ["@add(1, 2)"]}'))

    assert cli.main(["try", "expressions", "-"]) == 0
    assert capsys.readouterr().out == "@add(1, 2): 3\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "It holds JSON with a context and expressions."),
        ("[]", 'accepted is {"context": {...}, "expressions": [...]}.'),
        ('{"context": [], "expressions": []}', 'accepted is {"context": {...}'),
        ('{"expressions": "@1"}', "found the keys expressions"),
        ('{"expressions": [], "more": 1}', "found the keys expressions, more"),
        ('{"expressions": [], "context": {"params": {}}}', "unknown key(s) params; accepted are"),
        ('{"expressions": [], "context": {"now": "noon"}}', "noon"),
        ("[" * 100_000, "nested more than 100 deep"),
        ('{"expressions": [], "context": {"parameters": "a"}}', "is an object with an entry"),
    ],
)
def test_what_is_no_such_file_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, told: str
) -> None:
    file = tmp_path / "asked.json"
    file.write_text(text)

    assert cli.main(["try", "expressions", str(file)]) == 1
    assert told in capsys.readouterr().err


def found(actions: dict[str, Any], **changes: Any) -> list[Finding]:
    document = definition(actions)
    document["parameters"] = {}
    return lint(document | changes, {})


def rules(actions: dict[str, Any], **changes: Any) -> set[str]:
    return {finding.rule for finding in found(actions, **changes)}


NEVER = {"retryPolicy": {"type": "none"}}
ENDS = ["Succeeded", "Failed", "TimedOut"]
REPLY = {"type": "Response", "kind": "Http", "inputs": {"statusCode": 200}}


def post(**inputs: Any) -> dict[str, Any]:
    return http() | {"inputs": {"method": "POST", "uri": "https://x.example/jobs"} | inputs}


SOUND: dict[str, dict[str, Any]] = {
    "a GET may be sent again": {"A": post(method="GET")},
    "a token may be asked for again": {"A": post(uri="https://l.example/t/oauth2/token")},
    "a reply on every end": {"A": post(**NEVER), "R": REPLY | {"runAfter": {"A": ENDS}}},
    "replies of both branches": {
        "If": {
            "type": "If",
            "expression": {"equals": ["@triggerBody()", 1]},
            "actions": {"R": REPLY},
            "else": {"actions": {"S": REPLY}},
        }
    },
    "a constant never fails": {"C": compose("x"), "R": REPLY | {"runAfter": {"C": ["Succeeded"]}}},
    "text that is no JSON": {"C": compose("@concat('{', string(triggerBody()), '}')")},
}


@pytest.mark.parametrize("actions", SOUND.values(), ids=SOUND.keys())
def test_what_is_sound_has_no_finding(actions: dict[str, Any]) -> None:
    assert found(actions) == []


UNSOUND: dict[str, tuple[dict[str, Any], str]] = {
    "a reply in one branch": (
        {
            "If": {
                "type": "If",
                "expression": {"equals": ["@triggerBody()", 1]},
                "actions": {"R": REPLY},
            }
        },
        "'If' is false",
    ),
    "no reply after a time-out": (
        {"A": post(**NEVER), "R": REPLY | {"runAfter": {"A": ["Succeeded", "Failed"]}}},
        "'A' is TimedOut",
    ),
    "a run that is ended": (
        {
            "T": {"type": "Terminate", "inputs": {"runStatus": "Succeeded"}},
            "R": REPLY | {"runAfter": {"T": ["Succeeded"]}},
        },
        "everything goes well",
    ),
    "a case that is not there": (
        {
            "S": {
                "type": "Switch",
                "expression": "@triggerBody()",
                "cases": {"One": {"case": 1, "actions": {"R": REPLY}}},
                "default": {"actions": {}},
            }
        },
        "'S' is at its default",
    ),
}


@pytest.mark.parametrize(("actions", "told"), UNSOUND.values(), ids=UNSOUND.keys())
def test_a_path_without_a_reply_is_told(actions: dict[str, Any], told: str) -> None:
    (finding,) = found(actions)
    assert finding.rule == "lost-reply"
    assert told in finding.message


EVENT = "@triggerBody()?[0]?"


@pytest.mark.parametrize("read", ["['eventType']", "['data']?['url']"])
def test_a_handshake_of_event_grid_that_nothing_answers_is_told(read: str) -> None:
    assert rules({"C": compose(EVENT + read)}) == {"unanswered-handshake"}

    code = {"validationResponse": f"{EVENT}['data']?['validationCode']"}
    reply = REPLY | {"inputs": {"statusCode": 200, "body": code}}
    assert rules({"C": compose(EVENT + read), "R": reply}) == set()

    call = http(uri=f"{EVENT}['data']?['validationUrl']")
    assert rules({"C": compose(EVENT + read), "G": call}) == set()


def test_a_trigger_of_event_grid_s_name_has_the_handshake_whatever_reads_its_body() -> None:
    triggers = {"When_a_resource_event_occurs": {"type": "Request", "kind": "Http", "inputs": {}}}

    assert rules({"C": compose("@triggerBody()")}) == set()
    assert rules({"C": compose("@triggerBody()")}, triggers=triggers) == {"unanswered-handshake"}


def test_more_paths_than_can_be_followed_are_told() -> None:
    actions: dict[str, Any] = {f"A{number}": post(**NEVER) for number in range(12)}
    (finding,) = found(actions | {"R": REPLY | {"runAfter": dict.fromkeys(actions, ENDS)}})
    assert "whether each of them replies is unknown" in finding.message


@pytest.mark.parametrize(
    "name", ["clientSecret", "PASSWORD", "sas_token", "accessKey", "connection_string", "api-key"]
)
def test_a_name_like_a_secrets_asks_for_a_secure_type(name: str) -> None:
    actions = {"C": compose(f"@parameters('{name}')")}
    assert rules(actions, parameters={name: {"type": "string"}}) == {"plain-secret"}


@pytest.mark.parametrize("name", ["input_name", "keyboard", "sassy", "secretary", "primary_key"])
def test_another_name_does_not(name: str) -> None:
    actions = {"C": compose(f"@parameters('{name}')")}
    assert rules(actions, parameters={name: {"type": "string"}}) == set()


def test_a_secret_in_the_outputs_is_told() -> None:
    outputs = {"s": {"type": "string", "value": "@parameters('s')"}}
    parameters = {"s": {"type": "securestring"}}
    (finding,) = found({"C": compose("x")}, parameters=parameters, outputs=outputs)
    assert (finding.rule, finding.where) == ("secret-leaves", "The outputs")


def test_a_secret_of_an_authentication_is_hidden_by_azure_itself() -> None:
    authentication = {"type": "Raw", "value": "@parameters('s')"}
    actions = {"A": post(authentication=authentication, **NEVER)}
    assert rules(actions, parameters={"s": {"type": "securestring"}}) == set()


def test_a_workflow_as_the_portal_shows_it_is_read_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "code-view.json"
    document = definition({"C": compose("@parameters('p')")}, parameters={"p": {"type": "string"}})
    file.write_text(json.dumps({"definition": document, "parameters": {"p": {"value": "x"}}}))

    assert cli.main(["lint", str(file)]) == 0
    assert capsys.readouterr().out == "Nothing found in 1 file(s).\n"


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"name": "pipeline", "properties": {}}'])
def test_what_is_no_definition_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    file = tmp_path / "x.json"
    file.write_text(text)

    assert cli.main(["lint", str(file)]) == 1
    assert str(file) in capsys.readouterr().err


@pytest.mark.parametrize(
    "document",
    [
        {"triggers": [], "actions": {}},
        {"triggers": {"T": 1}, "actions": {"A": 1}},
        {"triggers": {"T": {"type": "Request"}}, "actions": {"A": {"type": "If"}}},
        {"triggers": {}, "actions": {}, "parameters": {"p": 1}},
        {"actions": {"A": {"type": "Http", "inputs": {}, "runAfter": []}}},
    ],
)
def test_a_misshapen_definition_has_findings_and_breaks_nothing(document: Any) -> None:
    assert lint(document, {})


def test_a_reader_that_has_read_enough_is_no_mistake(tmp_path: Path) -> None:
    tried = tmp_path / "tried.json"
    tried.write_text(json.dumps({"expressions": ["@string(1)"] * 20_000}))
    command = '"$0" -m local_azure try expressions --json "$1" | head -n 1'
    done = subprocess.run(
        ["bash", "-c", command, sys.executable, str(tried)],  # noqa: S607 the one on PATH
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.stdout, done.stderr) == ("[\n", "")
