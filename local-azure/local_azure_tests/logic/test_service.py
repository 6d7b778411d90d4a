"""The service: callback URLs, what calls are answered, and the run history, over TLS."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest

from local_azure.control_plane.entra.directory import Principal
from local_azure.control_plane.entra.tokens import AccessToken
from local_azure.control_plane.resource_manager.errors import WorkflowTriggerNotFoundError
from local_azure.control_plane.tenant import DEPLOYER
from local_azure.services.logic.errors import WorkflowNotFoundError
from local_azure_tests.logic.conftest import IDENTITY, Cloud
from local_azure_tests.logic.definitions import (
    compose,
    definition,
    failing,
    response,
    variable,
    wait,
)
from local_azure_tests.logic.test_control_actions import each

SECRET = "the-secret-value"
RESPOND = response(200, body="@triggerBody()")
ECHO = definition({"Reply": RESPOND})


def triggered(actions: dict[str, Any], **trigger: Any) -> dict[str, Any]:
    document = definition(actions)
    document["triggers"]["manual"] |= trigger
    return document


def test_a_callback_url_has_azures_version_and_a_signature_of_its_length(cloud: Cloud) -> None:
    query = parse_qs(urlsplit(cloud.url(cloud.put_workflow("form", ECHO))).query)

    assert (query["api-version"], len(query["sig"][0])) == (["2016-10-01"], 43)


def test_a_changed_definition_is_what_runs_next(cloud: Cloud) -> None:
    url = cloud.url(cloud.put_workflow("versions", ECHO))
    before = cloud.post(url, 1)

    cloud.put_workflow("versions", definition({"Reply": response(201, body={"new": True})}))
    after = cloud.post(url, 1)

    assert [(each.status, each.body) for each in (before, after)] == [
        (200, 1),
        (201, {"new": True}),
    ]


def test_the_url_of_a_deleted_workflow_is_not_found(cloud: Cloud) -> None:
    workflow = cloud.put_workflow("deleted", ECHO)
    url = cloud.url(workflow)

    cloud.call(cloud.azure.resources.delete, workflow)

    reply = cloud.post(url, 1)
    assert (reply.status, reply.body["error"]["code"]) == (404, "WorkflowNotFound")


def test_the_url_of_an_unknown_workflow_or_trigger_is_refused(cloud: Cloud) -> None:
    workflow = cloud.put_workflow("known", ECHO)

    with pytest.raises(WorkflowNotFoundError, match="nowhere"):
        cloud.call(cloud.azure.logic.callback_url, "/nowhere", "manual")
    with pytest.raises(WorkflowTriggerNotFoundError, match="other"):
        cloud.call(cloud.azure.logic.callback_url, workflow, "other")


@pytest.mark.parametrize("sig", ["", "x" * 43, "ü"])
def test_a_wrong_signature_starts_no_run(cloud: Cloud, sig: str) -> None:
    workflow = cloud.put_workflow("signed", ECHO)
    url = cloud.url(workflow).rpartition("=")[0] + f"={sig}"

    reply = cloud.post(url, 1)

    assert reply.status == 401
    assert reply.body["error"]["code"].startswith("DirectApi")
    assert cloud.history(workflow) == []


def regenerated(
    cloud: Cloud, workflow: str, body: Any, caller: Principal = DEPLOYER
) -> tuple[int, str]:
    """What ``regenerateAccessKey`` is answered: the status, and what it says."""
    token = cloud.call(cloud.azure.tokens.issue, caller, "https://management.azure.com").value
    url = f"https://management.azure.com{workflow}/regenerateAccessKey?api-version=2016-06-01"
    reply = cloud.post(url, body, Authorization=f"Bearer {token}")
    return reply.status, reply.body["error"]["message"] if reply.body else ""


def test_a_new_key_ends_the_urls_of_the_old_one_of_this_workflow_alone(cloud: Cloud) -> None:
    first, other = (cloud.put_workflow(name, ECHO) for name in ("leaked", "other"))
    urls = [cloud.url(first)]
    for _ in range(2):
        assert regenerated(cloud, first, {"keyType": "Primary"}) == (200, "")
        urls.append(cloud.url(first))

    assert [cloud.post(url, 1).status for url in urls] == [401, 401, 200]
    assert cloud.post(cloud.url(other), 1).status == 200


@pytest.mark.parametrize(
    ("body", "caller", "answer"),
    [
        ({"keyType": "Secondary"}, DEPLOYER, (200, "")),
        (
            {"keyType": "primary"},
            DEPLOYER,
            (400, "keeping: keyType: found 'primary', accepted: Primary, Secondary"),
        ),
        (["Primary"], DEPLOYER, (400, "keeping: keyType: found None, accepted")),
        ({"keyType": "Primary"}, IDENTITY, (403, "workflows/regenerateAccessKey/action")),
    ],
)
def test_a_url_stays_where_no_new_primary_key_is_made(
    cloud: Cloud, body: Any, caller: Principal, answer: tuple[int, str]
) -> None:
    workflow = cloud.put_workflow("keeping", ECHO)
    url = cloud.url(workflow)

    status, said = regenerated(cloud, workflow, body, caller)

    assert (status, answer[1] in said) == (answer[0], True)
    assert (cloud.url(workflow), cloud.post(url, 1).status) == (url, 200)


@pytest.mark.parametrize(
    ("method", "place", "body", "status", "code"),
    [
        ("PUT", "/paths/invoke", 1, 405, "TriggerRequestMethodNotValid"),
        ("POST", "/paths/invoke", b"{broken", 400, "InvalidRequestContent"),
        ("POST", "/histories", 1, 501, "NotEmulated"),
    ],
    ids=["another method", "broken JSON", "an unknown route"],
)
def test_another_request_than_a_call_is_refused(
    cloud: Cloud, method: str, place: str, body: Any, status: int, code: str
) -> None:
    url = cloud.url(cloud.put_workflow("asked", ECHO))

    reply = cloud.post(url.replace("/paths/invoke", place), body, method=method)

    assert (reply.status, reply.body["error"]["code"]) == (status, code)


@pytest.mark.parametrize("body", [{"a": [1, "ü\"'%#+ "]}, [], "text", 0, True])
def test_a_body_goes_through_as_it_came(cloud: Cloud, body: Any) -> None:
    url = cloud.url(cloud.put_workflow("echo", ECHO))

    reply = cloud.post(url, body)

    given = json.loads(reply.body) if isinstance(reply.body, str) and body != "text" else reply.body
    assert given == body


def test_a_workflow_without_a_response_answers_202_at_once(cloud: Cloud) -> None:
    workflow = cloud.put_workflow("silent", definition({"W": wait()}))

    reply = cloud.post(cloud.url(workflow), 1)

    assert reply.status == 202
    assert cloud.history_later(workflow)[0]["run"] == reply.headers["x-ms-workflow-run-id"]


def test_a_run_that_skips_its_response_is_answered_502(cloud: Cloud) -> None:
    actions = {"A": failing(), "Reply": {**RESPOND, "runAfter": {"A": ["Succeeded"]}}}
    workflow = cloud.put_workflow("unanswered", definition(actions))

    reply = cloud.post(cloud.url(workflow), 1)

    assert (reply.status, reply.body["error"]["code"]) == (502, "NoResponse")
    assert cloud.history(workflow)[0]["status"] == "Failed"


def test_a_response_that_comes_too_late_is_answered_504_and_fails(cloud: Cloud) -> None:
    actions = {"W": wait(10, "Minute"), "Reply": {**RESPOND, "runAfter": {"W": ["Succeeded"]}}}
    workflow = cloud.put_workflow("late", definition(actions))

    assert cloud.post_and_wait_on(cloud.url(workflow), 1).status == 504
    reply = cloud.history_later(workflow)[0]["actions"][-1]
    assert (reply["status"], reply["error"]["code"]) == ("Failed", "ActionResponseTimedOut")


def test_the_caller_is_answered_before_the_run_ends(cloud: Cloud) -> None:
    actions = {"Reply": RESPOND, "W": {**wait(1, "Day"), "runAfter": {"Reply": ["Succeeded"]}}}
    workflow = cloud.put_workflow("early", definition(actions))

    assert cloud.post(cloud.url(workflow), 5).status == 200
    runs = cloud.call(cloud.azure.logic.runs.latest, 1)
    assert (runs[0]["workflow"], runs[0]["status"]) == (workflow, "Running")


def test_a_condition_that_does_not_hold_starts_no_run(cloud: Cloud) -> None:
    condition = {"expression": "@greater(triggerBody(), 5)"}
    document = triggered({"A": compose(1)}, conditions=[condition])
    workflow = cloud.put_workflow("conditional", document)

    assert [cloud.post(cloud.url(workflow), body).status for body in (5, 6)] == [202, 202]
    assert [run["trigger"]["outputs"]["body"] for run in cloud.history(workflow)] == [6]


def test_split_on_starts_a_run_for_each_item(cloud: Cloud) -> None:
    document = triggered({"A": compose("@triggerBody()")}, splitOn="@triggerBody()")
    workflow = cloud.put_workflow("split", document)

    assert cloud.post(cloud.url(workflow), ["x", "y"]).status == 202
    bodies = sorted(run["actions"][0]["outputs"] for run in cloud.history(workflow))
    assert bodies == ["x", "y"]


def test_a_schema_is_enforced_where_the_trigger_says_so(cloud: Cloud) -> None:
    schema = {"inputs": {"schema": {"type": "object", "required": ["id"]}}}
    document = triggered({"Reply": RESPOND}, **schema, operationOptions="EnableSchemaValidation")
    url = cloud.url(cloud.put_workflow("schema", document))

    assert cloud.post(url, {"id": 1}).status == 200
    assert cloud.post(url, {"no": 1}).body["error"]["code"] == "TriggerInputSchemaMismatch"


def test_an_http_action_calls_other_services_with_the_workflows_own_identity(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = cloud.put_workflow("seen", definition({"Reply": response(204)}))
    own = {"type": "ManagedServiceIdentity", "audience": "https://ml.azure.com"}
    inputs = {"method": "POST", "uri": cloud.url(seen), "authentication": own}
    call = {"type": "Http", "inputs": inputs}
    caller = cloud.put_workflow("with-identity", definition({"Call": call}))
    issued: list[str] = []
    issue = cloud.azure.tokens.issue

    def noted(principal: Principal, audience: str) -> AccessToken:
        token = issue(principal, audience)
        issued.append(token.value)
        return token

    monkeypatch.setattr(cloud.azure.tokens, "issue", noted)
    cloud.post(cloud.url(caller), 1)
    run = cloud.history(caller)[0]

    claims = jwt.decode(issued[0], options={"verify_signature": False})
    assert (claims["oid"], claims["aud"]) == ("workflow-object", "https://ml.azure.com")
    # The token arrived: a trigger takes its signature alone.
    answered = run["actions"][0]["outputs"]["body"]["error"]["message"]
    assert "'Bearer' authorization scheme" in answered
    assert issued[0] not in json.dumps([*cloud.history(seen), run])


@pytest.mark.parametrize(
    ("uri", "host"),
    [("https://www.example.com/", "www.example.com:443"), ("http://127.0.0.1:9/", "127.0.0.1:9")],
)
def test_a_host_that_is_not_emulated_fails_the_action(cloud: Cloud, uri: str, host: str) -> None:
    inputs = {"method": "GET", "uri": uri, "retryPolicy": {"type": "none"}}
    call = {"type": "Http", "inputs": inputs}
    workflow = cloud.put_workflow("abroad", definition({"Call": call}))

    cloud.post(cloud.url(workflow), 1)

    [action] = cloud.history(workflow)[0]["actions"]
    assert action["status"] == "Failed"
    assert f"does not answer for {host}." in action["error"]["message"]


def test_the_history_tells_each_action_in_order(cloud: Cloud) -> None:
    actions = {"A": compose("@triggerBody()"), "Each": {**each({"B": compose("@item()")})}}
    workflow = cloud.put_workflow("told", definition(actions))

    cloud.post(cloud.url(workflow), [1, 2])

    run = cloud.history(workflow)[0]
    assert (run["status"], run["error"], run["trigger"]["name"]) == ("Succeeded", None, "manual")
    assert run["trigger"]["outputs"]["body"] == [1, 2]
    told = [(a["place"], a["name"], a["type"], a["status"], a["outputs"]) for a in run["actions"]]
    assert told == [
        ("", "A", "Compose", "Succeeded", [1, 2]),
        ("", "Each", "Foreach", "Succeeded", None),
        ("Each[0]", "B", "Compose", "Succeeded", 1),
        ("Each[1]", "B", "Compose", "Succeeded", 2),
    ]


SECURED = {"secureData": {"properties": ["inputs", "outputs"]}}


def test_secured_values_are_neither_in_the_history_nor_in_the_state_file(cloud: Cloud) -> None:
    actions = {
        "Secured": {**compose("@triggerBody()"), "runtimeConfiguration": SECURED},
        "Uses": compose("@outputs('Secured')", "Secured"),
        "Uses_that": compose({"x": "@{outputs('Uses')}!"}, "Uses"),
        "Fails": compose("@int(outputs('Uses_that')['x'])", "Uses_that"),
        "Open": compose("@actions('Secured')['status']", "Secured"),
    }
    secured = {"secureData": {"properties": ["outputs"]}}
    workflow = cloud.put_workflow("secured", triggered(actions, runtimeConfiguration=secured))

    cloud.post(cloud.url(workflow), SECRET)

    run = cloud.history(workflow)[0]
    told = {action["name"]: action["outputs"] for action in run["actions"]}
    assert told["Open"] == "Succeeded"
    assert SECRET not in json.dumps(run)
    assert SECRET.encode() not in cloud.kept()


def test_a_secure_parameter_is_hidden_wherever_it_is_used(cloud: Cloud) -> None:
    document = definition(
        {
            "Uses": compose("@concat('Bearer ', parameters('key'))"),
            "V": variable("v", "string", "@parameters('key')"),
            "Uses_v": compose("@variables('v')", "V"),
        },
        parameters={"key": {"type": "SecureString"}},
    )
    value = {"key": {"type": "SecureString", "value": SECRET}}
    workflow = cloud.put_workflow("parameter", document, parameters=value)

    cloud.post(cloud.url(workflow), 1)

    run = cloud.history(workflow)[0]
    assert run["status"] == "Succeeded"
    assert SECRET not in json.dumps(run)
