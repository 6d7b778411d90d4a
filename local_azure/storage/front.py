"""The blob service as clients see it: every request is authorized, then passed on to Azurite.

Bodies are streamed both ways, so memory does not grow with a blob's size. Declined: keys, SAS,
anonymous access, batches of requests, copies between accounts.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from starlette.requests import ClientDisconnect

from local_azure.authorization.errors import AuthorizationFailedError
from local_azure.clouds import STORAGE_AUDIENCE
from local_azure.entra.errors import InvalidTokenError
from local_azure.storage.copies import own_copy_source, replaced_copy_source
from local_azure.storage.errors import (
    AccountNotFoundError,
    AuthorizationPermissionMismatchError,
    BearerNeedsVersionError,
    InvalidAuthenticationInfoError,
    KeyBasedAuthenticationNotPermittedError,
    MissingContentLengthError,
    NoAuthenticationInformationError,
    StorageError,
)
from local_azure.storage.operations import BLOB_READ
from local_azure.storage.requests import COPY_SOURCE, BlobRequest

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

    import aiohttp
    from starlette.types import Message, Receive, Scope, Send

    from local_azure.azure import Azure
    from local_azure.entra.directory import Principal
    from local_azure.storage.accounts import Account, Accounts
    from local_azure.storage.backend import Backend
    from local_azure.storage.news import News

_AT_ONCE = 256 * 1024
"""Bytes up to which a body is read before it is passed on."""
_FIRST_VERSION_WITH_TOKENS = "2017-11-09"
_OF_ONE_CONNECTION = frozenset(("connection", "date", "keep-alive", "transfer-encoding"))
_log = logging.getLogger(__name__)


class Front:
    """The blob hosts' ASGI application.

    Args:
        azure: rights, resources and tokens.
        accounts: which accounts there are.
        backend: Azurite.
        news: raises events.
    """

    def __init__(self, azure: Azure, accounts: Accounts, backend: Backend, news: News) -> None:
        self._azure = azure
        self._accounts = accounts
        self._backend = backend
        self._news = news

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            request = BlobRequest.of(scope)
            account = self._authorized(request)
            await self._pass_on(request, account, receive, send)
        except StorageError as error:
            await error.response()(scope, receive, send)
        except ClientDisconnect:
            _log.info("A client left in the middle of an upload.")

    def _authorized(self, request: BlobRequest) -> Account:
        account = self._accounts.find(request.host)
        if account is None:
            raise AccountNotFoundError(request.host)
        principal = self._caller(request, account)
        operation = request.operation
        scope = account.container_id(request.container) if request.container else account.id
        self._authorize(principal, operation.actions, scope, data=operation.data)
        if COPY_SOURCE in request.headers:
            source = own_copy_source(request.headers[COPY_SOURCE], account)
            self._authorize(
                principal, (BLOB_READ,), account.container_id(source.container), data=True
            )
        return account

    def _caller(self, request: BlobRequest, account: Account) -> Principal:
        authorization = request.headers.get("authorization", "")
        scheme = authorization.partition(" ")[0].lower()
        if "sig" in request.parameters or scheme in {"sharedkey", "sharedkeylite"}:
            raise KeyBasedAuthenticationNotPermittedError
        if not authorization:
            raise NoAuthenticationInformationError
        version = request.headers.get("x-ms-version", "")
        if version < _FIRST_VERSION_WITH_TOKENS:
            raise BearerNeedsVersionError(version)
        try:
            return self._azure.tokens.verify(
                authorization, (STORAGE_AUDIENCE, f"https://{account.host}")
            )
        except InvalidTokenError as error:
            raise InvalidAuthenticationInfoError(str(error)) from None

    def _authorize(
        self, principal: Principal, actions: tuple[str, ...], scope: str, *, data: bool
    ) -> None:
        allows = self._azure.authorization.allows
        if any(allows(principal.object_id, action, scope, data=data) for action in actions[1:]):
            return
        try:
            self._azure.authorization.authorize(principal, actions[0], scope, data=data)
        except AuthorizationFailedError as refusal:
            raise AuthorizationPermissionMismatchError(refusal) from None

    async def _pass_on(
        self, request: BlobRequest, account: Account, receive: Receive, send: Send
    ) -> None:
        body = await _body(request, receive)
        headers = request.forwarded_headers()
        if COPY_SOURCE in headers:
            source = own_copy_source(headers[COPY_SOURCE], account)
            headers[COPY_SOURCE] = await self._backend.base(account.pool) + source.target
        intent = await self._news.expect(request, account)
        target = f"{request.path}?{request.query}" if request.query else request.path
        try:
            answer = await self._backend.send(account.pool, request.method, target, headers, body)
            if intent and answer.ok:
                await self._news.happened(intent, request, account, answer.headers.get("ETag", ""))
        except BaseException:
            if intent:
                # Whether Azurite did it is not known: what it has tells.
                await self._news.settle(intent, account)
            raise
        if intent and not answer.ok:
            self._news.nothing(intent)
        self._forget_container(request, account, answer)
        await self._answer(request, account, answer, send)

    def _forget_container(
        self, request: BlobRequest, account: Account, answer: aiohttp.ClientResponse
    ) -> None:
        """A container deleted by data clients is gone for the control plane as well."""
        if request.operation.name == "DeleteContainer" and answer.ok:
            self._azure.resources.delete(account.container_id(request.container))

    async def _answer(
        self, request: BlobRequest, account: Account, answer: aiohttp.ClientResponse, send: Send
    ) -> None:
        base = await self._backend.base(account.pool)
        headers = _headers(answer, base, account)
        async with answer:
            if request.operation.name in {"ListBlobs", "ListContainers"}:
                text = (await answer.read()).replace(
                    base.encode(), f"https://{account.host}/".encode(), 1
                )
                headers = [item for item in headers if item[0] != b"content-length"]
                headers.append((b"content-length", str(len(text)).encode()))
                await send(_start(answer.status, headers))
                await send({"type": "http.response.body", "body": text})
                return
            await send(_start(answer.status, headers))
            async for chunk in answer.content.iter_any():
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
            await send({"type": "http.response.body", "body": b""})


async def _body(request: BlobRequest, receive: Receive) -> bytes | AsyncIterator[bytes] | None:
    if request.method in {"GET", "HEAD", "DELETE"}:
        return None
    length = request.headers.get("content-length", "")
    if not length.isdigit():
        raise MissingContentLengthError
    chunks = _chunks(receive)
    if int(length) > _AT_ONCE:
        return chunks
    return b"".join([chunk async for chunk in chunks])


async def _chunks(receive: Receive) -> AsyncIterator[bytes]:
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        more = message.get("more_body", False)
        if chunk := message.get("body"):
            yield chunk


def _headers(
    answer: aiohttp.ClientResponse, base: str, account: Account
) -> list[tuple[bytes, bytes]]:
    kept = [
        (name.lower(), value)
        for name, value in answer.raw_headers
        if name.lower().decode() not in _OF_ONE_CONNECTION
    ]
    return [
        (name, replaced_copy_source(value, base, account))
        if name == b"x-ms-copy-source"
        else (name, value)
        for name, value in kept
    ]


def _start(status: int, headers: Iterable[tuple[bytes, bytes]]) -> Message:
    return {"type": "http.response.start", "status": status, "headers": list(headers)}
