"""Two namespaces with an event hub, queues and a topic, and a sender."""

from typing import Any

import requests

from local_azure.azure import Azure
from local_azure.control_plane.tenant import SUBSCRIPTION
from local_azure.services.messaging.sending import BATCH
from local_azure_tests.conftest import Running, known
from local_azure_tests.storage.world import WRITER, principal

Json = dict[str, Any]
GROUP = f"{SUBSCRIPTION}/resourceGroups/group"
HUBS = f"{GROUP}/providers/Microsoft.EventHub/namespaces/hubs01"
BUS = f"{GROUP}/providers/Microsoft.ServiceBus/namespaces/bus001"
HUB, QUEUE, TOPIC = (f"{HUBS}/eventhubs/models", f"{BUS}/queues/work", f"{BUS}/topics/news")
HUB_URL = "https://hubs01.servicebus.windows.net/models/messages"
BUS_URL = "https://bus001.servicebus.windows.net"
HUB_SENDER = "2b629674-e913-4c01-ae53-ef4638d8f975"
BUS_SENDER = "69a216fc-b8fb-44d8-bc22-1f3c2cd27a39"
AUDIENCE = "https://servicebus.azure.net"
STRANGER = principal(7, "stranger")


def build(azure: Azure) -> None:
    """Namespaces and what is in them; the writer may send everywhere."""
    for identifier in (HUBS, BUS):
        host = f"{identifier.rpartition('/')[2]}.servicebus.windows.net"
        told: Json = {"serviceBusEndpoint": f"https://{host}:443/", "sku": {"name": "Standard"}}
        known(azure, identifier, told=told)
    known(azure, HUB)
    limits: Json = {"maxMessageSizeInKilobytes": 256, "requiresSession": False}
    for identifier in (QUEUE, TOPIC):
        known(azure, identifier, told=limits)
    for person in (WRITER, STRANGER):
        azure.directory.add(person)
    azure.authorization.assign("hubs", WRITER.object_id, HUB_SENDER, HUBS)
    azure.authorization.assign("bus", WRITER.object_id, BUS_SENDER, BUS)


def send(
    server: Running,
    url: str,
    body: str | bytes = '[{"Body": "{}"}]',
    person: Any = WRITER,
    content_type: str = BATCH,
) -> requests.Response:
    """POST a batch, with a token of somebody."""
    token = server.call(server.azure.tokens.issue, person, AUDIENCE).value
    sent = {"authorization": f"Bearer {token}", "content-type": content_type}
    return requests.post(url, data=body, headers=sent, timeout=10)


def messages(server: Running, entity: str) -> list[Json]:
    """What an entity has."""
    return server.call(server.azure.messaging.last, entity, 100)


def put_queue(azure: Azure) -> None:
    """Let the control plane know the storage queue ``drops/events``."""
    account = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/drops"
    known(azure, f"{account}/queueServices/default/queues/events")


async def put_message(azure: Azure, text: str) -> None:
    """Put a message into that queue, as Azurite has it."""
    body = f"<QueueMessage><MessageText>{text}</MessageText></QueueMessage>".encode()
    headers = {"content-type": "application/xml"}
    answer = await azure.storage._queues.send("pool000", "POST", "/events/messages", headers, body)
    answer.release()
    assert answer.status == 201
