"""Raises an event for each change of a blob that somebody may watch; none is lost in a crash.

What is about to happen is kept until its event is raised: a row is committed before Azurite is
called and removed with the event's own transaction, so a crash in between leaves a row from which
the event is raised at the next start. At least one event per change, as in Azure: after a crash in
the very second of a blob's earlier write, that write can be told twice.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from uuid import uuid4

from local_azure.control_plane.clock import iso
from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.state import State
from local_azure.control_plane.topics import Topics
from local_azure.services.storage.accounts import Account
from local_azure.services.storage.backend import Backend
from local_azure.services.storage.errors import ServerBusyError, StorageError
from local_azure.services.storage.events import DELETE, Blob, Call, event
from local_azure.services.storage.requests import BlobRequest

SCHEMA = """
CREATE TABLE IF NOT EXISTS storage_intents (
    id INTEGER PRIMARY KEY, api TEXT NOT NULL, host TEXT NOT NULL, path TEXT NOT NULL,
    client_request_id TEXT NOT NULL, request_id TEXT NOT NULL, begun REAL NOT NULL,
    content_type TEXT, blob_type TEXT);
CREATE TABLE IF NOT EXISTS storage_sequencer (last INTEGER NOT NULL);
INSERT INTO storage_sequencer SELECT 0 WHERE NOT EXISTS (SELECT * FROM storage_sequencer);
"""


@dataclass(frozen=True)
class Intent:
    """A call whose end is not known yet.

    Attributes:
        id: number of the row.
        call: what is being done.
        begun: when, seconds since 1970 by the machine's clock: Azurite goes by it as well.
        deleted: what is being deleted.
    """

    id: int
    call: Call
    begun: float
    deleted: Blob | None = None


class Intents:
    """The calls whose end is not known yet, and the number of the last event."""

    def __init__(self, state: State) -> None:
        self._state = state
        state.define(SCHEMA)

    def add(self, call: Call, deleted: Blob | None) -> Intent:
        """Keep a call before it is made."""
        begun = time.time()
        row = self._state.rows(
            "INSERT INTO storage_intents (api, host, path, client_request_id, request_id, begun, "
            "content_type, blob_type) VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
            call.api,
            call.host,
            call.target,
            call.client_request_id,
            call.request_id,
            begun,
            deleted and deleted.content_type,
            deleted and deleted.blob_type,
        )[0]
        return Intent(row["id"], call, begun, deleted)

    def remove(self, intent: Intent) -> None:
        """Forget a call whose event was raised, or that did nothing."""
        self._state.execute("DELETE FROM storage_intents WHERE id = ?", intent.id)

    def left(self) -> list[Intent]:
        """What an earlier process did not bring to its end."""
        return [
            Intent(
                row["id"],
                Call(
                    row["api"],
                    row["host"],
                    row["path"],
                    row["client_request_id"],
                    row["request_id"],
                ),
                row["begun"],
                row["blob_type"] and Blob("", row["content_type"], 0, row["blob_type"]),
            )
            for row in self._state.rows("SELECT * FROM storage_intents ORDER BY id")
        ]

    def next_sequencer(self) -> int:
        """A number greater than every one before."""
        row = self._state.rows("UPDATE storage_sequencer SET last = last + 1 RETURNING last")[0]
        number: int = row["last"]
        return number


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

    @asynccontextmanager
    async def of_path(
        self,
        account: Account,
        request: BlobRequest,
        api: str,
        target: str,
        deleted: Mapping[str, str] | None = None,
    ) -> AsyncIterator[None]:
        """Raise the event of what is done inside to a file or a directory.

        Args:
            account: whose.
            request: what is answered.
            api: what the event calls it.
            target: which path, see ``Call``.
            deleted: properties of what is deleted.
        """
        if not self._topics.watches(account.id):
            yield
            return
        named = request.headers.get("x-ms-client-request-id", "")
        call = Call(api, request.host, target, named, str(uuid4()))
        intent = self.intents.add(call, Blob.of_properties(deleted) if deleted else None)
        try:
            yield
        except BaseException as error:
            if isinstance(error, StorageError) and not isinstance(error, ServerBusyError):
                self.nothing(intent)
            else:
                await self.settle(intent, account)
            raise
        await self._done(intent, account)

    async def happened(
        self, intent: Intent, request: BlobRequest, account: Account, etag: str
    ) -> None:
        """Raise the event of a request that succeeded."""
        if intent.call.api == "PutBlob":
            self._raise(intent, account, Blob.of_put(request.headers, etag))
        else:
            await self._done(intent, account, etag)

    async def _done(self, intent: Intent, account: Account, etag: str = "") -> None:
        blob = intent.deleted
        if blob is None:
            properties = None
            with suppress(ServerBusyError):
                properties = await self._properties(account, intent.call.path)
            blob = Blob.of_properties(properties) if properties else Blob.unknown(etag)
        self._raise(intent, account, blob)

    def nothing(self, intent: Intent) -> None:
        """A request changed nothing."""
        self.intents.remove(intent)

    async def settle(self, intent: Intent, account: Account) -> None:
        """Look whether an intent came true, and raise its event if it did."""
        properties = await self._properties(account, intent.call.path)
        _, _, source = intent.call.target.partition("?source=")
        if source and await self._properties(account, source):
            # It is the last that a rename deletes.
            self.nothing(intent)
        elif intent.deleted:
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
