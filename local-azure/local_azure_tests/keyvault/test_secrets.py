"""Secrets of a vault, by the real client."""

import re
from collections.abc import Iterator

import pytest
from azure.core.exceptions import HttpResponseError, ResourceExistsError, ResourceNotFoundError
from azure.core.rest import HttpRequest
from azure.keyvault.secrets import SecretClient

from local_azure.control_plane.entra.directory import Principal
from local_azure.control_plane.tenant import SUBSCRIPTION
from local_azure_tests.conftest import Running, known
from local_azure_tests.storage import world

VAULT = f"{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/vault-one"
SECRETS_USER = "4633458b-17de-408a-b874-0445c86b69e6"
SECRETS_OFFICER = "b86a8fe4-44ce-4948-aee5-eccb2c155cd7"

pytestmark = pytest.mark.usefixtures("client_environment")


def _client(running: Running, who: Principal, role: str, scope: str) -> SecretClient:
    assign = running.azure.authorization.assign
    running.call(assign, who.name, who.object_id, role, scope)
    return SecretClient("https://vault-one.vault.azure.net", world.credential(who))


@pytest.fixture
def officer(running: Running, client_environment: None) -> Iterator[SecretClient]:  # noqa: ARG001 the client reads the environment when it is made
    running.call(world.people, running.azure)
    running.call(known, running.azure, VAULT)
    with _client(running, world.WRITER, SECRETS_OFFICER, VAULT) as client:
        yield client


def user(running: Running, scope: str) -> SecretClient:
    return _client(running, world.GUEST, SECRETS_USER, scope)


def test_a_secret_is_read_as_it_was_set(officer: SecretClient) -> None:
    made = officer.set_secret("hostile", "a\"b'c%d\u00fc\n", tags={"owner": "team"})

    found = officer.get_secret("hostile")

    assert (found.value, found.id) == ("a\"b'c%d\u00fc\n", made.id)
    assert found.properties.tags == {"owner": "team"}


def test_each_version_stays_readable(officer: SecretClient) -> None:
    first = officer.set_secret("rotated", "one").properties.version
    officer.set_secret("rotated", "two")

    assert officer.get_secret("rotated").value == "two"
    assert officer.get_secret("rotated", first).value == "one"
    assert len(list(officer.list_properties_of_secret_versions("rotated"))) == 2


def test_a_list_has_names_and_no_values(officer: SecretClient) -> None:
    officer.set_secret("listed", "not shown")

    listed = officer.send_request(HttpRequest("GET", "secrets")).text()

    assert (listed.count("/secrets/listed"), listed.count("not shown")) == (1, 0)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("DELETE", "secrets/known"),
        ("GET", "deletedsecrets"),
        ("POST", "deletedsecrets/known/recover"),
    ],
)
def test_no_secret_is_deleted_there(officer: SecretClient, method: str, path: str) -> None:
    assert officer.send_request(HttpRequest(method, path)).status_code == 501


def test_a_list_comes_in_pages_of_as_many_as_are_asked_for(officer: SecretClient) -> None:
    for value in ("1", "2", "3"):
        officer.set_secret("paged", value)

    pages = officer.list_properties_of_secret_versions("paged", max_page_size=2).by_page()

    assert [len(list(page)) for page in pages] == [2, 1]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        *((f"maxresults={asked}", "maxresults.* from 1 to 25;") for asked in (0, 26, "9" * 5000)),
        ("$skiptoken=x", "skiptoken .* found 'x'"),
    ],
    ids=["none", "26", "thousands of digits", "no place"],
)
def test_a_page_has_one_to_25(officer: SecretClient, asked: str, told: str) -> None:
    answer = officer.send_request(HttpRequest("GET", f"secrets?{asked}"))

    assert (answer.status_code, re.findall(told, answer.text()) != []) == (400, True)


def test_what_the_control_plane_puts_the_data_plane_reads(
    running: Running, officer: SecretClient
) -> None:
    version = running.call(running.azure.keyvault.put, "vault-one", "from-arm", "put")

    assert officer.get_secret("from-arm", version).value == "put"


def test_a_role_on_one_secret_reads_that_one_only(running: Running, officer: SecretClient) -> None:
    officer.set_secret("mine", "1")
    officer.set_secret("other", "2")

    told = r"(?s)getSecret/action.*secrets/other"
    with user(running, f"{VAULT}/secrets/mine") as client:
        assert client.get_secret("mine").value == "1"
        with pytest.raises(HttpResponseError, match=told) as refused:
            client.get_secret("other")
    assert refused.value.status_code == 403


def test_a_user_can_not_set(running: Running, officer: SecretClient) -> None:
    officer.set_secret("read-only", "1")

    with user(running, VAULT) as client, pytest.raises(HttpResponseError, match="setSecret/action"):
        client.set_secret("read-only", "2")


def test_a_deleted_secret_keeps_its_name(running: Running, officer: SecretClient) -> None:
    officer.set_secret("deleted", "kept")
    running.call(running.azure.keyvault._secrets.delete, "vault-one", "deleted")

    with pytest.raises(ResourceNotFoundError):
        officer.get_secret("deleted")
    with pytest.raises(ResourceExistsError):
        officer.set_secret("deleted", "again")


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"{", b"[]", b'"text"', b"\xff", b"{}", b'{"value": 1}', b'{"value": "\\ud800"}'),
        *(b'{"value": "v", "other": 1}', b'{"value": "v", "tags": [1]}'),
        *(b'{"value": "v", "tags": {"a": 1}}', b'{"value": "v", "contentType": 1}'),
        *(b'{"value": "v", "attributes": [1]}', b'{"value": "v", "attributes": {"x": 1}}'),
        *(b'{"value": "v", "attributes": {"enabled": "no"}}',),
        *(b'{"value": "v", "attributes": {"exp": "soon"}}',),
        *(b'{"value": "v", "attributes": {"nbf": true}}',),
        *(b'{"value": "v", "attributes": {"exp": 1e400}}',),
        *(b'{"value": "v", "attributes": {"exp": 253402300800}}',),
    ],
)
def test_what_no_secret_can_be_is_refused_and_not_kept(officer: SecretClient, body: bytes) -> None:
    sent = HttpRequest("PUT", "secrets/odd", content=body, headers={"content-type": "text/json"})

    answer = officer.send_request(sent)

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "BadParameter")
    with pytest.raises(ResourceNotFoundError, match="SecretNotFound"):
        officer.get_secret("odd")


def test_what_the_service_sets_itself_may_be_sent_back(officer: SecretClient) -> None:
    told = {"enabled": False, "exp": 4_000_000_000, "nbf": None, "created": 1, "updated": 2}
    body = {"value": "v", "attributes": {**told, "recoveryLevel": "Purgeable"}, "tags": None}

    answer = officer.send_request(HttpRequest("PUT", "secrets/sent-back", json=body)).json()

    assert (answer["attributes"]["enabled"], answer["attributes"]["exp"]) == (False, 4_000_000_000)
    assert answer["attributes"]["created"] > 1


def test_a_value_does_not_lie_in_the_state_file(running: Running, officer: SecretClient) -> None:
    officer.set_secret("sealed", "clear-text-value")

    files = running.home.folder.glob("state.db*")

    assert b"clear-text-value" not in b"".join(path.read_bytes() for path in files)
