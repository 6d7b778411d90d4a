"""``evaluate`` and ``lint``, as a user calls them."""

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from local_azure.lint.linter import lint
from local_azure.lint.subject import Finding
from local_azure_tests.conftest import Invoke, saved
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


def test_expressions_of_a_file_give_values_or_errors(tmp_path: Path, invoke: Invoke) -> None:
    code, out, _ = invoke("try", "expressions", saved(tmp_path, ASKED), "--json")

    outside = (
        "The template language expression 'triggerBody()[1]['data']' cannot be evaluated because "
        "array index '1' is outside bounds (0, 0) of array."
    )
    assert (code, json.loads(out)) == (
        0,
        [
            *({"value": value} for value in ("u", "x-1.5", "BadGateway", 3)),
            {"error": outside},
            {"error": "The template function 'nope' is not defined or not valid."},
            {"value": {"in": ["Infinity"]}},
        ],
    )


def test_expressions_come_from_the_standard_input_too(
    monkeypatch: pytest.MonkeyPatch, invoke: Invoke
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO('{"expressions": ["@add(1, 2)"]}'))

    assert invoke("try", "expressions", "-") == (0, "@add(1, 2): 3\n", "")


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
    tmp_path: Path, text: str, told: str, invoke: Invoke
) -> None:
    code, _, err = invoke("try", "expressions", saved(tmp_path, text))

    assert code == 1
    assert told in err


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
    ("names", "told"),
    [
        ("clientSecret PASSWORD sas_token accessKey connection_string api-key", {"plain-secret"}),
        ("input_name keyboard sassy secretary primary_key", set()),
    ],
)
def test_a_name_like_a_secrets_asks_for_a_secure_type(names: str, told: set[str]) -> None:
    found = {
        name: rules({"C": compose(f"@parameters('{name}')")}, parameters={name: {"type": "string"}})
        for name in names.split()
    }
    assert found == dict.fromkeys(names.split(), told)


def test_a_secret_in_the_outputs_is_told() -> None:
    outputs = {"s": {"type": "string", "value": "@parameters('s')"}}
    parameters = {"s": {"type": "securestring"}}
    (finding,) = found({"C": compose("x")}, parameters=parameters, outputs=outputs)
    assert (finding.rule, finding.where) == ("secret-leaves", "The outputs")


def test_a_secret_of_an_authentication_is_hidden_by_azure_itself() -> None:
    authentication = {"type": "Raw", "value": "@parameters('s')"}
    actions = {"A": post(authentication=authentication, **NEVER)}
    assert rules(actions, parameters={"s": {"type": "securestring"}}) == set()


def test_a_workflow_as_the_portal_shows_it_is_read_too(tmp_path: Path, invoke: Invoke) -> None:
    document = definition({"C": compose("@parameters('p')")}, parameters={"p": {"type": "string"}})
    shown = {"definition": document, "parameters": {"p": {"value": "x"}}}

    assert invoke("lint", saved(tmp_path, shown)) == (0, "Nothing found in 1 file(s).\n", "")


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"name": "pipeline", "properties": {}}'])
def test_what_is_no_definition_is_refused(tmp_path: Path, text: str, invoke: Invoke) -> None:
    file = saved(tmp_path, text)

    code, _, err = invoke("lint", file)

    assert code == 1
    assert str(file) in err


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
    tried = saved(tmp_path, {"expressions": ["@string(1)"] * 20_000})
    command = '"$0" -m local_azure try expressions --json "$1" | head -n 1'
    done = subprocess.run(
        ["bash", "-c", command, sys.executable, str(tried)],  # noqa: S607 the one on PATH
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.stdout, done.stderr) == ("[\n", "")
