"""Broken definitions: each is refused with its file, its action and its expression.

What Microsoft's validator says of them is replayed from judged_definitions.json, which only
``python -m tools.oracle --record`` writes.
"""

import json
from pathlib import Path

import pytest

from local_azure.command_line import cli
from local_azure.services.logic.check import check_definition
from tests.templates.handled_events import OF_A_SOURCE
from tests.templates.test_account_definitions import TEMPLATES
from tools.oracle import definitions

URL = "triggerBody()?[0]['data']['url']"
SECRET = "@parameters('client_secret')"
LATER = "which does not end before it: let it run after that action"

# File, rule, where, expression, and a part of the message.
BROKEN = [
    ("unknown_action_type", "refused", "Action 'Notify'", "", "the type 'Office365' is not emul"),
    ("unknown_function", "refused", "Action 'Url'", f"@conkat('https://', {URL})", "'conkat'"),
    ("wrong_number_of_arguments", "refused", "Action 'Url'", "@replace('a', 'b')", "invoked with"),
    (
        "malformed_expression",
        "refused",
        "Action 'Url'",
        f"@concat('https://', {URL}",
        "'EndOfData'",
    ),
    ("reference_to_no_action", "refused", "Action 'Invoke'", "@body('Authorise')", "not exist"),
    ("reference_to_a_later_action", "refused", "Action 'Invoke'", "@body('Authorize')", LATER),
    ("undeclared_parameter", "refused", "Action 'Invoke'", "@parameters('endpoint_url')", "not de"),
    ("unused_parameter", "unused-parameter", "Parameter 'endpoint_uri'", "", "nothing reads it"),
    (
        "run_after_no_action",
        "refused",
        "Action 'Invoke'",
        "",
        "runs after 'Authorise', which is no",
    ),
    ("run_after_in_a_circle", "refused", "The definition", "", "Authorize, Invoke run after each"),
    ("two_triggers", "refused", "The definition", "", "When_a_resource_event_occurs, By_hand"),
    (
        "uninitialised_variable",
        "refused",
        "Action 'Count'",
        "",
        "no variable 'jobs' is initialised",
    ),
    (
        "index_under_split",
        "index-under-split",
        "Action 'Invoke'",
        f"@{URL}",
        "the body is one item",
    ),
    ("url_spliced_into_json", "spliced-json", "Action 'Invoke'", URL, "a quote or a backslash"),
    ("secret_in_a_form_as_it_is", "unencoded-secret", "Action 'Authorize'", "=', ", "encodeUri"),
    ("secret_declared_as_text", "plain-secret", "Parameter 'client_secret'", "", "as securestring"),
    (
        "secret_in_the_run_history",
        "secret-in-history",
        "Action 'Authorize'",
        SECRET,
        "add 'inputs'",
    ),
    ("token_in_the_run_history", "secret-in-history", "Action 'Authorize'", "acc", "add 'outputs'"),
    (
        "secret_in_a_reply",
        "secret-leaves",
        "Action 'Reply'",
        SECRET,
        "leaves the workflow in clear",
    ),
    ("path_without_a_reply", "lost-reply", "Action 'Invoke'", "", "where 'Invoke' is Failed"),
    ("two_replies", "second-reply", "Action 'Invoke'", "", "only the first one counts"),
    ("post_that_is_sent_again", "repeated-post", "Action 'Invoke'", "", "start a second job"),
]


@pytest.mark.parametrize(("name", "rule", "where", "expression", "message"), BROKEN)
def test_a_broken_definition_is_refused_by_file_place_and_expression(
    capsys: pytest.CaptureFixture[str],
    name: str,
    rule: str,
    where: str,
    expression: str,
    message: str,
) -> None:
    file = definitions.BROKEN / f"{name}.json"

    code = cli.main(["lint", "--json", str(file)])

    told = json.loads(capsys.readouterr().out)
    found = next((each for each in told if each["rule"] == rule), {"found": told})
    assert (code, found.get("file"), found.get("where")) == (1, str(file), where), found
    assert expression in found["expression"]
    assert message in found["message"]


def test_every_broken_definition_is_in_the_table() -> None:
    assert {file.stem for file in definitions.BROKEN.glob("*.json")} == {row[0] for row in BROKEN}


@pytest.mark.parametrize("name", [row[0] for row in BROKEN if row[1] == "refused"])
def test_what_is_refused_by_the_linter_can_not_be_created_either(name: str) -> None:
    assert check_definition(json.loads((definitions.BROKEN / f"{name}.json").read_text()), {}) != []


# Broken definitions that Microsoft's validator accepts: the linter, or creating the workflow, is
# stricter.
MISSED_BY_THE_JUDGE = {
    "index_under_split",
    "path_without_a_reply",
    "post_that_is_sent_again",
    "secret_declared_as_text",
    "secret_in_a_form_as_it_is",
    "secret_in_a_reply",
    "secret_in_the_run_history",
    "token_in_the_run_history",
    "two_replies",
    "two_triggers",
    "undeclared_parameter",
    "uninitialised_variable",
    "unknown_function",
    "unused_parameter",
    "url_spliced_into_json",
    "wrong_number_of_arguments",
}


OURS = [definitions.OWN / name for name in [*TEMPLATES, *OF_A_SOURCE]]
"""Not what a user adds: the judge is not at hand everywhere."""


@pytest.mark.parametrize(
    "file", [*OURS, *definitions.BROKEN.glob("*.json")], ids=lambda file: file.stem
)
def test_the_judges_verdict_is_of_this_definition_and_the_expected_one(file: Path) -> None:
    recorded = json.loads(definitions.RECORDED.read_text())
    accepted = file.parent == definitions.OWN or file.stem in MISSED_BY_THE_JUDGE

    assert recorded["assembly"] == "Microsoft.Azure.Workflows.Templates"
    assert recorded["verdicts"][file.name] == {
        "sha256": definitions.fingerprint(file),
        "verdict": "accepted" if accepted else "refused",
    }, "record the judge's verdict: python -m tools.oracle --record"
