"""Blobs and queues as clients see them: every request is authorized, then passed on to Azurite.

Bodies are streamed both ways, so memory does not grow with a blob's size. Declined: batches of
requests, copies between accounts.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from typing import Generic, TypeVar

import aiohttp
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from local_azure.control_plane.entra.directory import Principal
from local_azure.control_plane.plane import ControlPlane
from local_azure.services.storage import transfer
from local_azure.services.storage.access import Access
from local_azure.services.storage.accounts import Account
from local_azure.services.storage.backend import Backend
from local_azure.services.storage.copies import own_copy_source, replaced_copy_source
from local_azure.services.storage.errors import NotEmulatedError, StorageError
from local_azure.services.storage.lake.blobs import Directories, as_prefixes, with_metadata
from local_azure.services.storage.lake.requests import LakeRequest
from local_azure.services.storage.moved_times import MovedTimes
from local_azure.services.storage.news import News
from local_azure.services.storage.operations import BLOB_READ
from local_azure.services.storage.requests import COPY_SOURCE, TAGS, BlobRequest, QueueRequest

RequestT = TypeVar("RequestT", BlobRequest, LakeRequest, QueueRequest)


class Front(ABC, Generic[RequestT]):
    """The ASGI application of a service's hosts.

    Args:
        control: whose control plane hears of what data clients delete.
        access: who may do what.
        backend: Azurite.
    """

    request: type[RequestT]

    def __init__(self, control: ControlPlane, access: Access, backend: Backend) -> None:
        self._control = control
        self._access = access
        self._backend = backend

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            request = self.request.of(scope)
            account = self._authorized(request)
            await self._pass_on(request, account, receive, send)
        except StorageError as error:
            await self._refused(error)(scope, receive, send)

    def _refused(self, error: StorageError) -> Response:
        return error.response()

    def _authorized(self, request: RequestT) -> Account:
        account = self._access.account(request)
        principal = self._access.caller(request, account)
        operation, scope = request.operation, request.scope(account)
        self._access.authorize(principal, operation.alternatives, scope, data=operation.data)
        self._check_more(request, account, principal)
        return account

    def _check_more(self, request: RequestT, account: Account, principal: Principal) -> None:
        """What a request needs beside the right to its operation."""

    @abstractmethod
    async def _pass_on(
        self, request: RequestT, account: Account, receive: Receive, send: Send
    ) -> None:
        """Ask Azurite, and answer with what it answers."""


class BlobFront(Front[BlobRequest]):
    """The blob hosts.

    Args:
        control, access, backend: as above.
        news: raises events.
        times: knows when what was written, on a clock that was moved.
        directories: what accounts with a hierarchical namespace ask of their blobs.
    """

    request = BlobRequest

    def __init__(
        self,
        control: ControlPlane,
        access: Access,
        backend: Backend,
        news: News,
        times: MovedTimes,
        directories: Directories,
    ) -> None:
        super().__init__(control, access, backend)
        self._news = news
        self._times = times
        self._directories = directories

    def _check_more(self, request: BlobRequest, account: Account, principal: Principal) -> None:
        if TAGS in request.headers:
            raise NotEmulatedError(f"The embedded storage keeps no index tags ({TAGS}).")
        if COPY_SOURCE in request.headers:
            source = own_copy_source(request.headers[COPY_SOURCE], account)
            self._access.authorize(
                principal, [(BLOB_READ,)], account.container_id(source.container), data=True
            )

    async def _pass_on(
        self, request: BlobRequest, account: Account, receive: Receive, send: Send
    ) -> None:
        body = await transfer.body(request, receive)
        if request.operation.name == "PutBlockList":
            body = transfer.xml(body)
        headers = request.forwarded_headers()
        if COPY_SOURCE in headers:
            source = own_copy_source(headers[COPY_SOURCE], account)
            headers[COPY_SOURCE] = await self._backend.base(account.pool) + source.target
        streamed = isinstance(body, AsyncIterator)
        async with self._directories.around(account, request, streamed=streamed) as more:
            answer = await self._sent(request, account, headers | more, body)
        self._forget_container(request, account, answer)
        await self._answer(request, account, answer, send)

    async def _sent(
        self,
        request: BlobRequest,
        account: Account,
        headers: dict[str, str],
        body: bytes | AsyncIterator[bytes] | None,
    ) -> aiohttp.ClientResponse:
        """Azurite's answer, whose event was raised."""
        intent = await self._news.expect(request, account)
        try:
            answer = await self._backend.send(
                account.pool, request.method, self._target(request, account), headers, body
            )
            etag = answer.headers.get("ETag", "")
            if answer.ok:
                self._times.wrote(request.operation.name, etag)
            if intent and answer.ok:
                await self._news.happened(intent, request, account, etag)
        except BaseException:
            if intent:
                # Whether Azurite did it is not known: what it has tells.
                await self._news.settle(intent, account)
            raise
        if intent and not answer.ok:
            self._news.nothing(intent)
        return answer

    @staticmethod
    def _target(request: BlobRequest, account: Account) -> str:
        if account.is_hierarchical and request.operation.name == "ListBlobs":
            return with_metadata(request)
        return request.target

    def _forget_container(
        self, request: BlobRequest, account: Account, answer: aiohttp.ClientResponse
    ) -> None:
        """A container deleted by data clients is gone for the control plane as well."""
        if request.operation.name == "DeleteContainer" and answer.ok:
            self._control.resources.delete(account.container_id(request.container))

    async def _answer(
        self, request: BlobRequest, account: Account, answer: aiohttp.ClientResponse, send: Send
    ) -> None:
        base = await self._backend.base(account.pool)
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

    async def _pass_on(
        self, request: QueueRequest, account: Account, receive: Receive, send: Send
    ) -> None:
        body = await transfer.body(request, receive)
        if body and request.operation.name in {"PutMessage", "UpdateMessage"}:
            body = transfer.xml(body)
        answer = await self._backend.send(
            account.pool, request.method, request.target, request.forwarded_headers(), body
        )
        async with answer:
            self._forget_queue(request, account, answer)
            headers = transfer.headers(answer)
            if request.operation.name == "ListQueues":
                base = await self._backend.base(account.pool)
                text = transfer.renamed(await answer.read(), base, account.host)
                await transfer.whole(answer.status, headers, text, send)
            else:
                await transfer.stream(answer, headers, send)

    def _forget_queue(
        self, request: QueueRequest, account: Account, answer: aiohttp.ClientResponse
    ) -> None:
        """A queue deleted by data clients is gone for the control plane as well."""
        if request.operation.name == "DeleteQueue" and answer.ok:
            self._control.resources.delete(account.queue_id(request.queue))
