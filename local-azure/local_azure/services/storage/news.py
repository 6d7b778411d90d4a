"""Raises an event for each change of a blob that somebody may watch; none is lost in a crash.

At least one event per change, as in Azure: after a crash in the very second of a blob's earlier
write, that write can be told twice.
"""

from __future__ import annotations

from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from uuid import uuid4

from local_azure.control_plane.clock import iso
from local_azure.services.storage.events import DELETE, Blob, Call, event
from local_azure.services.storage.intents import Intents

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local_azure.control_plane.plane import ControlPlane
    from local_azure.control_plane.topics import Topics
    from local_azure.services.storage.accounts import Account
    from local_azure.services.storage.backend import Backend
    from local_azure.services.storage.intents import Intent
    from local_azure.services.storage.requests import BlobRequest


class News:
    """Raises storage's events.

    Args:
        control: the control plane.
        topics: hear of them.
        backend: where the blobs are.
    """

    def __init__(self, control: ControlPlane, topics: Topics, backend: Backend) -> None:
        self._control = control
        self._topics = topics
        self._backend = backend
        self.intents = Intents(control.state)

    async def expect(self, request: BlobRequest, account: Account) -> Intent | None:
        """Keep what a request is about to do; None where nobody watches, or nothing is there."""
        if not request.raises_event or not self._topics.watches(account.id):
            return None
        api = request.operation.name
        deleted = await self._properties(account, request.path) if api == DELETE else None
        if api == DELETE and deleted is None:
            return None
        named = request.headers.get("x-ms-client-request-id", "")
        call = Call(api, request.host, request.path, named, str(uuid4()))
        return self.intents.add(call, Blob.of_properties(deleted) if deleted else None)

    async def happened(
        self, intent: Intent, request: BlobRequest, account: Account, etag: str
    ) -> None:
        """Raise the event of a request that succeeded."""
        if intent.deleted:
            blob = intent.deleted
        elif intent.call.api == "PutBlob":
            blob = Blob.of_put(request.headers, etag)
        else:
            properties = await self._properties(account, request.path)
            blob = Blob.of_properties(properties) if properties else Blob.unknown(etag)
        self._raise(intent, account, blob)

    def nothing(self, intent: Intent) -> None:
        """A request changed nothing."""
        self.intents.remove(intent)

    async def settle(self, intent: Intent, account: Account) -> None:
        """Look whether an intent came true, and raise its event if it did."""
        properties = await self._properties(account, intent.call.path)
        if intent.deleted:
            if properties is None:
                self._raise(intent, account, intent.deleted)
            else:
                self.nothing(intent)
        elif properties is not None and _written(properties) >= int(intent.begun):
            self._raise(intent, account, Blob.of_properties(properties))
        else:
            self.nothing(intent)

    def _raise(self, intent: Intent, account: Account, blob: Blob) -> None:
        now = iso(self._control.clock.now())
        with self._control.state.transaction():
            self.intents.remove(intent)
            raised = event(intent.call, blob, now, self.intents.next_sequencer())
            self._topics.publish(account.id, [raised])

    async def _properties(self, account: Account, path: str) -> Mapping[str, str] | None:
        response = await self._backend.send(account.pool, "HEAD", path)
        response.release()
        return response.headers if response.ok else None


def _written(properties: Mapping[str, str]) -> float:
    """When a blob was written, in whole seconds: HTTP's dates have no fractions."""
    return parsedate_to_datetime(properties["Last-Modified"]).astimezone(UTC).timestamp()
