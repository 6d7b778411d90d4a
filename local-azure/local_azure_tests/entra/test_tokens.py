"""Tokens, asked for by the real azure-identity client and verified as services do."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import requests
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import ClientSecretCredential, ManagedIdentityCredential

from local_azure.control_plane.clock import Clock
from local_azure.control_plane.entra.directory import Principal
from local_azure.control_plane.entra.errors import ExpiredTokenError, InvalidTokenError
from local_azure.control_plane.tenant import TENANT_ID
from local_azure.gateway.console import Console
from local_azure.home import Home
from local_azure_tests.conftest import NOON, Running

pytestmark = pytest.mark.usefixtures("client_environment")

CLIENT_ID = "0a000000-0000-4000-8000-00000000000a"
SECRET = "s&=+%ret ü"
CALLER = Principal("0b000000-0000-4000-8000-00000000000b", CLIENT_ID, "ServicePrincipal", "caller")
STORAGE = "https://storage.azure.com/.default"


@pytest.fixture(autouse=True)
def caller(running: Running) -> None:
    running.call(running.azure.directory.add, CALLER)
    expiry = running.azure.clock.now() + timedelta(days=1)
    running.call(running.azure.directory.add_secret, CLIENT_ID, "key", SECRET, expiry)


@pytest.fixture(scope="module")
def frozen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    server = Running(Home(tmp_path_factory.mktemp("frozen")), Clock(NOON))
    server.call(server.azure.directory.add, CALLER)
    yield server
    server.stop()


def verified(server: Running, token: str, audience: str) -> Principal:
    return server.call(server.azure.tokens.verify, f"Bearer {token}", [audience])


def test_a_token_names_the_principal_that_asked_for_it(running: Running) -> None:
    token = ClientSecretCredential(TENANT_ID, CLIENT_ID, SECRET).get_token(STORAGE)
    assert verified(running, token.token, "https://storage.azure.com") == CALLER


@pytest.mark.parametrize(
    ("tenant", "client", "secret", "scope", "code"),
    [
        (TENANT_ID, CLIENT_ID, "wrong", STORAGE, "AADSTS7000215"),
        (TENANT_ID, "11111111-1111-4111-8111-111111111111", SECRET, STORAGE, "AADSTS700016"),
        ("22222222-2222-4222-8222-222222222222", CLIENT_ID, SECRET, STORAGE, "AADSTS90002"),
        (TENANT_ID, CLIENT_ID, SECRET, "https://nowhere.example/.default", "AADSTS500011"),
        (TENANT_ID, CLIENT_ID, SECRET, "https://storage.azure.com/read", "AADSTS1002012"),
    ],
)
def test_what_is_wrong_with_a_request_is_told_by_entras_code(
    tenant: str, client: str, secret: str, scope: str, code: str
) -> None:
    credential = ClientSecretCredential(tenant, client, secret)
    with pytest.raises(ClientAuthenticationError, match=code):
        credential.get_token(scope)


def test_the_v1_endpoint_answers_as_the_workflow_reads_it() -> None:
    answer = requests.post(
        f"https://login.microsoftonline.com/{TENANT_ID}/oauth2/token",
        data={
            "grant_type": "client_credentials",
            "client_id": CLIENT_ID,
            "client_secret": SECRET,
            "resource": "https://ml.azure.com",
        },
        timeout=10,
    ).json()
    assert answer["token_type"] == "Bearer"
    assert answer["resource"] == "https://ml.azure.com"
    assert answer["expires_in"] == "3599"


def test_an_expired_secret_is_told_apart_from_a_wrong_one(running: Running) -> None:
    yesterday = running.azure.clock.now() - timedelta(days=1)
    running.call(running.azure.directory.add_secret, CLIENT_ID, "old", "old-secret", yesterday)
    with pytest.raises(ClientAuthenticationError, match="AADSTS7000222"):
        ClientSecretCredential(TENANT_ID, CLIENT_ID, "old-secret").get_token(STORAGE)


def test_a_token_for_another_audience_is_refused(running: Running) -> None:
    token = running.call(running.azure.tokens.issue, CALLER, "https://ml.azure.com")
    with pytest.raises(InvalidTokenError, match="Audiences in JWT are not allowed"):
        verified(running, token.value, "https://vault.azure.net")


def test_a_token_ends_after_its_hour(frozen: Running) -> None:
    token = frozen.call(frozen.azure.tokens.issue, CALLER, "https://ml.azure.com")
    frozen.call(frozen.azure.clock.advance, timedelta(seconds=3599))
    with pytest.raises(ExpiredTokenError, match="expired"):
        verified(frozen, token.value, "https://ml.azure.com")


def test_a_token_of_another_authority_is_refused(running: Running, frozen: Running) -> None:
    token = frozen.call(frozen.azure.tokens.issue, CALLER, "https://ml.azure.com")
    with pytest.raises(InvalidTokenError, match="not one of this tenant"):
        verified(running, token.value, "https://ml.azure.com")


def test_a_managed_identity_gets_its_token_from_the_console(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    console = Console(running.azure, running.home.secret("console"))
    port = running.azure.ports.now["console"]
    monkeypatch.setenv(
        "IDENTITY_ENDPOINT", f"http://127.0.0.1:{port}/identity/{CALLER.object_id}/token"
    )
    monkeypatch.setenv("IDENTITY_HEADER", console.identity_header(CALLER.object_id))
    token = ManagedIdentityCredential().get_token("https://vault.azure.net/.default")
    assert verified(running, token.token, "https://vault.azure.net") == CALLER


def test_secrets_do_not_lie_in_the_state_in_clear(running: Running) -> None:
    for path in running.home.folder.glob("state.db*"):
        assert SECRET.encode() not in path.read_bytes()
