"""What the definitions that handle events send: a pipeline's run, a dispatch, an e-mail."""

import json
import re
from typing import Any

import pytest

from local_azure_tests.world import CONNECTOR, IDENTITY_TOKEN, answer
from tests.templates.handled_events import (
    ARM,
    DISPATCH,
    GITHUB,
    MAIL,
    MODEL,
    RUN_URI,
    START,
    STATUS,
    TOKEN,
    WORKSPACE,
    deliver,
    event,
    world,
)

WSID = "/subscriptions/s/resourcegroups/rg/workspaces/w"
"""How the studio's own links name the workspace (recorded in jobs' ``services``)."""


def test_the_pipeline_gets_its_parameters_and_the_event_as_it_was() -> None:
    around = world(START)
    values = {"pipeline_parameters": {"epochs": 3}, "event_parameter": "event"}

    response, _ = deliver(START, around, **values)

    [sent] = around.to(ARM)
    told = (sent.method, sent.uri, sent.headers["Authorization"])
    assert told == ("POST", RUN_URI, f"Bearer {IDENTITY_TOKEN}")
    assert json.loads(sent.body) == {"epochs": 3, "event": event()}
    assert (response.status, response.body["pipeline_run"]) == (200, "run-7")


def test_the_event_is_kept_from_a_pipeline_that_does_not_ask_for_it() -> None:
    around = world(START)

    deliver(START, around, pipeline_parameters={"epochs": 3})

    [sent] = around.to(ARM)
    assert json.loads(sent.body) == {"epochs": 3}


@pytest.mark.parametrize("body", [{}, {"runId": ""}, {"runId": None}, {"runId": 7}, [], "x"])
def test_a_success_without_a_run_is_none(body: Any) -> None:
    response, _ = deliver(START, world(START, answer(200, body)))

    assert response.status == 503


SPELLINGS = {
    "PascalCase": {"ModelName": "digits", "ModelVersion": 7, "ModelTags": {"key1": "value1"}},
    "camelCase": {"modelName": "digits", "modelVersion": "7", "modelTags": {"key1": "value1"}},
}


def registered(data: dict[str, Any]) -> list[dict[str, Any]]:
    return [event(eventType=MODEL, subject="models/digits:7", data=data)]


@pytest.mark.parametrize("data", SPELLINGS.values(), ids=SPELLINGS.keys())
def test_a_registered_model_is_dispatched_in_either_spelling(data: dict[str, Any]) -> None:
    around = world(DISPATCH, answer(204))

    deliver(DISPATCH, around, registered(data))

    [sent] = around.to(GITHUB)
    assert (sent.method, sent.uri) == ("POST", f"https://{GITHUB}/repos/team/models/dispatches")
    said = {"Authorization": f"Bearer {TOKEN}", "User-Agent": "azureml-batch-events"}
    assert {name: sent.headers[name] for name in said} == said
    assert json.loads(sent.body) == {
        "event_type": "model-registered",
        "client_payload": {
            "event_id": "event-1",
            "event_type": MODEL,
            "event_time": "2026-06-01T12:00:00Z",
            "workspace": WORKSPACE,
            "model_name": "digits",
            "model_version": "7",
            "model_tags": {"key1": "value1"},
            "model_properties": None,
        },
    }


def test_what_github_finds_wrong_is_not_sent_again() -> None:
    response, _ = deliver(DISPATCH, world(DISPATCH, answer(422, {"message": "Invalid request."})))

    assert response.status == 400


def run_changed(status: str, **data: Any) -> list[dict[str, Any]]:
    data = {"runId": "run-1", "runStatus": status} | data
    return [event(eventType=STATUS, subject="experiments/e/runs/run-1", data=data)]


def mailed(*delivered: Any, **parameters: Any) -> dict[str, Any]:
    around = world(MAIL, answer(200))
    deliver(MAIL, around, *delivered, **parameters)
    [sent] = around.to(CONNECTOR)
    mail: dict[str, Any] = json.loads(sent.body)
    return mail


def test_a_mail_goes_through_the_connection_to_all_recipients() -> None:
    around = world(MAIL, answer(200))

    deliver(MAIL, around)

    [sent] = around.to(CONNECTOR)
    assert (sent.method, sent.uri) == (
        "POST",
        f"https://{CONNECTOR}/apim/office365/outlook/v2/Mail",
    )
    assert json.loads(sent.body)["To"] == "a@example.com;b@example.com"


def test_a_mails_subject_has_the_events_type_and_its_topic() -> None:
    mail = mailed(run_changed("Failed"))

    assert mail["Subject"] == f"{STATUS} Failed: {WORKSPACE}"


@pytest.mark.parametrize("spelling", ["runId", "RunId"])
def test_a_mails_body_links_to_the_run(spelling: str) -> None:
    body = [event(data={spelling: "run 1&2"})]

    link = f"https://ml.azure.com/runs/run%201%262?wsid={WSID}"
    assert f'<a href="{link}">The run</a>' in mailed(body)["Body"]


def test_a_mail_about_no_run_links_to_the_workspace() -> None:
    mail = mailed(registered({"ModelName": "digits"}), studio_host="studio.ml.azure.cn")

    assert f'<a href="https://studio.ml.azure.cn/home?wsid={WSID}">' in mail["Body"]


def test_what_an_event_says_is_text_in_a_mail_and_no_markup() -> None:
    mail = mailed([event(subject='<script>"x"&y</script>', data={"runId": '"><b>'})])

    # > alone opens nothing
    assert "&lt;script>&quot;x&quot;&amp;y&lt;/script>" in mail["Body"]
    assert re.findall("<script|<b|&lt;script&gt;", mail["Body"].replace("<br", "")) == []


@pytest.mark.parametrize("status", ["Completed", "Running", "", "Fail", 'x","Failed'])
def test_a_status_that_nobody_wants_to_know_sends_no_mail_and_is_acknowledged(status: str) -> None:
    around = world(MAIL)

    response, _ = deliver(MAIL, around, run_changed(status))

    assert (response.status, around.requests) == (200, [])


@pytest.mark.parametrize("status", ["failed", "Failed", "CANCELED"])
def test_a_status_is_the_same_in_any_case(status: str) -> None:
    assert status in mailed(run_changed(status))["Subject"]


def test_the_other_spelling_of_a_status_is_read_as_well() -> None:
    changed = run_changed("Completed", runStatus=None, RunStatus="Failed")

    assert "Failed" in mailed(changed)["Subject"]


def test_every_status_is_told_where_none_is_chosen() -> None:
    assert "Queued" in mailed(run_changed("Queued"), run_statuses=[])["Subject"]
