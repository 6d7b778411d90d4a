"""An embedded Azure that takes its time, ``--as-slow-as-azure``; only its clock is moved."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import aiohttp
import pytest

from local_azure.control_plane.clock import Clock
from local_azure.control_plane.tenant import DEPLOYER, SUBSCRIPTION, TENANT_ID
from local_azure.home import Home
from local_azure_tests.conftest import NOON, Running
from local_azure_tests.core import bodies
from local_azure_tests.core.bodies import STORAGE
from local_azure_tests.core.rest_client import ARM, Client
from local_azure_tests.providers.engine import Engine

GROUP = f"{SUBSCRIPTION}/resourceGroups/slow"
TOPIC = f"{GROUP}/providers/Microsoft.EventGrid/topics/slow"
VAULT = f"{GROUP}/providers/Microsoft.KeyVault/vaults/slow-vault"
ACCOUNT = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/slowaccount"
READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
HERE = {"location": "westeurope"}


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    server = Running(Home(tmp_path_factory.mktemp("azure")), Clock(NOON), is_slow=True)
    assert Client(server).send("PUT", GROUP, HERE)[0] == 201
    yield server
    server.stop()


@pytest.fixture
def client(slow: Running) -> Client:
    return Client(slow)


def advance(slow: Running, seconds: float) -> None:
    slow.call(slow.azure.advance, timedelta(seconds=seconds))


def state(client: Client, resource_id: str) -> str:
    return str(client.send("GET", resource_id)[1]["properties"]["provisioningState"])


def test_a_topic_is_creating_until_its_time_has_come(client: Client) -> None:
    client.send("PUT", TOPIC, HERE)
    advance(client.running, 9)
    before = state(client, TOPIC)
    advance(client.running, 1)

    assert (before, state(client, TOPIC)) == ("Creating", "Succeeded")


@pytest.mark.parametrize(
    ("path", "version", "body", "seconds"),
    [(f"{TOPIC}-told", "2025-02-15", HERE, "10"), (f"{ACCOUNT}2", "2024-01-01", STORAGE, "17")],
    ids=["a topic", "an account"],
)
def test_a_client_is_asked_to_wait_as_recorded(
    client: Client, path: str, version: str, body: object, seconds: str
) -> None:
    url = f"{ARM}{path}?api-version={version}"

    assert client.exchange("PUT", url, json=body).headers["Retry-After"] == seconds


def test_a_change_of_what_is_under_way_is_refused(client: Client) -> None:
    assert client.send("PUT", ACCOUNT, STORAGE) == (202, None)
    codes = [
        client.send("DELETE", path)[1]["error"]["code"]
        for path in (ACCOUNT, f"{ACCOUNT}/managementPolicies/default")
    ]
    advance(client.running, 17)

    assert codes == ["StorageAccountOperationInProgress"] * 2
    assert client.send("DELETE", ACCOUNT)[0] == 200


def test_a_vault_registers_its_name_for_a_while(client: Client) -> None:
    client.send("PUT", VAULT, bodies.BODY[bodies.VAULT])
    before = state(client, VAULT)
    advance(client.running, 20)

    assert (before, state(client, VAULT)) == ("RegisteringDns", "Succeeded")


def test_a_role_counts_after_ten_minutes(client: Client) -> None:
    reader = Client.somebody(client.running)
    role = f"{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/{READER}"
    grant = f"{GROUP}/providers/Microsoft.Authorization/roleAssignments/{uuid4()}"
    properties = {
        "roleDefinitionId": role,
        "principalId": reader.who.object_id,
        "principalType": "ServicePrincipal",
    }
    assert client.send("PUT", grant, {"properties": properties})[0] == 201
    advance(client.running, 599)
    early = reader.send("GET", GROUP)[0]
    advance(client.running, 1)

    assert (early, reader.send("GET", GROUP)[0]) == (403, 200)


def test_a_new_application_signs_in_after_eighteen_seconds(slow: Running) -> None:
    entra = Engine(slow.azure.ports.now["azuread"])
    application = entra.create(
        "azuread:index/application:Application",
        {"displayName": "new", "owners": [DEPLOYER.object_id]},
    )
    client_id = application.outputs["clientId"]
    entra.create(
        "azuread:index/servicePrincipal:ServicePrincipal",
        {"clientId": client_id, "owners": [DEPLOYER.object_id]},
    )
    secret = entra.create(
        "azuread:index/applicationPassword:ApplicationPassword",
        {"applicationId": application.id},
    ).outputs["value"]
    entra.channel.close()
    form = {
        "grant_type": "client_credentials",
        "client_id": client_id,
        "client_secret": secret,
        "scope": "https://management.azure.com/.default",
    }

    async def signed_in() -> int:
        url = f"https://login.microsoftonline.com/{TENANT_ID}/oauth2/v2.0/token"
        async with slow.azure.http.post(url, data=aiohttp.FormData(form)) as answer:
            return answer.status

    early = slow.run(signed_in())
    advance(slow, 18)

    assert (early, slow.run(signed_in())) == (400, 200)


def test_pulumi_waits_for_the_end_of_a_creation(slow: Running) -> None:
    native = Engine(slow.azure.ports.now["azure-native"], clientId=str(DEPLOYER.client_id))
    inputs = {"resourceGroupName": "slow", "topicName": "waited", "location": "westeurope"}
    with ThreadPoolExecutor() as pool:
        making = pool.submit(native.create, "azure-native:eventgrid:Topic", inputs)
        while slow.call(slow.azure.resources.find, f"{TOPIC[:-4]}waited") is None:
            assert not making.done()
        early = making.done()
        while not making.done():
            advance(slow, 5)
        made = making.result()
    native.channel.close()

    assert (early, made.outputs["provisioningState"]) == (False, "Succeeded")
