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


@dataclass
class End:
    """What came of a call, as far as it tells.

    Attributes:
        changed: whether it changed anything.
        etag: of what it wrote.
        blob: what it wrote, where that is known.
    """

    changed: bool = True
    etag: str = ""
    blob: Blob | None = None


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

    @asynccontextmanager
    async def of_blob(self, request: BlobRequest) -> AsyncIterator[End]:
        """Raise the event of a call on a blob that is made inside, if it has one."""
        api, deleted = request.operation.name, None
        heard = request.raises_event and self._topics.watches(request.account.id)
        if heard and api == DELETE:
            deleted = await self._properties(request.account, request.path)
            heard = deleted is not None
        if not heard:
            yield End()
            return
        async with self.of_path(request, api, request.path, deleted) as end:
            yield end
            if api == "PutBlob":
                end.blob = Blob.of_put(request.headers, end.etag)

    @asynccontextmanager
    async def of_path(
        self, request: BlobRequest, api: str, target: str, deleted: Mapping[str, str] | None = None
    ) -> AsyncIterator[End]:
        """Raise the event of what is done inside to a file or a directory.

        Args:
            request: what is answered.
            api: what the event calls it.
            target: which path, see ``Call``.
            deleted: properties of what is deleted.
        """
        end, account = End(), request.account
        if not self._topics.watches(account.id):
            yield end
            return
        named = request.headers.get("x-ms-client-request-id", "")
        call = Call(api, account.host, target, named, str(uuid4()))
        intent = self.intents.add(call, Blob.of_properties(deleted) if deleted else None)
        try:
            yield end
            if end.changed:
                self._raise(intent, account, await self._blob(intent, account, end))
            else:
                self.nothing(intent)
        except BaseException as error:
            if isinstance(error, StorageError) and not isinstance(error, ServerBusyError):
                self.nothing(intent)
            else:
                # Whether Azurite did it is not known: what it has tells.
                await self.settle(intent, account)
            raise

    async def _blob(self, intent: Intent, account: Account, end: End) -> Blob:
        if known := intent.deleted or end.blob:
            return known
        properties = None
        with suppress(ServerBusyError):
            properties = await self._properties(account, intent.call.path)
        return Blob.of_properties(properties) if properties else Blob.unknown(end.etag)

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
