"""Storage: accounts come and go; blobs, files of a Data Lake and queues are answered for.

Tables and file shares are not emulated; the tables' hosts answer 501.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import replace
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree as ET

from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from local_azure.control_plane.clock import iso
from local_azure.control_plane.clouds import CLOUDS
from local_azure.control_plane.hosts import Host
from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.resource_manager.resource_type import ResourceType
from local_azure.control_plane.service import Service
from local_azure.control_plane.topics import Topics
from local_azure.services.storage.accounts import Accounts, Pool
from local_azure.services.storage.azurite import Azurite
from local_azure.services.storage.backend import Backend
from local_azure.services.storage.errors import NotEmulatedError
from local_azure.services.storage.front import BlobFront, QueueFront
from local_azure.services.storage.lake.front import LakeFront
from local_azure.services.storage.lake.namespace import Namespaces
from local_azure.services.storage.moved_times import MovedTimes
from local_azure.services.storage.news import News
from local_azure.services.storage.resources import BLOB_CONTAINER, STORAGE_ACCOUNT, STORAGE_QUEUE

_CONTAINER = "?restype=container"


class Storage(Service):
    """The storage accounts.

    Args:
        control: the control plane.
        topics: hear of what happens to blobs.
    """

    def __init__(self, control: ControlPlane, topics: Topics) -> None:
        self._accounts = Accounts(control.state, control.resources)
        pool = Pool(control.home.secret("azurite"))
        declared = pool.declaration()
        self._azurite = Azurite(control.home, declared)
        self._backend = Backend(self._azurite, pool)
        # An Azurite of their own, which starts at the first queue.
        self._azurite_of_queues = Azurite(control.home, declared, "queue")
        self._queues = Backend(self._azurite_of_queues, pool)
        self._news = News(control, topics, self._backend)
        times = MovedTimes(control.state, control.clock)
        namespaces = Namespaces(self._backend, times)
        shared = (control, self._accounts, self._backend, self._news, times, namespaces)
        self._front, self._lake_front = BlobFront(*shared), LakeFront(*shared)
        self._queue_front = QueueFront(control, self._accounts, self._queues)

    def hosts(self) -> Iterable[Host]:
        """The accounts' own; bodies are streamed."""
        yield Host(_patterns("blob"), self._front, None)
        yield Host(_patterns("dfs"), self._lake_front, None)
        yield Host(_patterns("queue"), self._queue_front, None)
        yield Host(_patterns("table"), _not_emulated)

    async def start(self) -> None:
        """Start Azurite where there are accounts; raise events that a crash held back."""
        if not self._accounts.any():
            return
        of_queues = [self._azurite_of_queues] if self._azurite_of_queues.used else []
        await asyncio.gather(*(each.port() for each in (self._azurite, *of_queues)))
        for intent in self._news.intents.left():
            account = self._accounts.find(intent.call.host)
            if account is None:
                self._news.nothing(intent)
            else:
                await self._news.settle(intent, account)

    async def stop(self) -> None:
        """End Azurite."""
        await asyncio.gather(self._backend.close(), self._queues.close())
        await asyncio.gather(self._azurite.stop(), self._azurite_of_queues.stop())

    def types(self) -> Iterable[ResourceType]:
        """What lies in an account comes and goes with its resource."""
        yield replace(
            STORAGE_ACCOUNT,
            prepare=lambda put: self.provision(put.name),
            release=lambda _, gone: self.delete_account(gone.name),
        )
        yield replace(
            BLOB_CONTAINER,
            prepare=lambda put: self.create_container(put.path["accountName"], put.name),
            release=lambda _, gone: self.delete_container(gone.id.split("/")[8], gone.name),
        )
        yield replace(
            STORAGE_QUEUE,
            prepare=lambda put: self.create_queue(
                put.path["accountName"], put.name, put.body.get("metadata") or {}
            ),
            release=lambda _, gone: self.delete_queue(gone.id.split("/")[8], gone.name),
        )

    async def provision(self, account: str) -> None:
        """Let a storage account have blobs and queues. A second call changes nothing.

        Raises:
            LocalAzureError: when there are too many, or Azurite does not start.
        """
        self._accounts.add(account)
        await self._azurite.port()

    async def delete_account(self, account: str) -> None:
        """Delete a storage account's blobs and queues. A second call changes nothing."""
        pool = self._accounts.pool(account)
        if pool is None:
            return
        await self._backend.delete_all(pool, "Container", _CONTAINER)
        if self._azurite_of_queues.used:
            await self._queues.delete_all(pool, "Queue")
        self._accounts.remove(account)

    async def create_container(self, account: str, container: str) -> None:
        """Create a container. A second call changes nothing."""
        pool = self._accounts.add(account)
        await self._backend.change(pool, "PUT", f"/{container}{_CONTAINER}", (201, 409))

    async def delete_container(self, account: str, container: str) -> None:
        """Delete a container with its blobs. A second call changes nothing."""
        pool = self._accounts.pool(account)
        if pool:
            await self._backend.delete(pool, f"/{container}{_CONTAINER}")

    async def create_queue(self, account: str, queue: str, metadata: Mapping[str, str]) -> None:
        """Create a queue, or replace its metadata. A second call changes nothing."""
        pool, target = self._accounts.add(account), f"/{quote(queue)}"
        headers = {f"x-ms-meta-{key.lower()}": value for key, value in metadata.items()}
        await self._queues.change(pool, "PUT", target, (201, 204, 409), headers)
        await self._queues.change(pool, "PUT", f"{target}?comp=metadata", (204,), headers)

    async def delete_queue(self, account: str, queue: str) -> None:
        """Delete a queue with its messages. A second call changes nothing."""
        pool = self._accounts.pool(account)
        if pool:
            await self._queues.delete(pool, f"/{quote(queue)}")

    async def peek(self, account: str, queue: str, limit: int) -> list[dict[str, Any]]:
        """The first messages of a queue, at most 32: ``enqueued`` and ``body``."""
        pool = self._accounts.pool(account)
        if pool is None:
            return []
        target = f"/{quote(queue)}/messages?peekonly=true&numofmessages={limit}"
        answer = await self._queues.send(pool, "GET", target)
        listing = ET.fromstring(await answer.read())  # noqa: S314 from our own Azurite
        return [
            {
                "enqueued": iso(parsedate_to_datetime(message.findtext("InsertionTime", ""))),
                "body": message.findtext("MessageText", ""),
            }
            for message in listing.iterfind("QueueMessage")
        ]


async def _not_emulated(scope: Scope, receive: Receive, send: Send) -> None:
    host = Request(scope).headers.get("host", "")
    message = f"Tables are not emulated ({host}); blobs and queues are."
    await NotEmulatedError(message).response()(scope, receive, send)


def _patterns(service: str) -> list[str]:
    return [f"{{account}}.{service}.{cloud.storage}" for cloud in CLOUDS]
