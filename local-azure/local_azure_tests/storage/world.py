"""A storage account with a container, people with and without rights, and a listening webhook."""

import asyncio
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import requests
from azure.identity import ClientSecretCredential
from azure.storage.blob import BlobServiceClient
from azure.storage.filedatalake import DataLakeServiceClient
from azure.storage.queue import QueueServiceClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from local_azure.azure import Azure
from local_azure.control_plane.entra.directory import Principal
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.control_plane.tenant import SUBSCRIPTION, TENANT_ID
from local_azure.services.eventgrid import handshake
from local_azure.services.eventgrid.place import Place
from local_azure.services.eventgrid.subscriptions import Subscription, subscription
from local_azure_tests.conftest import Running, known

Json = dict[str, Any]
GROUP = f"{SUBSCRIPTION}/resourceGroups/group"
NAME = "drops"
ACCOUNT = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/{NAME}"
CONTAINER = f"{ACCOUNT}/blobServices/default/containers/input"
HOST = f"{NAME}.blob.core.windows.net"
URL = f"https://{HOST}"
TOPIC = f"{GROUP}/providers/Microsoft.EventGrid/systemTopics/topic"
QUEUES = "Microsoft.Storage/storageAccounts/queueServices/queues"
CONTAINERS = "Microsoft.Storage/storageAccounts/blobServices/containers"
SUBSCRIPTION_TYPE = "Microsoft.EventGrid/systemTopics/eventSubscriptions"
READER = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"
QUEUE_CONTRIBUTOR = "974c5e8b-45b9-4653-ba55-5f855dd0fb88"
CONTRIBUTOR = "ba92f5b4-2d11-453d-a403-e96b0029c9fe"
SECRET = "secret of a test"
VALIDATION = "https://rp-westeurope.eventgrid.azure.net/a-secret"
_FAR = datetime(2999, 1, 1, tzinfo=UTC)


def principal(number: int, name: str) -> Principal:
    """A service principal of its own number."""
    guid = f"{number:08}-0000-4000-8000-000000000000"
    return Principal(guid, guid.replace("4000", "4001"), "ServicePrincipal", name)


WRITER, GUEST = principal(1, "writer"), principal(2, "guest")
TOPIC_IDENTITY = Principal("00000003-0000-4000-8000-000000000000", None, "ManagedIdentity", "topic")


def account(azure: Azure, name: str = NAME, *, hierarchical: bool = False) -> None:
    """Let an account be known to the control plane."""
    endpoints = {
        service: f"https://{name}.{service}.core.windows.net/"
        for service in ("blob", "dfs", "queue")
    }
    told = {"isHnsEnabled": hierarchical, "primaryEndpoints": endpoints}
    known(azure, ACCOUNT.replace(NAME, name), told=told)


def people(azure: Azure) -> None:
    """Let the writer have the whole account, and the guest nothing."""
    for person in (WRITER, GUEST):
        azure.directory.add(person)
        azure.directory.add_secret(str(person.client_id), person.name, SECRET, _FAR)
    azure.authorization.assign("writer", WRITER.object_id, CONTRIBUTOR, ACCOUNT)
    azure.authorization.assign("queues", WRITER.object_id, QUEUE_CONTRIBUTOR, ACCOUNT)


def topic(azure: Azure) -> None:
    """A system topic on the account, with an identity of its own."""
    azure.directory.add(TOPIC_IDENTITY)
    body = {"source": ACCOUNT, "topicType": "Microsoft.Storage.StorageAccounts"}
    known(azure, TOPIC, body, {"identity": {"principalId": TOPIC_IDENTITY.object_id}})


def subscribe(azure: Azure, name: str = "to-hook", **body: Any) -> str:
    """An event subscription to the topic; its resource id."""
    if "deliveryWithResourceIdentity" not in body:
        body.setdefault("destination", webhook(name))
    identifier = f"{TOPIC}/eventSubscriptions/{name}"
    known(azure, identifier, body)
    return identifier


LETTERS = f"{ACCOUNT}/blobServices/default/containers/letters"
DEAD_LETTERS: Json = {
    "deadLetterDestination": {
        "endpointType": "StorageBlob",
        "resourceId": ACCOUNT,
        "blobContainerName": "letters",
    },
    "identity": {"type": "SystemAssigned"},
}


def let_bury(server: Running, who: Principal = TOPIC_IDENTITY) -> None:
    """Let somebody write dead letters."""
    assign = server.azure.authorization.assign
    server.call(assign, "letters", who.object_id, CONTRIBUTOR, LETTERS)


def letters(account_url: str = URL) -> dict[str, Json]:
    """What lies in each dead letter, by its name; each is taken away."""
    container, found = blobs(url=account_url).get_container_client("letters"), {}
    for name in list(container.list_blob_names()):
        [found[name]] = json.loads(container.download_blob(name).readall())
        container.delete_blob(name)
    return found


def event(subject: str = "/blobServices/default/containers/input/blobs/a", **data: Any) -> Json:
    """An event as storage publishes it."""
    return {
        "id": f"id of {subject}",
        "subject": subject,
        "eventType": "Microsoft.Storage.BlobCreated",
        "eventTime": "2026-06-01T12:00:00.0000000Z",
        "data": data,
        "dataVersion": "",
        "metadataVersion": "1",
    }


def publish(server: Running, *events: Json) -> None:
    """Publish events of the account, and wait until every delivery that is due has ended."""
    server.call(server.azure.eventgrid.publish, ACCOUNT, events or [event()])
    server.run(server.azure.eventgrid.settled())


def advance(server: Running, **by: float) -> None:
    """Move the clock, and wait until every delivery that is due has ended."""
    server.call(server.azure.clock.advance, timedelta(**by))
    server.run(server.azure.eventgrid.settled())


def find(server: Running, event_id: str) -> Json:
    """What the history tells of the last event with this id."""
    history = server.call(server.azure.eventgrid.history, 100)
    return next(told for told in history if told["event"]["id"] == event_id)


def deliveries(server: Running) -> list[Json]:
    """The deliveries of the last event."""
    last = server.call(server.azure.eventgrid.history, 1)[0]
    found: list[Json] = last["deliveries"]
    return found


def asking(url: str, schema: str = "EventGridSchema") -> Subscription:
    """A subscription to the account's events that asks a webhook for its consent."""
    destination = {"endpointType": "WebHook", "endpointUrl": url}
    body = {"destination": destination, "eventDeliverySchema": schema}
    return subscription(Resource("", "", "to-hook", body, {}), Place(ACCOUNT, None))


def consents(server: Running, url: str, schema: str = "EventGridSchema") -> bool:
    """Whether a webhook that is asked now wants events of the account."""
    asked = handshake.consents(server.azure.control, asking(url, schema), VALIDATION)
    return server.run(asked)


def hook_url(name: str) -> str:
    """The address of a webhook, with a secret in it."""
    return f"https://hook.example.test/{name}?sig=a%2Fb"


def webhook(name: str = "to-hook", **more: Any) -> Json:
    """The destination that is this webhook."""
    return {"endpointType": "WebHook", "endpointUrl": hook_url(name), **more}


def build(
    server: Running, containers: Iterable[str] = ("input",), *, hierarchical: bool = False
) -> None:
    """Account, containers and people."""
    azure = server.azure
    server.call(account, azure, hierarchical=hierarchical)
    server.call(people, azure)
    server.run(azure.storage.provision(NAME))
    for container in containers:
        server.run(azure.storage.create_container(NAME, container))


def credential(person: Principal) -> ClientSecretCredential:
    """How somebody signs in."""
    return ClientSecretCredential(TENANT_ID, str(person.client_id), SECRET)


def blobs(person: Principal = WRITER, url: str = URL, **options: Any) -> BlobServiceClient:
    """The real client, signed in as somebody."""
    return BlobServiceClient(url, credential(person), retry_total=0, **options)


def lake(person: Principal = WRITER, **options: Any) -> DataLakeServiceClient:
    """The real client of Data Lake Storage, signed in as somebody."""
    url = f"https://{NAME}.dfs.core.windows.net"
    return DataLakeServiceClient(url, credential(person), retry_total=0, **options)


def queues(person: Principal = WRITER, **options: Any) -> QueueServiceClient:
    """The real client of queues, signed in as somebody."""
    url = f"https://{NAME}.queue.core.windows.net"
    return QueueServiceClient(url, credential(person), retry_total=0, **options)


class Slow:
    """A body of 600,000 bytes, more than is read at once; something happens halfway."""

    def __init__(self, happens: Callable[[], object]) -> None:
        self._happens = happens

    def __len__(self) -> int:
        return 600_000

    def __iter__(self) -> Iterator[bytes]:
        yield bytes(300_000)
        self._happens()
        yield bytes(300_000)


def ask(
    server: Running,
    method: str,
    path: str,
    body: bytes | Slow | None = None,
    *,
    service: str = "blob",
    audience: str = "https://storage.azure.com",
    **headers: str,
) -> requests.Response:
    """What the writer is answered by hand; a header without a value is left out."""
    token = server.call(server.azure.tokens.issue, WRITER, audience).value
    names = {name: name if "-" in name else name.replace("_", "-") for name in headers}
    given = {"x-ms-version": "2021-12-02", **{names[name]: headers[name] for name in headers}}
    sent = {"authorization": f"Bearer {token}", **{k: given[k] for k in given if given[k]}}
    url = f"https://{NAME}.{service}.core.windows.net{path}"
    return requests.request(method, url, data=body, headers=sent, timeout=10)


class Hook:
    """A webhook that keeps what it gets and answers as it is told.

    Attributes:
        got: every delivery: path, headers and the events; no events for OPTIONS.
        answers: statuses of the next answers; 200 when there is none left.
        body: what it answers, to OPTIONS in the header that allows an origin; "echo" consents.
        hold: while it is cleared, deliveries wait.
    """

    def __init__(self, azure: Azure) -> None:
        self.got: list[tuple[str, dict[str, str], list[dict[str, Any]]]] = []
        self.answers: list[int] = []
        self.body = ""
        self.hold = asyncio.Event()
        self.hold.set()
        self._news = asyncio.Condition()
        routes = [
            Route("/{name}", self._answer, methods=["POST"]),
            Route("/{name}", self._allow, methods=["OPTIONS"]),
        ]
        azure.hosts.register(["hook.example.test"], Starlette(routes=routes))

    def reset(self) -> None:
        """Forget everything, and answer 200."""
        self.got.clear()
        self.answers.clear()
        self.body = ""

    async def _allow(self, request: Request) -> Response:
        async with self._news:
            self.got.append((request.url.path, dict(request.headers), []))
            self._news.notify_all()
        status = self.answers.pop(0) if self.answers else 200
        allowed = {"WebHook-Allowed-Origin": "*" if self.body == "echo" else self.body}
        return Response(status_code=status, headers=allowed if self.body else {})

    async def _answer(self, request: Request) -> Response:
        events = await request.json()
        async with self._news:
            self.got.append((request.url.path, dict(request.headers), events))
            self._news.notify_all()
        await self.hold.wait()
        status = self.answers.pop(0) if self.answers else 200
        if self.body == "echo" and request.headers["aeg-event-type"] == "SubscriptionValidation":
            code = events[0]["data"]["validationCode"]
            return PlainTextResponse(f'{{"validationResponse": "{code}"}}', status)
        return PlainTextResponse(self.body, status)

    async def arrived(self, count: int) -> None:
        """Return once there were that many deliveries."""
        async with self._news:
            await self._news.wait_for(lambda: len(self.got) >= count)

    def events(self) -> list[dict[str, Any]]:
        """All events, in the order in which they came."""
        return [event for _, _, events in self.got for event in events]


def told(server: Running, hook: Hook) -> list[Json]:
    """The events that a webhook got since it was asked last."""
    server.run(server.azure.eventgrid.settled())
    events = hook.events()
    hook.got.clear()
    return events


def watched(server: Running, *, hierarchical: bool = False) -> Hook:
    """Account, container and people, and a webhook that hears of the blobs."""
    build(server, hierarchical=hierarchical)
    server.call(topic, server.azure)
    server.call(subscribe, server.azure)
    return server.call(Hook, server.azure)
