"""The queues of the storage accounts, in an Azurite of their own that starts at the first queue."""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree as ET

from local_azure.control_plane.clock import iso
from local_azure.home import Home
from local_azure.services.storage.accounts import Pool
from local_azure.services.storage.azurite import Azurite
from local_azure.services.storage.backend import Backend


class Queues:
    """What the control plane does with queues.

    Args:
        home: the state folder.
        pool: Azurite's accounts.
    """

    def __init__(self, home: Home, pool: Pool) -> None:
        self._azurite = Azurite(home, pool.declaration(), "queue")
        self.backend = Backend(self._azurite, pool)

    async def start(self) -> None:
        """Start Azurite where there have been queues."""
        if self._azurite.used:
            await self._azurite.port()

    async def stop(self) -> None:
        """End Azurite."""
        await self.backend.close()
        await self._azurite.stop()

    async def create(self, pool: str, queue: str, metadata: Mapping[str, str]) -> None:
        """Create a queue, or replace its metadata. A second call changes nothing."""
        headers = {f"x-ms-meta-{key.lower()}": value for key, value in metadata.items()}
        await self.backend.change(pool, "PUT", f"/{quote(queue)}", (201, 204, 409), headers)
        await self.backend.change(pool, "PUT", f"/{quote(queue)}?comp=metadata", (204,), headers)

    async def delete(self, pool: str, queue: str) -> None:
        """Delete a queue with its messages. A second call changes nothing."""
        await self.backend.change(pool, "DELETE", f"/{quote(queue)}", (204, 404))

    async def delete_all(self, pool: str) -> None:
        """Delete the queues of an account. A second call changes nothing."""
        if not self._azurite.used:
            return
        while queues := await self.backend.names(pool, "Queue"):
            for queue in queues:
                await self.delete(pool, queue)

    async def peek(self, pool: str, queue: str, limit: int) -> list[dict[str, Any]]:
        """The first messages that are visible, 32 at most: ``enqueued`` and ``body``."""
        target = f"/{quote(queue)}/messages?peekonly=true&numofmessages={limit}"
        answer = await self.backend.send(pool, "GET", target)
        listing = ET.fromstring(await answer.read())  # noqa: S314 from our own Azurite
        return [
            {
                "enqueued": iso(parsedate_to_datetime(message.findtext("InsertionTime", ""))),
                "body": message.findtext("MessageText", ""),
            }
            for message in listing.iterfind("QueueMessage")
        ]
