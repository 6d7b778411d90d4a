"""The Web activity: how it authenticates, what it sends, and what it takes for an answer."""

import base64
import json
from typing import Any
from unittest.mock import ANY
from urllib.parse import parse_qs

import pytest

from local_azure.runs.environment import IdentityError
from local_azure.runs.transport import HttpAnswer, HttpRequest
from local_azure.services.datafactory.folder import Folder
from local_azure.services.datafactory.records import Record
from local_azure_tests.datafactory.pipelines import record, result, web
from local_azure_tests.world import Answer, World, answer

VAULT = {"type": "AzureKeyVault", "typeProperties": {"baseUrl": "https://v.vault.azure.net/"}}
MINE = {"type": "ManagedIdentity", "typeProperties": {"resourceId": "/identities/mine"}}
CREDENTIALS: dict[str, dict[str, Any]] = {"c": MINE, "app": {"type": "ServicePrincipal"}}
FOLDER = Folder(beside={"linkedservices": {"vault": VAULT}, "credentials": CREDENTIALS})
SECURE = {"type": "SecureString", "value": "p&ss:wörd"}
IN_VAULT = {
    "type": "AzureKeyVaultSecret",
    "store": {"referenceName": "vault", "type": "LinkedServiceReference"},
    "secretName": "of-client",
}
LOGIN = answer(200, {"access_token": "of the principal"})


def token(identity: str | None, audience: str) -> str:
    return f"token of {identity} for {audience}"


def sent(
    told: Answer | list[Answer] | None = None,
    login: Any = LOGIN,
    **own: Any,
) -> tuple[Record, World]:
    """The activity's record, and a world in which it ran."""
    world = World(
        {
            "h": told or answer(200, {}),
            "login.microsoftonline.com": login,
            "v.vault.azure.net": answer(200, {"value": "s3cret"}),
        },
        identity_token=token,
    )
    return record(result(web("A", **own), world=world, folder=FOLDER), "A"), world


def by_credential(name: str) -> dict[str, Any]:
    credential = {"referenceName": name, "type": "CredentialReference"}
    return {"type": "UserAssignedManagedIdentity", "resource": "r", "credential": credential}


def principal(password: dict[str, Any]) -> dict[str, Any]:
    kind = {"type": "ServicePrincipal", "userTenant": "t", "username": "id", "resource": "r"}
    return {**kind, "password": password}


@pytest.mark.parametrize(
    ("authentication", "scheme", "credential"),
    [
        ({"type": "MSI", "resource": "https://r"}, "Bearer", "token of None for https://r"),
        (by_credential("c"), "Bearer", "token of /identities/mine for r"),
        (
            {"type": "Basic", "username": "ü", "password": SECURE},
            "Basic",
            base64.b64encode("ü:p&ss:wörd".encode()).decode(),
        ),
    ],
    ids=["the factory's identity", "a user-assigned identity", "a pair in UTF-8"],
)
def test_a_request_is_authenticated(
    authentication: dict[str, Any], scheme: str, credential: str
) -> None:
    _, world = sent(authentication=authentication)
    assert world.requests[0].headers == {"Authorization": f"{scheme} {credential}"}


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ({"authentication": by_credential("other")}, "The factory has no credential 'other'."),
        ({"authentication": by_credential("app")}, "user-assigned identity: no resourceId."),
        ({"method": "@concat('TR', 'ACE')"}, "found 'TRACE'."),
        ({"headers": {"a": "b\r\nc: d"}}, "A header has no line breaks."),
        ({"httpRequestTimeout": "00:10:01"}, "is 00:10:00 at most; found '00:10:01'."),
    ],
)
def test_what_can_not_be_sent_is_not(own: dict[str, Any], said: str) -> None:
    found, world = sent(**own)
    assert (found.error or {})["message"].endswith(said)
    assert world.requests == []


@pytest.mark.parametrize(("password", "secret"), [(SECURE, "p&ss:wörd"), (IN_VAULT, "s3cret")])
def test_a_service_principal_signs_in_with_its_secret(
    password: dict[str, Any], secret: str
) -> None:
    _, world = sent(authentication=principal(password))

    [login] = world.to("login.microsoftonline.com")
    assert login.uri == "https://login.microsoftonline.com/t/oauth2/token"
    assert parse_qs(login.body.decode()) == {
        "grant_type": ["client_credentials"],
        "client_id": ["id"],
        "client_secret": [secret],
        "resource": ["r"],
    }
    assert world.to("h")[0].headers == {"Authorization": "Bearer of the principal"}


def test_a_vault_is_read_with_the_factorys_identity() -> None:
    kind = {"type": "Basic", "username": "u", "password": IN_VAULT}
    _, world = sent(authentication=kind)

    assert world.to("v.vault.azure.net") == [
        HttpRequest(
            "GET",
            "https://v.vault.azure.net/secrets/of-client?api-version=7.4",
            {"Authorization": "Bearer token of None for https://vault.azure.net"},
        )
    ]


def test_no_secure_string_is_in_the_run_history() -> None:
    found, _ = sent(authentication={"type": "Basic", "username": "u", "password": SECURE})
    assert "p&ss" not in json.dumps(found.shown())


def test_an_identity_that_gets_no_token_fails_the_activity() -> None:
    def refused(_identity: str | None, _audience: str) -> str:
        raise IdentityError("The factory has no managed identity.")

    world = World({}, identity_token=refused)
    found = result(web("A", authentication={"type": "MSI", "resource": "r"}), world=world)
    assert "The factory has no managed identity." in found.message


@pytest.mark.parametrize(
    ("body", "bytes_"),
    [("text ü", "text ü"), ({"a": "@concat('b')"}, '{"a": "b"}'), ("@createArray(1)", "[1]")],
)
def test_a_body_is_a_text_or_the_json_of_a_value(body: Any, bytes_: str) -> None:
    _, world = sent(method="POST", body=body)
    assert world.requests[0].body.decode() == bytes_


def test_a_get_has_no_body() -> None:
    _, world = sent(method="get", body="x")
    assert (world.requests[0].method, world.requests[0].body) == ("GET", b"")


@pytest.mark.parametrize("url", ["https://[", "", "no url", "https://h:port/", "\ud800"])
def test_an_address_that_is_none_fails_the_activity(url: str) -> None:
    world = World({})
    found = record(result(web("A", url=url), world=world), "A")
    assert (found.error or {})["errorCode"] == "2108"


@pytest.mark.parametrize("told", [{}, [], "text", {"access_token": 5}])
def test_a_sign_in_without_a_token_fails_the_activity(told: Any) -> None:
    found, _ = sent(login=answer(200, told), authentication=principal(SECURE))
    assert (found.error or {})["message"] == (
        "The answer of https://login.microsoftonline.com has no 'access_token'."
    )


def test_a_sign_in_that_never_ends_is_waited_for_one_minute() -> None:
    _, world = sent(login=None, authentication=principal(SECURE))
    assert world.seconds == 60


def test_an_answer_202_is_followed_to_its_end() -> None:
    accepted = answer(202, {}, Location="/jobs/1", Retry_After="40")
    found, world = sent([accepted, answer(202, {}, Location="2"), answer(200, {"a": 1})])

    assert found.output["a"] == 1
    assert [(each.method, each.uri) for each in world.requests[1:]] == [
        ("GET", "https://h/jobs/1"),
        ("GET", "https://h/jobs/2"),
    ]
    assert world.seconds == 60


def test_an_answer_202_is_the_end_where_async_is_turned_off() -> None:
    found, world = sent(answer(202, {"a": 1}, Location="/jobs/1"), turnOffAsync=True)
    assert (found.output["a"], len(world.requests)) == (1, 1)


USED = {
    "effectiveIntegrationRuntime": "AutoResolveIntegrationRuntime",
    "executionDuration": 0,
    "durationInQueue": {"integrationRuntimeQueue": 0},
    "billingReference": {
        "activityType": "ExternalActivity",
        "billableDuration": [{"meterType": "AzureIR", "duration": 1 / 60, "unit": "Hours"}],
    },
}


def test_the_output_has_the_answers_headers_in_their_own_spelling() -> None:
    found, _ = sent(answer(200, {"a": 1}, Azureml_Model_Deployment="blue"))

    headers = {"Azureml-Model-Deployment": "blue", "Content-Type": ANY}
    assert found.output == {"a": 1, "ADFWebActivityResponseHeaders": headers, **USED}


@pytest.mark.parametrize("told", [answer(404, {}), answer(200, []), HttpAnswer(200, {}, b"text")])
def test_a_call_that_failed_tells_what_it_used_and_nothing_of_the_answer(told: Answer) -> None:
    found, _ = sent(told)
    assert (found.status.value, found.output) == ("Failed", USED)


def test_another_host_that_is_asked_for_the_end_gets_no_credential() -> None:
    world = World(
        {"h": answer(202, {}, Location="https://elsewhere/1"), "elsewhere": answer(200, {})}
    )
    kind = {"type": "MSI", "resource": "r"}
    result(web("A", authentication=kind, headers={"x-key": "k"}), world=world)
    assert world.to("elsewhere") == [HttpRequest("GET", "https://elsewhere/1", {}, b"")]


def test_what_is_declared_secure_is_hidden_and_still_of_use() -> None:
    policy = {"policy": {"secureInput": True, "secureOutput": True}}
    world = World({"h": answer(200, {"secret": "s3cret"})})
    second = web("B", url="@concat('https://h/', activity('A').output.secret)")
    second["dependsOn"] = [{"activity": "A", "dependencyConditions": ["Succeeded"]}]

    shown = record(result(web("A") | policy, second, world=world), "A").shown()

    assert (shown["inputs"], shown["output"]) == ("***", "***")
    assert world.requests[1].uri == "https://h/s3cret"


QUOTING = "no: Bearer s3cret-token at https://h/"


@pytest.mark.parametrize(
    ("said", "secure", "message"),
    [
        (QUOTING, {}, f"message - '\"{QUOTING}\"'"),
        (QUOTING, {"secureInput": True}, "message - '\"no: *** at ***\"'"),
        (QUOTING, {"secureOutput": True}, "***"),
        # The token alone.
        ("no: s3cret-token", {"secureInput": True}, "'BadRequest', message - '\"no: ***\"'"),
    ],
)
def test_a_message_quotes_nothing_that_is_declared_secure(
    said: str, secure: dict[str, bool], message: str
) -> None:
    world = World({"h": answer(400, said)})
    activity = web("A", headers={"Authorization": "Bearer s3cret-token"}) | {"policy": secure}

    found = result(activity, world=world)

    assert record(found, "A").shown()["error"]["message"].endswith(message)
    assert found.message.endswith(message)


@pytest.mark.parametrize("size", [4 * 1024 * 1024, 4 * 1024 * 1024 + 1])
def test_an_answer_has_four_mebibytes_at_most(size: int) -> None:
    content = answer(200, {"a": "x" * (size - len('{"a": ""}'))})
    found, _ = sent(content)
    assert found.status.value == ("Succeeded" if size == 4 * 1024 * 1024 else "Failed")
