"""Data Lake Storage as clients see it: files and directories over the blobs of the same account.

Who may do what is decided as for blobs, by roles alone. Declined: access control lists, accounts
without a hierarchical namespace.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from starlette.types import Receive, Send

from local_azure.control_plane.entra.directory import Principal
from local_azure.services.storage import access, transfer
from local_azure.services.storage.errors import NotEmulatedError
from local_azure.services.storage.front import WatchedFront
from local_azure.services.storage.lake import errors, filesystems, told
from local_azure.services.storage.lake.files import Files
from local_azure.services.storage.lake.namespace import Namespace, Node
from local_azure.services.storage.lake.requests import LakeRequest

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


_WORK = {
    "CreateFile": Files.create,
    "CreateDirectory": Files.create,
    "Rename": Files.rename,
    "Flush": Files.flush,
    "SetPathProperties": Files.set_properties,
    "Delete": Files.delete,
}
_LISTS = {"ListFilesystems": filesystems.listed, "ListPaths": filesystems.paths}


class LakeFront(WatchedFront[LakeRequest]):
    """The hosts of Data Lake Storage."""

    request = LakeRequest
    refuses_in_json = True

    def _check_more(self, request: LakeRequest, principal: Principal) -> None:
        if not request.account.is_hierarchical:
            message = (
                f"The account '{request.account.name}' has no hierarchical namespace; Data Lake "
                "Storage's host is emulated for those that have (isHnsEnabled)."
            )
            raise NotEmulatedError(message)
        if request.operation.name == "Rename":
            scope = request.account.container_id(request.source.filesystem)
            access.authorize(self._control, principal, request.operation.alternatives, scope)

    async def _pass_on(self, request: LakeRequest, receive: Receive, send: Send) -> None:
        name, namespace = request.operation.name, self._namespaces.of(request.account)
        if name in _LISTS:
            found, given = await _LISTS[name](namespace, request)
            given.append((b"content-type", b"application/json;charset=utf-8"))
            await transfer.whole(200, given, json.dumps(found).encode(), send)
        elif name in {"GetFilesystemProperties", "GetPathProperties", "Read"}:
            show = self._read if name == "Read" else self._show
            try:
                await show(request, namespace, send)
            except errors.ConditionNotMetError as error:
                given = [(b"x-ms-error-code", error.code.encode())]
                await transfer.empty(304, given, send)
        else:
            headers = await self._changed(request, namespace, receive)
            given = self._times.told(told.passed(headers))
            await transfer.whole(_STATUS.get(name, 200), given, b"", send)

    async def _changed(
        self, request: LakeRequest, namespace: Namespace, receive: Receive
    ) -> Mapping[str, str]:
        name, files = request.operation.name, Files(request, namespace, self._news)
        if name == "Append":
            return await files.append(await transfer.body(request, receive))
        if request.headers.get("content-length", "0") != "0":
            raise errors.ContentLengthMustBeZeroError
        async with namespace.changing:
            if name in _WORK:
                return await _WORK[name](files)
            headers = await filesystems.ask(namespace, request)
        self._forget_deleted(request)
        return headers

    async def _show(self, request: LakeRequest, namespace: Namespace, send: Send) -> None:
        if request.operation.name == "GetFilesystemProperties":
            given = told.of_filesystem(await filesystems.ask(namespace, request))
        else:
            node = await namespace.get(request.place, request.conditions())
            given = told.of_path(node)
            if request.parameters.get("action") == "getAccessControl":
                given += told.access_control(node)
        await transfer.empty(200, self._times.told(given), send)

    async def _read(self, request: LakeRequest, namespace: Namespace, send: Send) -> None:
        ranges = {name: request.headers[name] for name in _RANGES if name in request.headers}
        headers = {**request.conditions(), **ranges}
        answer = await namespace.ask("GET", request.place.target, headers)
        async with answer:
            given = self._times.told(told.of_path(Node(answer.headers)))
            await transfer.stream(answer, given, send)
