"""Secrets of a vault, by the real client."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from azure.core.rest import HttpRequest
from azure.identity import ClientSecretCredential
from azure.keyvault.secrets import SecretClient

from local_azure.control_plane.entra.directory import Principal
from local_azure.control_plane.tenant import SUBSCRIPTION, TENANT_ID
from local_azure.services.keyvault.errors import InvalidSecretError, SecretIsDeletedError
from local_azure_tests.conftest import Running, known

VAULT = f"{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/vault-one"
SECRETS_USER = "4633458b-17de-408a-b874-0445c86b69e6"
SECRETS_OFFICER = "b86a8fe4-44ce-4948-aee5-eccb2c155cd7"
NEVER = datetime(9999, 1, 1, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("client_environment")


def principal(running: Running, name: str, role: str, scope: str) -> ClientSecretCredential:
    made = Principal(f"{name}-object", f"{name}-client", "ServicePrincipal", name)
    running.call(running.azure.directory.add, made)
    running.call(running.azure.directory.add_secret, made.client_id, name, f"{name}-secret", NEVER)
    running.call(running.azure.authorization.assign, f"{name}", made.object_id, role, scope)
    return ClientSecretCredential(TENANT_ID, f"{name}-client", f"{name}-secret")


@pytest.fixture
def officer(running: Running, client_environment: None) -> Iterator[SecretClient]:  # noqa: ARG001 the client reads the environment when it is made
    running.call(known, running.azure, VAULT)
    credential = principal(running, "officer", SECRETS_OFFICER, VAULT)
    with SecretClient("https://vault-one.vault.azure.net", credential) as client:
        yield client


def user(running: Running, scope: str) -> SecretClient:
    running.call(known, running.azure, VAULT)
    credential = principal(running, "user", SECRETS_USER, scope)
    return SecretClient("https://vault-one.vault.azure.net", credential)


def kept(running: Running, name: str, value: str) -> str:
    """Put a secret as the control plane does; its version."""
    return running.call(running.azure.keyvault.put, "vault-one", name, value)


def test_a_secret_is_read_as_it_was_put(running: Running, officer: SecretClient) -> None:
    version = kept(running, "hostile", "a\"b'c%d\u00fc\n")

    found = officer.get_secret("hostile")

    assert (found.value, found.properties.version) == ("a\"b'c%d\u00fc\n", version)


def test_each_version_stays_readable(running: Running, officer: SecretClient) -> None:
    first = kept(running, "rotated", "one")
    kept(running, "rotated", "two")

    assert officer.get_secret("rotated").value == "two"
    assert officer.get_secret("rotated", first).value == "one"
    assert len(list(officer.list_properties_of_secret_versions("rotated"))) == 2


def test_a_list_has_names_and_no_values(running: Running, officer: SecretClient) -> None:
    kept(running, "listed", "value")

    names = [each.name for each in officer.list_properties_of_secrets()]

    assert "listed" in names


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "secrets/known"),
        ("DELETE", "secrets/known"),
        ("GET", "deletedsecrets"),
        ("POST", "deletedsecrets/known/recover"),
    ],
)
def test_no_secret_is_set_or_deleted_there(officer: SecretClient, method: str, path: str) -> None:
    assert officer.send_request(HttpRequest(method, path)).status_code == 501


def test_a_role_on_one_secret_reads_that_one_only(running: Running) -> None:
    kept(running, "mine", "1")
    kept(running, "other", "2")

    with user(running, f"{VAULT}/secrets/mine") as client:
        assert client.get_secret("mine").value == "1"
        with pytest.raises(
            HttpResponseError, match=r"(?s)getSecret/action.*secrets/other"
        ) as refused:
            client.get_secret("other")
    assert refused.value.status_code == 403


def test_a_deleted_secret_keeps_its_name(running: Running, officer: SecretClient) -> None:
    kept(running, "deleted", "kept")
    running.call(running.azure.keyvault._secrets.delete, "vault-one", "deleted")

    with pytest.raises(ResourceNotFoundError):
        officer.get_secret("deleted")
    with pytest.raises(SecretIsDeletedError):
        kept(running, "deleted", "again")


def test_an_unknown_secret_is_not_found(officer: SecretClient) -> None:
    with pytest.raises(ResourceNotFoundError, match="SecretNotFound"):
        officer.get_secret("nowhere")


@pytest.mark.parametrize(("name", "value"), [("a_b", "v"), ("", "v"), ("a", "v" * 25_601)])
def test_what_no_secret_can_be_is_refused(running: Running, name: str, value: str) -> None:
    with pytest.raises(InvalidSecretError):
        kept(running, name, value)


def test_a_value_does_not_lie_in_the_state_file(running: Running) -> None:
    kept(running, "sealed", "clear-text-value")

    files = running.home.folder.glob("state.db*")

    assert b"clear-text-value" not in b"".join(path.read_bytes() for path in files)
