"""The queue service as clients see it: every request is authorized, then passed on to Azurite."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_azure.services.storage import transfer
from local_azure.services.storage.errors import StorageError
from local_azure.services.storage.queue_requests import QueueRequest

if TYPE_CHECKING:
    import aiohttp
    from starlette.types import Receive, Scope, Send

    from local_azure.control_plane.plane import ControlPlane
    from local_azure.services.storage.access import Access
    from local_azure.services.storage.accounts import Account
    from local_azure.services.storage.backend import Backend


class QueueFront:
    """The queue hosts' ASGI application.

    Args:
        control: whose control plane hears of deleted queues.
        access: who may do what.
        backend: Azurite.
    """

    def __init__(self, control: ControlPlane, access: Access, backend: Backend) -> None:
        self._control = control
        self._access = access
        self._backend = backend

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            request = QueueRequest.of(scope)
            account = self._authorized(request)
            await self._pass_on(request, account, receive, send)
        except StorageError as error:
            await error.response()(scope, receive, send)

    def _authorized(self, request: QueueRequest) -> Account:
        account = self._access.account(request)
        principal = self._access.caller(request, account)
        operation = request.operation
        scope = account.queue_id(request.queue) if request.queue else account.id
        self._access.authorize(principal, operation.alternatives, scope, data=operation.data)
        return account

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
