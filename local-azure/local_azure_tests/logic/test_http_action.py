"""The HTTP action: what it sends, how it authenticates, when it tries again."""

import base64
from typing import Any
from urllib.parse import parse_qs

import pytest

from local_azure.runs.transport import ConnectionFailedError, HttpAnswer
from local_azure.services.logic.records import Status
from local_azure_tests.logic.definitions import HOST, compose, error, execute, http, outputs
from local_azure_tests.world import IDENTITY_TOKEN, World, answer

OK = answer(200, {"fine": True})


def sent(**inputs: Any) -> Any:
    world = World({HOST: OK})
    execute({"A": http(method="POST", **inputs)}, world=world)
    [request] = world.requests
    return request


FORM = {"content-type": "application/x-www-form-urlencoded"}
BINARY = {"$content-type": "image/x", "$content": base64.b64encode(b"\x00\xff").decode()}


@pytest.mark.parametrize(
    ("inputs", "body", "headers"),
    [
        (
            {"body": {"ü": "\"'"}},
            '{"ü":"\\"\'"}'.encode(),
            {"Content-Type": "application/json; charset=utf-8"},
        ),
        ({"body": "a=1&b=2", "headers": FORM}, b"a=1&b=2", FORM),
        ({"body": BINARY}, b"\x00\xff", {"Content-Type": "image/x"}),
    ],
    ids=["an object as JSON", "a text as it is", "binary content as bytes"],
)
def test_a_body_is_sent_by_what_it_is(
    inputs: dict[str, Any], body: bytes, headers: dict[str, str]
) -> None:
    request = sent(**inputs)

    assert (request.body, dict(request.headers)) == (body, headers)


def test_queries_are_appended_encoded() -> None:
    request = sent(queries={"a b": "x&y", "n": 1})

    assert request.uri == f"https://{HOST}/?a+b=x%26y&n=1"


@pytest.mark.parametrize(
    ("authentication", "header"),
    [
        ({"type": "None"}, None),
        ({"type": "Basic", "username": "u", "password": "p:ü"}, "Basic dTpwOsO8"),
        ({"type": "Raw", "value": "Custom 1"}, "Custom 1"),
        (
            {"type": "ManagedServiceIdentity", "audience": "https://ml.azure.com"},
            f"Bearer {IDENTITY_TOKEN}",
        ),
    ],
)
def test_each_authentication_has_its_header(
    authentication: dict[str, str], header: str | None
) -> None:
    assert sent(authentication=authentication).headers.get("Authorization") == header


OAUTH = {
    "type": "ActiveDirectoryOAuth",
    "authority": "https://login.example/",
    "tenant": "t",
    "audience": "https://ml.azure.com",
    "clientId": "c",
    "secret": "s&=",
}


def test_oauth_asks_the_authority_for_a_token_first() -> None:
    world = World({HOST: OK, "login.example": answer(200, {"access_token": "T"})})

    execute({"A": http(authentication=OAUTH)}, world=world)

    login, call = world.requests
    assert login.uri == "https://login.example/t/oauth2/token"
    assert parse_qs(login.body.decode())["client_secret"] == ["s&="]
    assert call.headers["Authorization"] == "Bearer T"


def test_without_a_token_nothing_is_sent_and_the_action_fails() -> None:
    world = World({HOST: OK, "login.example": answer(401, {})})

    result = execute({"A": http(authentication=OAUTH)}, world=world)

    assert result.action("A").outcome.code == "Unauthorized"
    assert world.to(HOST) == []


def test_credentials_are_in_no_history() -> None:
    result = execute({"A": http(authentication=OAUTH)}, world=World({HOST: OK}))

    assert result.action("A").inputs["authentication"] == {"type": "ActiveDirectoryOAuth"}


@pytest.mark.parametrize(
    ("reply", "status", "code"),
    [
        (answer(201), "Succeeded", "Created"),
        (answer(204), "Succeeded", "NoContent"),
        (answer(302), "Failed", "Found"),
        (answer(404), "Failed", "NotFound"),
        (answer(422), "Failed", "UnprocessableEntity"),
        (answer(299), "Succeeded", "299"),
    ],
)
def test_only_a_2xx_is_a_success(reply: HttpAnswer, status: str, code: str) -> None:
    outcome = execute({"A": http()}, world=World({HOST: reply})).action("A").outcome

    assert (outcome.status, outcome.code, outcome.error) == (status, code, None)
    assert outcome.outputs["statusCode"] == reply.status


@pytest.mark.parametrize(
    ("content_type", "raw", "body"),
    [
        ("application/json", b'{"a":1}', {"a": 1}),
        ("application/problem+json", b"[1]", [1]),
        ("application/json", b"{broken", "{broken"),
        ("text/plain; charset=utf-8", "ü".encode(), "ü"),
        ("image/png", b"\x00", {"$content-type": "image/png", "$content": "AA=="}),
    ],
)
def test_a_body_is_read_by_its_content_type(content_type: str, raw: bytes, body: Any) -> None:
    world = World({HOST: HttpAnswer(200, {"content-type": content_type}, raw)})

    assert outputs(execute({"A": http()}, world=world), "A")["body"] == body


@pytest.mark.parametrize("reply", [answer(408), answer(429), answer(503), ConnectionFailedError()])
def test_by_default_it_is_sent_again_four_times_within_45_seconds_each(reply: Any) -> None:
    world = World({HOST: reply})

    execute({"A": http()}, world=world)

    assert len(world.requests) == 5
    assert 5 + 7.5 + 15 + 30 <= world.seconds <= 7.5 + 15 + 30 + 45 + 5


FIXED = {"type": "fixed", "count": 5, "interval": "PT10S"}


@pytest.mark.parametrize(
    ("replies", "policy", "count", "seconds"),
    [
        *(([answer(status)], {}, 1, 0) for status in (400, 401, 403, 404, 409)),
        ([answer(500)], {"retryPolicy": {"type": "none"}}, 1, 0),
        ([answer(500), answer(500), OK], {"retryPolicy": FIXED}, 3, 20),
        ([answer(429, Retry_After="77"), OK], {}, 2, 77),
    ],
)
def test_it_is_sent_again_where_that_helps_and_as_its_policy_or_the_host_says(
    replies: list[Any], policy: dict[str, Any], count: int, seconds: int
) -> None:
    world = World({HOST: replies})

    result = execute({"A": http(**policy)}, world=world)

    is_fine = replies[-1] is OK
    assert (len(world.requests), world.seconds) == (count, seconds)
    assert result.status is (Status.SUCCEEDED if is_fine else Status.FAILED)


def test_no_answer_within_120_seconds_is_a_failure_that_tells_so() -> None:
    world = World({HOST: None})

    result = execute({"A": http(retryPolicy={"type": "none"})}, world=world)

    assert (world.seconds, result.action("A").status) == (120, Status.FAILED)
    assert "did not respond within the timeout limit" in error(result, "A")["message"]


def test_an_accepted_request_is_polled_until_it_is_done() -> None:
    accepted = answer(202, Location="/status/1", Retry_After="15")
    world = World({HOST: [accepted, accepted, OK]})

    result = execute({"A": http(method="POST")}, world=world)

    assert (outputs(result, "A")["statusCode"], world.seconds) == (200, 30)
    poll = ("GET", f"https://{HOST}/status/1")
    assert [(r.method, r.uri) for r in world.requests] == [("POST", f"https://{HOST}/"), poll, poll]


def test_polling_can_be_switched_off() -> None:
    world = World({HOST: answer(202, Location="/status/1")})

    result = execute({"A": {**http(), "operationOptions": "DisableAsyncPattern"}}, world=world)

    assert (outputs(result, "A")["statusCode"], len(world.requests)) == (202, 1)


def test_a_failed_answer_can_still_be_read() -> None:
    actions = {
        "A": http(),
        "B": compose("@body('A')['reason']", "A", on="Failed"),
        "C": compose("@outputs('A')['statusCode']", "A", on="Failed"),
    }

    result = execute(actions, world=World({HOST: answer(404, {"reason": "gone"})}))

    assert (outputs(result, "B"), outputs(result, "C")) == ("gone", 404)


def test_an_address_that_is_none_fails() -> None:
    result = execute({"A": http(uri="@triggerBody()")}, body="no address")

    assert result.action("A").outcome.code == "BadRequest"


@pytest.mark.parametrize(
    "inputs",
    [
        {"headers": "@triggerBody()"},
        {"queries": "@triggerBody()"},
        {"authentication": "@triggerBody()"},
        {"authentication": {"type": "Basic", "username": "@triggerBody()", "password": "@null"}},
    ],
)
def test_inputs_that_turn_out_wrong_fail_the_action_and_not_the_engine(inputs: Any) -> None:
    result = execute({"A": http(**inputs)}, body="text", world=World({HOST: OK}))

    assert result.error is None or result.error["code"] == "ActionFailed"
