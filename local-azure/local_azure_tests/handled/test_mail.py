"""E-mails: the connection that they are sent through, what is refused, and who reads them."""

import re
from typing import Any

import pytest

from local_azure.azure import Azure
from local_azure.control_plane.tenant import SUBSCRIPTION
from local_azure_tests.conftest import Invoke, known
from local_azure_tests.logic import definitions
from local_azure_tests.logic.conftest import Cloud

CONNECTIONS = f"{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Web/connections"
API = f"{SUBSCRIPTION}/providers/Microsoft.Web/locations/westeurope/managedApis/office365"
MAIL = {"To": "a@example.com; b@example.com", "Subject": "Failed", "Body": "<p>Look</p>"}
SENT = {**MAIL, "To": ["a@example.com", "b@example.com"]}


def connect(cloud: Cloud, name: str, *, authorised: bool = True) -> str:
    """A connection; its id."""
    told = {"location": "westeurope", "properties": {"api": {"id": API}}}
    cloud.call(known, cloud.azure, f"{CONNECTIONS}/{name}", told, told)
    if authorised:
        cloud.call(cloud.azure.connectors.authorise, name)
    return f"{CONNECTIONS}/{name}"


def definition(mail: dict[str, Any]) -> dict[str, Any]:
    """A workflow that sends a mail and replies with how that went."""
    connection = "@parameters('$connections')['office365']['connectionId']"
    inputs = {
        "host": {"connection": {"name": connection}},
        "method": "post",
        "path": "/v2/Mail",
        "body": mail,
        "retryPolicy": {"type": "none"},
    }
    reply = definitions.response(
        "@coalesce(outputs('Send')?['statusCode'], 500)",
        body="@if(empty(body('Send')), actions('Send'), body('Send'))",
    )
    return definitions.definition(
        {
            "Send": {"type": "ApiConnection", "inputs": inputs},
            "Reply": {**reply, "runAfter": {"Send": ["Succeeded", "Failed"]}},
        },
        parameters={"$connections": {"type": "Object", "defaultValue": {}}},
    )


def send(cloud: Cloud, name: str, mail: dict[str, Any], connection: str) -> Any:
    """What the workflow replies."""
    given = {"$connections": {"value": {"office365": {"connectionId": connection}}}}
    workflow = cloud.put_workflow(name, definition(mail), parameters=given)
    return cloud.post(cloud.url(workflow))


def sent(cloud: Cloud) -> list[dict[str, Any]]:
    mails: list[dict[str, Any]] = cloud.call(cloud.azure.connectors.sent, 100)
    return [{key: each[key] for key in each if key != "sent"} for each in mails]


def test_a_mail_is_kept_as_it_was_sent(cloud: Cloud) -> None:
    reply = send(cloud, "sends", MAIL, connect(cloud, "outlook"))

    assert reply.status == 200
    assert sent(cloud)[-1] == SENT


def test_nothing_is_sent_before_a_person_has_authorised_the_connection(cloud: Cloud) -> None:
    before = sent(cloud)
    connection = connect(cloud, "new", authorised=False)

    refused = send(cloud, "too-early", MAIL, connection)
    cloud.call(cloud.azure.connectors.authorise, connection)
    later = send(cloud, "too-early", MAIL, connection)

    assert (refused.status, later.status) == (401, 200)
    assert "`local-azure act authorise new`" in refused.body["message"]
    assert sent(cloud) == [*before, SENT]


def test_a_connection_that_there_is_not_fails_the_action(cloud: Cloud) -> None:
    reply = send(cloud, "nowhere", MAIL, f"{CONNECTIONS}/nowhere")

    assert (reply.status, reply.body["code"]) == (500, "ApiConnectionNotFound")


WRONG = {
    "no subject": {"To": "a@example.com", "Body": "x"},
    "no address": {**MAIL, "To": "somebody"},
    "an attachment": {**MAIL, "Attachments": []},
    "another importance": {**MAIL, "Importance": "Urgent"},
    "a number": {**MAIL, "Subject": 7},
}


@pytest.mark.parametrize("mail", WRONG.values(), ids=WRONG.keys())
def test_what_is_no_mail_is_refused_and_not_kept(cloud: Cloud, mail: dict[str, Any]) -> None:
    connection = connect(cloud, "outlook")
    before = sent(cloud)

    assert send(cloud, "wrong", mail, connection).status == 400
    assert sent(cloud) == before


def test_other_operations_are_declined_by_name(cloud: Cloud) -> None:
    url, key = cloud.call(cloud.azure.connectors.runtime, connect(cloud, "outlook"))

    refused = cloud.post(f"{url}/v2/Calendar", {}, authorization=key)

    message = refused.body["error"]["message"]
    assert "does not answer POST" in message
    assert (refused.status, "/v2/Calendar" in message) == (501, True)


@pytest.mark.usefixtures("console")
def test_a_person_reads_the_mails_as_text(cloud: Cloud, invoke: Invoke) -> None:
    body = (
        '<p><a href="https://ml.azure.com/runs/r">The run</a></p>'
        "<table><tr><td>Status</td><td>a &lt;b&gt;\x1b[2J</td></tr></table>"
    )
    send(cloud, "read", {**MAIL, "Body": body}, connect(cloud, "outlook"))

    shown = invoke("show", "mail", "--limit", "1")

    assert shown.code == 0
    assert shown.out.splitlines() == [
        "2026-06-01 12:00:00 to a@example.com, b@example.com: Failed",
        "    The run: https://ml.azure.com/runs/r",
        "    Status: a <b>�[2J",
    ]


@pytest.mark.usefixtures("console")
def test_a_connection_is_authorised_by_a_command(cloud: Cloud, invoke: Invoke) -> None:
    connection = connect(cloud, "by-command", authorised=False)
    connect(cloud, "waiting", authorised=False)

    ended = invoke("act", "authorise", "By-Command")
    listed = invoke("show", "connections").out.splitlines()

    assert ended == (0, f"Authorised: {connection}\n", "")
    assert {"by-command: authorised", "waiting: not authorised"} <= set(listed)
    assert send(cloud, "by-command", MAIL, connection).status == 200


@pytest.mark.usefixtures("console")
def test_those_that_can_be_authorised_are_told_where_there_is_not_such_a_one(
    cloud: Cloud, invoke: Invoke
) -> None:
    connect(cloud, "there", authorised=False)

    code, _, error = invoke("act", "authorise", "unknown")

    assert code == 1
    assert re.fullmatch(r"error: There is no connection 'unknown'; there are: .*there.*\.\n", error)


def test_mails_are_sealed_at_rest(cloud: Cloud) -> None:
    def rows(azure: Azure) -> bytes:
        rows = azure.state.rows("SELECT message FROM messages")
        return b"".join(row["message"] for row in rows)

    send(cloud, "sealed", MAIL, connect(cloud, "outlook"))

    assert b"example.com" not in cloud.call(rows, cloud.azure)
