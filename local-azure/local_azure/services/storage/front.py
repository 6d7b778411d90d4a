"""Blobs and queues as clients see them: every request is authorized, then passed on to Azurite.

Bodies are streamed both ways, so memory does not grow with a blob's size. Declined: batches of
requests, copies between accounts.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from typing import Generic, TypeVar

import aiohttp
from starlette.types import Receive, Scope, Send

from local_azure.control_plane.entra.directory import Principal
from local_azure.control_plane.plane import ControlPlane
from local_azure.services.storage import access, transfer
from local_azure.services.storage.accounts import Account, Accounts
from local_azure.services.storage.backend import Backend
from local_azure.services.storage.copies import own_copy_source, replaced_copy_source
from local_azure.services.storage.errors import NotEmulatedError, StorageError
from local_azure.services.storage.lake.blobs import around, as_prefixes, with_metadata
from local_azure.services.storage.lake.namespace import Namespaces
from local_azure.services.storage.lake.requests import LakeRequest
from local_azure.services.storage.moved_times import MovedTimes
from local_azure.services.storage.news import News
from local_azure.services.storage.operations import BLOB_READ
from local_azure.services.storage.requests import COPY_SOURCE, TAGS, BlobRequest, QueueRequest

RequestT = TypeVar("RequestT", BlobRequest, LakeRequest, QueueRequest)


_DELETIONS = frozenset(("DeleteContainer", "DeleteFilesystem", "DeleteQueue"))


class Front(ABC, Generic[RequestT]):
    """The ASGI application of a service's hosts.

    Args:
        control: whose control plane hears of what data clients delete.
        accounts: whose hosts they are.
        backend: Azurite.
    """

    request: type[RequestT]
    refuses_in_json = False

    def __init__(self, control: ControlPlane, accounts: Accounts, backend: Backend) -> None:
        self._control = control
        self._accounts = accounts
        self._backend = backend

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        send = transfer.in_version(dict(scope["headers"]).get(b"x-ms-version", b""), send)
        try:
            request = self.request.of(scope, self._accounts.at)
            principal, operation = access.caller(self._control, request), request.operation
            actions = operation.alternatives
            access.authorize(self._control, principal, actions, request.scope, data=operation.data)
            self._check_more(request, principal)
            await self._pass_on(request, receive, send)
        except StorageError as error:
            refusal = error.response(as_json=self.refuses_in_json)
            await refusal(scope, receive, send)

    def _check_more(self, request: RequestT, principal: Principal) -> None:
        """What a request needs beside the right to its operation."""

    @abstractmethod
    async def _pass_on(self, request: RequestT, receive: Receive, send: Send) -> None:
        """Ask Azurite, and answer with what it answers."""

    def _forget_deleted(self, request: RequestT) -> None:
        """What data clients delete is gone for the control plane as well."""
        if request.operation.name in _DELETIONS:
            self._control.resources.delete(request.scope)


class WatchedFront(Front[RequestT]):
    """A front of what raises events and may lie in directories.

    Args:
        control, accounts, backend: as above.
        news: raises events.
        times: knows when what was written, on a clock that was moved.
        namespaces: the directories of accounts that have a hierarchical namespace.
    """

    def __init__(
        self,
        control: ControlPlane,
        accounts: Accounts,
        backend: Backend,
        news: News,
        times: MovedTimes,
        namespaces: Namespaces,
    ) -> None:
        super().__init__(control, accounts, backend)
        self._news = news
        self._times = times
        self._namespaces = namespaces


class BlobFront(WatchedFront[BlobRequest]):
    """The blob hosts."""

    request = BlobRequest

    def _check_more(self, request: BlobRequest, principal: Principal) -> None:
        if TAGS in request.headers:
            raise NotEmulatedError(f"The embedded storage keeps no index tags ({TAGS}).")
        if COPY_SOURCE in request.headers:
            source = own_copy_source(request.headers[COPY_SOURCE], request.account)
            scope = request.account.container_id(source.container)
            access.authorize(self._control, principal, [(BLOB_READ,)], scope)

    async def _pass_on(self, request: BlobRequest, receive: Receive, send: Send) -> None:
        body = await transfer.body(request, receive)
        if request.operation.name == "PutBlockList":
            body = transfer.xml(body)
        headers, base = request.forwarded_headers(), await self._backend.base(request.account.pool)
        if COPY_SOURCE in headers:
            headers[COPY_SOURCE] = (
                base + own_copy_source(headers[COPY_SOURCE], request.account).target
            )
        namespace, streamed = self._namespaces.of(request.account), isinstance(body, AsyncIterator)
        async with around(namespace, request, streamed=streamed) as more:
            answer = await self._sent(request, headers | more, body)
        if answer.ok:
            self._forget_deleted(request)
        await self._answer(request, answer, base, send)

    async def _sent(
        self,
        request: BlobRequest,
        headers: dict[str, str],
        body: bytes | AsyncIterator[bytes] | None,
    ) -> aiohttp.ClientResponse:
        """Azurite's answer, whose event was raised."""
        lists = request.account.is_hierarchical and request.operation.name == "ListBlobs"
        target = with_metadata(request) if lists else request.target
        async with self._news.of_blob(request) as end:
            answer = await self._backend.send(
                request.account.pool, request.method, target, headers, body
            )
            end.changed, end.etag = answer.ok, answer.headers.get("ETag", "")
            if answer.ok:
                self._times.wrote(request.operation.name, end.etag)
        return answer

    async def _answer(
        self, request: BlobRequest, answer: aiohttp.ClientResponse, base: str, send: Send
    ) -> None:
        account = request.account
        headers = self._times.told(_renamed_source(transfer.headers(answer), base, account))
        async with answer:
            if request.operation.name in {"ListBlobs", "ListContainers"}:
                text = transfer.renamed(await answer.read(), base, account.host)
                if account.is_hierarchical and request.parameters.get("delimiter") == "/":
                    text = as_prefixes(text)
                await transfer.whole(answer.status, headers, self._times.listed(text), send)
            else:
                await transfer.stream(answer, headers, send)


def _renamed_source(given: transfer.Headers, base: str, account: Account) -> transfer.Headers:
    return [
        (name, replaced_copy_source(value, base, account))
        if name == b"x-ms-copy-source"
        else (name, value)
        for name, value in given
    ]


class QueueFront(Front[QueueRequest]):
    """The queue hosts."""

    request = QueueRequest

    async def _pass_on(self, request: QueueRequest, receive: Receive, send: Send) -> None:
        body, pool = await transfer.body(request, receive), request.account.pool
        if body and request.operation.name in {"PutMessage", "UpdateMessage"}:
            body = transfer.xml(body)
        answer = await self._backend.send(
            pool, request.method, request.target, request.forwarded_headers(), body
        )
        async with answer:
            if answer.ok:
                self._forget_deleted(request)
            headers = transfer.headers(answer)
            if request.operation.name == "ListQueues":
                base = await self._backend.base(pool)
                text = transfer.renamed(await answer.read(), base, request.account.host)
                await transfer.whole(answer.status, headers, text, send)
            else:
                await transfer.stream(answer, headers, send)
