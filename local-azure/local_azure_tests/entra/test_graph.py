"""Microsoft Graph over HTTP, as azure-cli asks it."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from local_azure.control_plane.entra.directory import Principal
from local_azure.control_plane.entra.graph import OWNED_BY
from local_azure_tests.conftest import Running
from local_azure_tests.core import rest_client

HOST = "https://graph.microsoft.com"
DENIED = (403, "Authorization_RequestDenied")
FEDERATED = {
    "name": "ci",
    "issuer": "https://token.actions.githubusercontent.com",
    "subject": "repo:o/r:environment:dev",
    "audiences": ["api://AzureADTokenExchange"],
}
ADA = Principal(str(uuid4()), str(uuid4()), "User", "Ada")
TEAM = Principal(str(uuid4()), None, "Group", "Team")
IDENTITY = Principal(str(uuid4()), str(uuid4()), "ManagedIdentity", "identity")


class Client:
    """Somebody who asks Graph."""

    def __init__(self, running: Running, who: Principal, *permissions: str) -> None:
        self.running, self.who = running, who
        running.call(running.azure.directory.add, who)
        for permission in permissions:
            running.call(running.azure.graph_permissions.grant, who.object_id, permission)

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        asking = rest_client.Client(self.running, self.who, audience=HOST)
        return asking.exchange(method, f"{HOST}/v1.0/{path}", json=body)[:2]

    def told(self, method: str, path: str, body: Any = None) -> Any:
        status, told = self.ask(method, path, body)
        assert status < 300, told
        return told

    def refused(self, method: str, path: str, body: Any = None) -> tuple[int, str]:
        status, told = self.ask(method, path, body)
        return status, told["error"]["code"]

    def application(self, name: str) -> Any:
        return self.told("POST", "applications", {"displayName": name, "keyCredentials": []})


def somebody(name: str) -> Principal:
    return Principal(str(uuid4()), str(uuid4()), "ServicePrincipal", name)


@pytest.fixture(scope="module")
def owner(running: Running) -> Client:
    for each in (ADA, TEAM, IDENTITY):
        running.call(running.azure.directory.add, each)
    return Client(running, somebody("owner"), OWNED_BY)


@pytest.fixture(scope="module")
def ada(running: Running) -> Client:
    return Client(running, ADA)


@pytest.fixture(scope="module")
def another(running: Running) -> Client:
    return Client(running, somebody("another"), OWNED_BY)


def test_who_makes_an_application_owns_it_and_what_belongs_to_it(owner: Client) -> None:
    made = owner.application("mine")
    principal = owner.told("POST", "servicePrincipals", {"appId": made["appId"]})

    owners = [
        [one["id"] for one in owner.told("GET", f"{path}/owners")["value"]]
        for path in (f"applications/{made['id']}", f"servicePrincipals/{principal['id']}")
    ]
    assert owners == [[owner.who.object_id]] * 2


def test_a_password_is_told_once_and_signs_in(running: Running, owner: Client) -> None:
    made = owner.application("signs in")
    owner.told("POST", "servicePrincipals", {"appId": made["appId"], "accountEnabled": True})
    asked = {"displayName": "rbac", "endDateTime": "2100-01-01T00:00:00Z"}
    path = f"applications/{made['id']}/addPassword"
    password = owner.told("POST", path, {"passwordCredential": asked})
    [kept] = owner.told("GET", f"applications/{made['id']}")["passwordCredentials"]

    directory = running.azure.directory
    who = running.call(directory.authenticate, made["appId"], password["secretText"])
    assert (who.name, kept["keyId"], kept["displayName"], kept["secretText"]) == (
        "signs in",
        password["keyId"],
        "rbac",
        None,
    )


@pytest.mark.parametrize(
    ("method", "rest", "body"),
    [
        ("PATCH", "", {"displayName": "taken"}),
        ("DELETE", "", None),
        ("POST", "/addPassword", {"passwordCredential": {}}),
        ("POST", "/owners/$ref", {"@odata.id": f"{HOST}/v1.0/directoryObjects/{ADA.object_id}"}),
        ("POST", "/federatedIdentityCredentials", FEDERATED),
    ],
)
def test_only_an_owner_changes_an_application(
    owner: Client, another: Client, method: str, rest: str, body: Any
) -> None:
    made = owner.application("not theirs")

    assert another.refused(method, f"applications/{made['id']}{rest}", body) == DENIED


def test_an_owner_that_is_added_may_change_it_until_it_is_removed(
    owner: Client, another: Client
) -> None:
    path = f"applications/{owner.application('shared')['id']}"
    whom = {"@odata.id": f"{HOST}/v1.0/directoryObjects/{another.who.object_id}"}
    owner.told("POST", f"{path}/owners/$ref", whom)
    another.told("PATCH", path, {"description": "changed"})
    owner.told("DELETE", f"{path}/owners/{another.who.object_id}/$ref")

    assert owner.told("GET", path)["description"] == "changed"
    assert another.refused("PATCH", path, {"description": "again"}) == DENIED


@pytest.mark.parametrize(
    ("listed", "filtered"),
    [
        ("applications", "displayName eq 'it''s here'"),
        ("applications", "startswith(displayName,'IT''S')"),
        ("applications", "appId eq '{appId}' and startswith(displayName,'it')"),
        ("servicePrincipals", "servicePrincipalNames/any(c:c eq '{appId}')"),
    ],
)
def test_a_filter_finds_the_object_alone(owner: Client, listed: str, filtered: str) -> None:
    made = owner.application("it's here")
    owner.told("POST", "servicePrincipals", {"appId": made["appId"]})
    asked = filtered.format(appId=made["appId"])
    found = owner.told("GET", f"{listed}?$filter={asked}")["value"]
    owner.told("DELETE", f"applications/{made['id']}")
    after = owner.told("GET", f"{listed}?$filter={asked}")["value"]

    assert ([one["displayName"] for one in found], after) == (["it's here"], [])


@pytest.mark.parametrize(
    "asked",
    [
        "$filter=displayName ne 'x'",
        "$filter=colour eq 'x'",
        "$filter=id eq 'x' or id eq 'y'",
        "$top=1",
    ],
)
def test_another_question_is_refused_by_name(owner: Client, asked: str) -> None:
    owner.application("one at least")

    assert owner.refused("GET", f"applications?{asked}") == (501, "NotEmulated")


def test_a_managed_identity_is_found_as_a_service_principal(owner: Client) -> None:
    told = owner.told("GET", f"servicePrincipals(appId='{IDENTITY.client_id}')")

    assert (told["id"], told["servicePrincipalType"]) == (IDENTITY.object_id, "ManagedIdentity")


def test_what_nobody_here_made_is_changed_by_nobody(owner: Client) -> None:
    assert owner.refused("DELETE", f"servicePrincipals/{IDENTITY.object_id}") == DENIED


def test_a_person_is_told_who_they_are(ada: Client) -> None:
    assert ada.told("GET", "me")["id"] == ADA.object_id


def test_who_is_no_person_has_no_me(owner: Client) -> None:
    status, told = owner.ask("GET", "me")

    assert (status, told["error"]["message"]) == (
        400,
        "/me request is only valid with delegated authentication flow.",
    )


def test_groups_are_told_to_people(ada: Client) -> None:
    ids = [TEAM.object_id, IDENTITY.object_id, str(uuid4())]
    asked = {"ids": ids, "types": ["group"]}
    found = ada.told("POST", "directoryObjects/getByIds", asked)["value"]

    groups = [("#microsoft.graph.group", TEAM.object_id)]
    assert [(one["@odata.type"], one["id"]) for one in found] == groups
    assert ada.told("GET", f"groups/{TEAM.object_id}")["displayName"] == "Team"


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "directoryObjects/getByIds", {"ids": [TEAM.object_id], "types": ["group"]}),
        ("GET", f"users/{ADA.object_id}", None),
    ],
    ids=["groups", "users"],
)
def test_users_and_groups_are_told_to_people_alone(
    owner: Client, method: str, path: str, body: Any
) -> None:
    assert owner.refused(method, path, body) == DENIED


def test_a_federated_credential_has_a_name_of_its_own_and_goes_with_its_application(
    owner: Client,
) -> None:
    path = f"applications/{owner.application('federated')['id']}"
    credentials = f"{path}/federatedIdentityCredentials"
    made = owner.told("POST", credentials, FEDERATED)
    again = owner.refused("POST", credentials, FEDERATED)
    listed = owner.told("GET", credentials)["value"]
    owner.told("DELETE", f"{credentials}/ci")

    assert {key: made[key] for key in FEDERATED} == FEDERATED
    assert (again, [one["id"] for one in listed]) == ((409, "Conflict"), [made["id"]])
    assert owner.told("GET", credentials)["value"] == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, (400, "Request_BadRequest")),
        ({"displayName": 7}, (400, "Request_BadRequest")),
        ([], (400, "Request_BadRequest")),
        ({"displayName": "x", "appRoles": [{}]}, (501, "NotEmulated")),
    ],
)
def test_a_body_that_says_something_else_is_refused(
    owner: Client, body: Any, expected: tuple[int, str]
) -> None:
    assert owner.refused("POST", "applications", body) == expected


def test_a_refusal_names_its_request(owner: Client) -> None:
    _, told = owner.ask("GET", f"applications/{uuid4()}")

    assert told["error"]["code"] == "Request_ResourceNotFound"
    inner = told["error"]["innerError"]
    assert datetime.fromisoformat(inner["date"]).replace(tzinfo=UTC) <= datetime.now(UTC)
    assert UUID(inner["request-id"]) != UUID(inner["client-request-id"])
