"""A blob service in memory that checks tokens and roles: what these tests need of storage."""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Router
from starlette.types import Receive, Scope, Send

from local_azure.azure import Azure
from local_azure.control_plane.authorization.errors import AuthorizationFailedError
from local_azure.control_plane.clouds import STORAGE_AUDIENCE

BLOBS = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs"


@dataclass
class Blob:
    content: bytes
    metadata: dict[str, str] = field(default_factory=dict)


Blobs = dict[tuple[str, str, str], Blob]


class BlobHost:
    """Blobs by (account, container, name), and who asked for what."""

    def __init__(self, azure: Azure) -> None:
        self._azure = azure
        self.blobs: Blobs = {}
        self.calls: list[tuple[str, str, str]] = []

    def routes(self) -> Router:
        return Router([], default=self._application)

    async def _application(self, scope: Scope, receive: Receive, send: Send) -> None:
        await (await self._answer(Request(scope, receive)))(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        account = request.scope["host_parts"]["account"]
        container, _, name = request.scope["path"].removeprefix("/").partition("/")
        principal = self._azure.tokens.verify(
            request.headers.get("authorization"), [STORAGE_AUDIENCE]
        )
        self.calls.append((principal.name, request.method, name))
        resource = self._azure.resources.named("Microsoft.Storage/storageAccounts", account)
        assert resource is not None
        scope = f"{resource.id}/blobServices/default/containers/{container}"
        action = "write" if request.method == "PUT" else "read"
        try:
            self._azure.authorization.authorize(principal, f"{BLOBS}/{action}", scope, data=True)
        except AuthorizationFailedError as error:
            return _error(403, "AuthorizationPermissionMismatch", str(error))
        if request.query_params.get("comp") == "list":
            return self._list(account, container, request.query_params)
        key = (account, container, name)
        if request.method == "PUT":
            return await self._put(key, request)
        if key not in self.blobs:
            return _error(404, "BlobNotFound", "The specified blob does not exist.")
        return Response(self.blobs[key].content, headers=self.blobs[key].metadata)

    async def _put(self, key: tuple[str, str, str], request: Request) -> Response:
        if request.headers.get("if-none-match") == "*" and key in self.blobs:
            return _error(409, "BlobAlreadyExists", "The specified blob already exists.")
        metadata = {k: v for k, v in request.headers.items() if k.startswith("x-ms-meta-")}
        self.blobs[key] = Blob(await request.body(), metadata)
        return Response(status_code=201)

    def _list(self, account: str, container: str, query: QueryParams) -> Response:
        prefix, delimiter = query.get("prefix", ""), query.get("delimiter", "")
        names, folders = [], []
        for owner, holder, name in sorted(self.blobs):
            if (owner, holder) != (account, container) or not name.startswith(prefix):
                continue
            head, slash, _ = name[len(prefix) :].partition(delimiter or "\0")
            if slash:
                folders.append(f"{prefix}{head}{slash}")
            else:
                names.append(name)
        listed = "".join(f"<Blob><Name>{escape(name)}</Name></Blob>" for name in names)
        listed += "".join(
            f"<BlobPrefix><Name>{escape(name)}</Name></BlobPrefix>" for name in sorted(set(folders))
        )
        page = f"<EnumerationResults><Blobs>{listed}</Blobs><NextMarker/></EnumerationResults>"
        return Response(page.encode(), media_type="application/xml")


def _error(status: int, code: str, message: str) -> Response:
    body = f"<Error><Code>{code}</Code><Message>{escape(message)}</Message></Error>"
    return Response(body.encode(), status, {"x-ms-error-code": code}, "application/xml")
