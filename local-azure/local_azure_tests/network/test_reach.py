"""Who reaches the data of what is private, from where, and how everybody else is refused."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from urllib.parse import quote

import aiohttp
import pytest
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from local_azure.control_plane.entra.directory import Principal
from local_azure.control_plane.networks.origins import HEADER
from local_azure.control_plane.tenant import SUBSCRIPTION
from local_azure_tests.conftest import Running
from local_azure_tests.network.world import (
    ACCOUNT,
    FACTORY,
    GLOBAL,
    HERE,
    MANAGED,
    VAULT,
    WORKSPACE,
    Json,
    World,
    account,
    allowing,
    endpoint,
    link,
    managed,
    named_endpoint,
    runtime,
    state,
    vault,
    workspace,
    zone,
    zone_group,
)

OUTSIDE, INSIDE, ELSEWHERE = "", "private-net", "another-net"
READER = Principal("22222222-0000-4000-8000-000000000002", "", "User", "reader")
ROLES = (
    "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",  # Storage Blob Data Reader
    "4633458b-17de-408a-b874-0445c86b69e6",  # Key Vault Secrets User
    "f6c7c914-8db3-469d-8ca1-694a8f32e121",  # AzureML Data Scientist
)
BLOBS = "https://privateinputs.blob.core.windows.net/data?restype=container&comp=list"
QUEUES = "https://privateinputs.queue.core.windows.net/?comp=list"
FILESYSTEMS = "https://privateinputs.dfs.core.windows.net/?resource=account"
SECRET = "https://private-vault.vault.azure.net/secrets/word?api-version=7.4"
JOB = "https://digits.westeurope.inference.ml.azure.com/jobs/none"
RUN = f"https://westeurope.api.azureml.ms/history/v1.0{WORKSPACE}/runs/none"
OPEN = "https://login.microsoftonline.com/common/v2.0/.well-known/openid-configuration"
MANAGER = "https://management.azure.com"
STORAGE, VAULTS, ML = "https://storage.azure.com", "https://vault.azure.net", "https://ml.azure.com"
CLOSED = {"publicNetworkAccess": "Disabled"}
NOBODY = {"defaultAction": "Deny", "bypass": "None"}
"""Nobody but by a private endpoint."""
allowed = partial(allowing, bypass="None")


def private(world: World, target: str, group: str, *zones: str) -> None:
    """An endpoint in the network, found there by its names."""
    path = named_endpoint(group)
    world.put(path, endpoint(target, group))
    for name in zones:
        world.put(zone(name), GLOBAL)
        world.put(f"{zone(name)}/virtualNetworkLinks/net", link())
    world.put(f"{path}/privateDnsZoneGroups/default", zone_group(*map(zone, zones)))


@pytest.fixture(scope="module")
def world(running: Running) -> World:
    made = World(running)
    made.make()
    made.put(f"{ACCOUNT}/blobServices/default/containers/data", {"properties": {}})
    made.put(f"{VAULT}/secrets/word", {"properties": {"value": "open"}})
    made.put(WORKSPACE, workspace(**CLOSED))
    made.put(f"{WORKSPACE}/batchEndpoints/digits", {**HERE, "properties": {"authMode": "AADToken"}})
    private(made, ACCOUNT, "blob", "privatelink.blob.core.windows.net")
    private(made, VAULT, "vault", "privatelink.vaultcore.azure.net")
    names = ("privatelink.api.azureml.ms", "privatelink.notebooks.azure.net")
    private(made, WORKSPACE, "amlworkspace", *names)
    azure, factory = running.azure, made.get(FACTORY)["identity"]["principalId"]

    def introduce() -> None:
        azure.directory.add(READER)
        for who in (READER.object_id, factory):
            for role in ROLES:
                azure.authorization.assign(f"{who} {role}", who, role, SUBSCRIPTION)

    running.call(introduce)
    return made


def ask(
    world: World,
    url: str,
    audience: str,
    inside: str,
    who: Principal = READER,
    headers: Mapping[str, str] | None = None,
) -> tuple[int, str]:
    """What a client of somebody is answered from inside of a network, or from outside."""
    azure = world.running.azure

    async def exchange() -> tuple[int, str]:
        user = f"{quote(inside)}:inside@" if inside else ""
        proxy = f"http://{user}127.0.0.1:{azure.ports.now['proxy']}"
        token = azure.tokens.issue(who, audience).value
        sent = {"authorization": f"Bearer {token}", "x-ms-version": "2021-12-02"}
        trust = aiohttp.TCPConnector(ssl=azure.authority.client_context())
        async with (
            aiohttp.ClientSession(connector=trust) as session,
            session.get(url, headers=sent | dict(headers or {}), proxy=proxy) as answer,
        ):
            return answer.status, await answer.text()

    return world.running.run(exchange())


def _factory(world: World) -> Principal:
    principal = world.get(FACTORY)["identity"]["principalId"]
    found = world.running.call(world.running.azure.directory.find, principal)
    assert found
    return found


ACCOUNTS: list[tuple[Json, str, int]] = [
    ({}, OUTSIDE, 200),
    (CLOSED, OUTSIDE, 403),
    (CLOSED, INSIDE, 200),
    (CLOSED, ELSEWHERE, 403),
    (CLOSED | allowed("203.0.113.10"), OUTSIDE, 403),
    (allowed("203.0.113.10"), OUTSIDE, 200),
    (allowed("203.0.113.8/30"), OUTSIDE, 200),
    (allowed("203.0.113.12"), OUTSIDE, 403),
    (allowed("198.51.100.1"), OUTSIDE, 403),
    ({"networkAcls": NOBODY}, INSIDE, 200),
    ({"networkAcls": {"defaultAction": "Deny"}}, OUTSIDE, 403),
]


@pytest.mark.parametrize(("properties", "inside", "status"), ACCOUNTS)
def test_an_account_is_reached_as_its_firewall_says(
    world: World, properties: Json, inside: str, status: int
) -> None:
    world.put(ACCOUNT, account(**properties))

    told, text = ask(world, BLOBS, STORAGE, inside)

    refusal = "This request is not authorized to perform this operation."
    assert (told, refusal in text) == (status, status == 403)


@pytest.mark.parametrize(
    ("url", "inside"), [(QUEUES, INSIDE), (FILESYSTEMS, INSIDE), (FILESYSTEMS, OUTSIDE)]
)
def test_an_endpoint_of_one_group_leads_to_no_other(world: World, url: str, inside: str) -> None:
    world.put(ACCOUNT, account(**CLOSED))

    told, text = ask(world, url, STORAGE, inside)
    assert (told, "AuthorizationFailure" in text) == (403, True)


def test_an_endpoint_whose_zone_the_network_does_not_know_leads_nowhere(world: World) -> None:
    world.put(ACCOUNT, account(**CLOSED))
    linked = f"{zone('privatelink.blob.core.windows.net')}/virtualNetworkLinks/net"
    world.delete(linked)
    without = ask(world, BLOBS, STORAGE, INSIDE)[0]
    world.put(linked, link())

    assert (without, ask(world, BLOBS, STORAGE, INSIDE)[0]) == (403, 200)


def test_a_rejected_endpoint_leads_nowhere(world: World) -> None:
    world.put(ACCOUNT, account(**CLOSED))
    world.decide(ACCOUNT, "Rejected")
    rejected = ask(world, BLOBS, STORAGE, INSIDE)[0]
    world.decide(ACCOUNT, "Approved")

    assert (rejected, ask(world, BLOBS, STORAGE, INSIDE)[0]) == (403, 200)


@pytest.mark.parametrize(
    ("bypass", "told"), [({}, 200), ({"bypass": "AzureServices"}, 200), ({"bypass": "None"}, 403)]
)
def test_a_trusted_service_comes_in_by_its_own_identity(
    world: World, bypass: Json, told: int
) -> None:
    world.put(ACCOUNT, account(**CLOSED, networkAcls={"defaultAction": "Deny", **bypass}))

    assert ask(world, BLOBS, STORAGE, OUTSIDE, _factory(world))[0] == told
    assert ask(world, BLOBS, STORAGE, OUTSIDE)[0] == 403


def test_one_resource_comes_in_by_a_rule_of_its_own(world: World) -> None:
    rule = {"tenantId": "7e7a0000-0000-4000-8000-00000000e57a", "resourceId": FACTORY}
    world.put(ACCOUNT, account(networkAcls={**NOBODY, "resourceAccessRules": [rule]}))

    assert ask(world, BLOBS, STORAGE, OUTSIDE, _factory(world))[0] == 200


def test_a_service_is_not_at_the_address_of_a_client(world: World) -> None:
    world.put(ACCOUNT, account(**allowed("203.0.113.10")))
    azure = world.running.azure
    token = world.running.call(azure.tokens.issue, READER, STORAGE).value

    async def called() -> int:
        headers = {"authorization": f"Bearer {token}", "x-ms-version": "2021-12-02"}
        async with azure.http.get(BLOBS, headers=headers) as answer:
            return answer.status

    assert (world.running.run(called()), ask(world, BLOBS, STORAGE, OUTSIDE)[0]) == (403, 200)


def test_nobody_outside_can_say_that_he_is_inside(world: World) -> None:
    world.put(ACCOUNT, account(**CLOSED))

    said = {HEADER: "guessed private-net"}
    assert ask(world, BLOBS, STORAGE, OUTSIDE, headers=said)[0] == 403


def test_what_answers_does_not_see_how_services_say_where_they_are(running: Running) -> None:
    seen: list[str] = []

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        seen.extend(name.decode() for name, _ in scope["headers"])
        await Response()(scope, receive, send)

    async def called() -> None:
        url = "https://listening.example.net/"
        async with running.azure.http.get(url, headers={"x-mine": "1"}) as answer:
            assert answer.status == 200

    running.call(running.azure.hosts.register, ["listening.example.net"], application)
    running.run(called())
    assert ("x-mine" in seen, HEADER in seen) == (True, False)


PRIVATE = "Public network access is disabled and request is not from a trusted service nor via"
ADDRESS_ALONE = {"networkAcls": {**NOBODY, "ipRules": [{"value": "203.0.113.10"}]}}
FIREWALL = "Client address is not authorized and caller is not a trusted service.\\r\\nClient "


@pytest.mark.parametrize(
    ("properties", "inside", "status", "said"),
    [
        ({}, OUTSIDE, 200, '"value":"open"'),
        (CLOSED, OUTSIDE, 403, PRIVATE),
        (CLOSED, OUTSIDE, 403, "ForbiddenByConnection"),
        (CLOSED, INSIDE, 200, '"value":"open"'),
        ({"networkAcls": NOBODY}, OUTSIDE, 403, FIREWALL),
        ({"networkAcls": NOBODY}, OUTSIDE, 403, "address: 203.0.113.10"),
        (ADDRESS_ALONE, OUTSIDE, 200, '"value":"open"'),
    ],
)
def test_a_vault_says_why_it_is_not_reached(
    world: World, properties: Json, inside: str, status: int, said: str
) -> None:
    world.put(VAULT, vault(**properties))

    told, text = ask(world, SECRET, VAULTS, inside)

    assert (told, said in text) == (status, True), text


@pytest.mark.parametrize(("url", "audience"), [(JOB, ML), (RUN, MANAGER)])
@pytest.mark.parametrize(("inside", "status"), [(OUTSIDE, 403), (ELSEWHERE, 403), (INSIDE, 404)])
def test_the_hosts_of_a_private_workspace_answer_inside_alone(
    world: World, url: str, audience: str, inside: str, status: int
) -> None:
    told, text = ask(world, url, audience, inside)

    denied = "Access to workspace was denied based on workspace private link configuration."
    assert (told, denied in text) == (status, status == 403)


VIA = {"connectVia": {"referenceName": "inside", "type": "IntegrationRuntimeReference"}}


def _ran(world: World, activity: Json) -> str:
    """How a pipeline of one activity ends."""
    world.put(f"{FACTORY}/pipelines/read", {"properties": {"activities": [activity]}})
    run = f"{FACTORY}/pipelines/read/createRun"
    status, started = world.client.ask(run, "2018-06-01", "POST", {})
    assert status == 200, started
    ended = world.running.run(world.running.azure.datafactory.end(started["runId"]))
    return ended.status.value


def _read(via: Json) -> Json:
    """A Web activity that reads the secret as the factory."""
    asked = {"url": SECRET, "method": "GET", **via}
    web = {**asked, "authentication": {"type": "MSI", "resource": VAULTS}}
    return {"name": "Read", "type": "WebActivity", "typeProperties": web}


@contextmanager
def _asked_for(world: World, target: str, group: str) -> Iterator[None]:
    """A managed endpoint of the factory, which waits, and a runtime in its network."""
    path = f"{MANAGED}/managedPrivateEndpoints/{group}"
    world.put(MANAGED, {"properties": {}})
    world.put(f"{FACTORY}/integrationRuntimes/inside", runtime())
    world.put(path, managed(target, group))
    yield
    world.delete(path)


def _approve(world: World, target: str, group: str) -> None:
    name = f"private-factory.{group}"
    (one,) = (each for each in world.connections(target) if name in str(each))
    world.put(one["id"], state("Approved"))


def test_a_web_activity_comes_in_by_an_approved_endpoint_of_its_runtimes_network(
    world: World,
) -> None:
    world.put(VAULT, vault(**CLOSED, networkAcls=NOBODY))
    with _asked_for(world, VAULT, "vault"):
        waiting = _ran(world, _read(VIA))
        _approve(world, VAULT, "vault")
        ends = (waiting, _ran(world, _read(VIA)), _ran(world, _read({})))

    assert ends == ("Failed", "Succeeded", "Failed")


@pytest.mark.parametrize(("via", "end"), [(VIA, "Succeeded"), ({}, "Failed")])
def test_a_linked_service_is_reached_from_its_runtime(world: World, via: Json, end: str) -> None:
    world.put(ACCOUNT, account(**CLOSED, networkAcls=NOBODY))
    endpoint = {"serviceEndpoint": "https://privateinputs.blob.core.windows.net"}
    store = {"type": "AzureBlobStorage", "typeProperties": endpoint, **via}
    folder = {
        "type": "Binary",
        "linkedServiceName": {"referenceName": "store", "type": "LinkedServiceReference"},
        "typeProperties": {"location": {"type": "AzureBlobStorageLocation", "container": "data"}},
    }
    named = {"referenceName": "folder", "type": "DatasetReference"}
    look = {"dataset": named, "fieldList": ["exists"]}

    activity = {"name": "Look", "type": "GetMetadata", "typeProperties": look}
    with _asked_for(world, ACCOUNT, "blob"):
        _approve(world, ACCOUNT, "blob")
        world.put(f"{FACTORY}/linkedservices/store", {"properties": store})
        world.put(f"{FACTORY}/datasets/folder", {"properties": folder})
        assert _ran(world, activity) == end


@pytest.mark.parametrize(("via", "end"), [(VIA, "Succeeded"), ({}, "Failed")])
def test_a_vaults_secret_is_read_from_the_runtime_of_its_linked_service(
    world: World, via: Json, end: str
) -> None:
    world.put(VAULT, vault(**CLOSED, networkAcls=NOBODY))
    words = {"baseUrl": "https://private-vault.vault.azure.net/"}
    service = {"type": "AzureKeyVault", "typeProperties": words, **via}
    store = {"referenceName": "words", "type": "LinkedServiceReference"}
    password = {"type": "AzureKeyVaultSecret", "store": store, "secretName": "word"}
    basic = {"type": "Basic", "username": "reader", "password": password}

    web = {"url": OPEN, "method": "GET", "authentication": basic}
    with _asked_for(world, VAULT, "vault"):
        _approve(world, VAULT, "vault")
        world.put(f"{FACTORY}/linkedservices/words", {"properties": service})
        assert _ran(world, {"name": "Read", "type": "WebActivity", "typeProperties": web}) == end
