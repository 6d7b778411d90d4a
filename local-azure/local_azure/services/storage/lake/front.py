"""Data Lake Storage as clients see it: files and directories over the blobs of the same account.

Who may do what is decided as for blobs, by roles alone. Declined: access control lists, accounts
without a hierarchical namespace.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from starlette.responses import Response
from starlette.types import Receive, Send

from local_azure.control_plane.entra.directory import Principal
from local_azure.control_plane.plane import ControlPlane
from local_azure.services.storage import transfer
from local_azure.services.storage.access import Access
from local_azure.services.storage.accounts import Account
from local_azure.services.storage.errors import NotEmulatedError, StorageError
from local_azure.services.storage.front import Front
from local_azure.services.storage.lake import errors, told
from local_azure.services.storage.lake.files import Files
from local_azure.services.storage.lake.filesystems import Filesystems
from local_azure.services.storage.lake.namespace import Namespace, Node
from local_azure.services.storage.lake.requests import LakeRequest
from local_azure.services.storage.moved_times import MovedTimes
from local_azure.services.storage.news import News

_STATUS = {
    "Append": 202,
    "CreateDirectory": 201,
    "CreateFile": 201,
    "CreateFilesystem": 201,
    "DeleteFilesystem": 202,
    "Rename": 201,
}
"""Of success, where it is not 200."""
_RANGES = ("range", "x-ms-range", "x-ms-range-get-content-md5")


class LakeFront(Front[LakeRequest]):
    """The hosts of Data Lake Storage.

    Args:
        control: whose control plane hears of what data clients delete.
        access: who may do what.
        namespace: the directories.
        news: raises events.
        times: knows when what was written, on a clock that was moved.
    """

    request = LakeRequest

    def __init__(
        self,
        control: ControlPlane,
        access: Access,
        namespace: Namespace,
        news: News,
        times: MovedTimes,
    ) -> None:
        super().__init__(control, access, namespace.backend)
        self._namespace = namespace
        self._times = times
        self._files = files = Files(namespace, news)
        self._filesystems = filesystems = Filesystems(namespace)
        self._work = {
            "CreateFilesystem": filesystems.ask,
            "SetFilesystemProperties": filesystems.ask,
            "DeleteFilesystem": filesystems.ask,
            "CreateFile": files.create,
            "CreateDirectory": files.create,
            "Rename": files.rename,
            "Flush": files.flush,
            "SetPathProperties": files.set_properties,
            "Delete": files.delete,
        }
        self._lists = {
            "ListFilesystems": filesystems.listed,
            "ListPaths": filesystems.paths,
        }

    def _refused(self, error: StorageError) -> Response:
        return errors.response(error)

    def _check_more(self, request: LakeRequest, account: Account, principal: Principal) -> None:
        if not account.is_hierarchical:
            message = (
                f"The account '{account.name}' has no hierarchical namespace; Data Lake Storage's "
                "host is emulated for those that have (isHnsEnabled)."
            )
            raise NotEmulatedError(message)
        if request.operation.name == "Rename":
            scope = account.container_id(request.source.filesystem)
            self._access.authorize(principal, request.operation.alternatives, scope, data=True)

    async def _pass_on(
        self, request: LakeRequest, account: Account, receive: Receive, send: Send
    ) -> None:
        name = request.operation.name
        if name in self._lists:
            found, given = await self._lists[name](account, request)
            given.append((b"content-type", b"application/json;charset=utf-8"))
            await transfer.whole(200, given, json.dumps(found).encode(), send)
        elif name in {"GetFilesystemProperties", "GetPathProperties", "Read"}:
            show = self._read if name == "Read" else self._show
            try:
                await show(request, account, send)
            except errors.ConditionNotMetError as error:
                given = [(b"x-ms-error-code", error.code.encode())]
                await transfer.empty(304, given, send)
        else:
            headers = await self._changed(request, account, receive)
            given = self._times.told(told.passed(headers))
            await transfer.whole(_STATUS.get(name, 200), given, b"", send)

    async def _changed(
        self, request: LakeRequest, account: Account, receive: Receive
    ) -> Mapping[str, str]:
        name = request.operation.name
        if name == "Append":
            body = await transfer.body(request, receive)
            return await self._files.append(account, request, body)
        if request.headers.get("content-length", "0") != "0":
            raise errors.ContentLengthMustBeZeroError
        async with self._namespace.changing(account):
            headers = await self._work[name](account, request)
        if name == "DeleteFilesystem":
            # It is gone for the control plane as well.
            self._control.resources.delete(account.container_id(request.container))
        return headers

    async def _show(self, request: LakeRequest, account: Account, send: Send) -> None:
        if request.operation.name == "GetFilesystemProperties":
            given = told.of_filesystem(await self._filesystems.ask(account, request))
        else:
            node = await self._namespace.get(account, request.place, request.conditions())
            given = told.of_path(node)
            if request.parameters.get("action") == "getAccessControl":
                given += told.access_control(node)
        await transfer.empty(200, self._times.told(given), send)

    async def _read(self, request: LakeRequest, account: Account, send: Send) -> None:
        ranges = {name: request.headers[name] for name in _RANGES if name in request.headers}
        headers = {**request.conditions(), **ranges}
        answer = await self._namespace.ask(account, "GET", request.place.target, headers)
        async with answer:
            given = self._times.told(told.of_path(Node(answer.headers)))
            await transfer.stream(answer, given, send)
