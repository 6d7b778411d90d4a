"""A request to storage, as far as a front has to understand it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Self
from urllib.parse import parse_qsl, quote, unquote, urlencode

from starlette.types import Scope

from local_azure.services.storage import operations
from local_azure.services.storage.accounts import Account
from local_azure.services.storage.errors import (
    InvalidHeaderValueError,
    InvalidQueryParameterError,
    InvalidUriError,
    NotEmulatedError,
)
from local_azure.services.storage.operations import Operation

COPY_SOURCE = "x-ms-copy-source"
TAGS = "x-ms-tags"
_METHOD = "x-http-method"
_LEVELS = ("service", "queue", "messages", "message")
_MOST_PARAMETERS = 100
_OF_BEFORE = frozenset(("versions", "deleted", "deletedwithversions"))
# Listings are XML. Azure refuses control characters (D:storageservices/naming-and-referencing-
# containers--blobs--and-metadata); U+FFFE and U+FFFF it lists percent-encoded, Azurite does not.
_NO_TEXT = re.compile("[\x00-\x1f\x7f-\x9f\ufffe\uffff]")
# They belong to one connection, or are the front's own towards Azurite.
_NOT_FORWARDED = frozenset(
    ("authorization", "connection", "expect", "host", "keep-alive", "te", "transfer-encoding")
)


@dataclass(frozen=True)
class StorageRequest:
    """Method, target and headers of a request.

    Attributes:
        account: whose host was asked.
        method: HTTP method.
        path: path as it came, percent-encoded.
        query: query as it came, without the question mark.
        headers: by lower-case name; repeated ones joined by commas.
    """

    account: Account
    method: str
    path: str
    query: str
    headers: dict[str, str]

    @classmethod
    def of(cls, scope: Scope, find: Callable[[str], Account]) -> Self:
        """The request of an ASGI scope.

        Args:
            scope: as it came.
            find: the account of a host name, lower case and without a port; or raises.

        Raises:
            InvalidUriError: the path is not percent-encoded UTF-8, has a control character or one
                that XML can't have, or begins with two slashes, after which Azurite would see
                another container than the front.
            InvalidHeaderValueError: a header is not ASCII.
            NotEmulatedError: a header names another method, by which Azurite would go.
        """
        headers: dict[str, str] = {}
        for raw_name, raw_value in scope["headers"]:
            name = raw_name.decode("latin-1")
            if not raw_value.isascii():
                raise InvalidHeaderValueError(name)
            value = raw_value.decode("ascii")
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
        if _METHOD in headers:
            message = f"The header {_METHOD!r} is not emulated; send the method itself."
            raise NotEmulatedError(message)
        try:
            path = scope["raw_path"].decode("ascii")
            query = scope["query_string"].decode("ascii")
            decoded = unquote(path, errors="strict")
        except UnicodeDecodeError:
            raise InvalidUriError from None
        if decoded.startswith("//") or _NO_TEXT.search(decoded):
            raise InvalidUriError
        host = headers.get("host", "").partition(":")[0].lower().rstrip(".")
        return cls(find(host), scope["method"], path, query, headers)

    @cached_property
    def parameters(self) -> dict[str, str]:
        """The query's parameters, decoded.

        Raises:
            InvalidQueryParameterError: one is given twice, or there are too many: Azurite would
                read them in another way; or one is no text that XML can have.
        """
        given = parse_qsl(self.query, keep_blank_values=True)
        found = dict(given)
        if len(found) != len(given) or len(found) > _MOST_PARAMETERS:
            raise InvalidQueryParameterError
        if any(_NO_TEXT.search(each) for pair in given for each in pair):
            raise InvalidQueryParameterError
        return found

    @property
    def target(self) -> str:
        """Path and query for Azurite, the query as it was understood here."""
        return self.targeted(self.parameters)

    def targeted(self, parameters: Mapping[str, str]) -> str:
        """The same with other parameters."""
        query = urlencode(parameters, quote_via=quote)
        return f"{self.path}?{query}" if query else self.path

    def heeded(self, operation: Operation) -> Operation:
        """An operation to which each parameter of the query means something.

        Raises:
            NotEmulatedError: one means nothing to it.
        """
        for name in sorted(self.parameters.keys() - operation.heeds):
            message = f"The query's parameter {name!r} of {operation.name} is not emulated."
            raise NotEmulatedError(message)
        return operation

    @property
    def has_body(self) -> bool:
        """Whether a body goes on to Azurite; that of a read or a deletion means nothing."""
        return self.method not in {"GET", "HEAD", "DELETE"}

    def forwarded_headers(self) -> dict[str, str]:
        """The headers that go on to Azurite."""
        # It would wait for a body that is not sent.
        left = _NOT_FORWARDED if self.has_body else {*_NOT_FORWARDED, "content-length"}
        return {k: v for k, v in self.headers.items() if k not in left}


class BlobRequest(StorageRequest):
    """A request to the blob service."""

    @property
    def container(self) -> str:
        """Name of the container, or ""."""
        return unquote(self.path).removeprefix("/").partition("/")[0]

    @property
    def blob(self) -> str:
        """Name of the blob, decoded, or ""."""
        return unquote(self.path).removeprefix("/").partition("/")[2]

    @cached_property
    def operation(self) -> Operation:
        """Which operation this is.

        Raises:
            NotEmulatedError: when storage here does not have it.
        """
        level = "blob" if self.blob else "container" if self.container else "service"
        restype = self.parameters.get("restype", "")
        comp = self.parameters.get("comp", "")
        listed = (level, comp) == ("service", "list")
        fits = restype == ("" if level == "blob" or listed else level)
        found = operations.find(level, self.method, comp) if fits else None
        copies = COPY_SOURCE in self.headers
        included = set(self.parameters.get("include", "").split(","))
        if "versionid" in self.parameters or included & _OF_BEFORE:
            # Azurite would answer with what is there now.
            message = "Versions and deleted blobs are not kept here, so none can be asked for."
            raise NotEmulatedError(message)
        if found is None or (copies and found.name != "PutBlob"):
            raise NotEmulatedError(self._unknown(level, restype, comp))
        if copies and "x-ms-blob-type" in self.headers:
            message = "PutBlobFromURL is not emulated; CopyBlob within one account is."
            raise NotEmulatedError(message)
        return self.heeded(operations.COPY_BLOB if copies else found)

    def _unknown(self, level: str, restype: str, comp: str) -> str:
        source = f" and {COPY_SOURCE}" if COPY_SOURCE in self.headers else ""
        return (
            f"The embedded storage does not emulate {self.method} on a {level} with "
            f"restype={restype!r}, comp={comp!r}{source}."
        )

    @property
    def scope(self) -> str:
        """Resource id of the container, else of the account: what rights are checked for."""
        return self.account.container_id(self.container) if self.container else self.account.id

    @property
    def raises_event(self) -> bool:
        """Whether Event Grid hears of it: deleting a snapshot is no news."""
        only_snapshots = (
            "snapshot" in self.parameters
            or self.headers.get("x-ms-delete-snapshots", "").lower() == "only"
        )
        return self.operation.event and not only_snapshots


class QueueRequest(StorageRequest):
    """A request to the queue service."""

    @cached_property
    def parts(self) -> list[str]:
        """The path: queue, ``messages`` and the message's id, as far as they are there.

        Raises:
            InvalidUriError: the path is of another form.
        """
        path = unquote(self.path).removeprefix("/")
        parts = path.split("/") if path else []
        if not all(parts) or len(parts) >= len(_LEVELS) or parts[1:2] not in ([], ["messages"]):
            raise InvalidUriError
        return parts

    @property
    def queue(self) -> str:
        """Name of the queue, or ""."""
        return self.parts[0] if self.parts else ""

    @property
    def scope(self) -> str:
        """Resource id of the queue, else of the account: what rights are checked for."""
        return self.account.queue_id(self.queue) if self.queue else self.account.id

    @cached_property
    def operation(self) -> Operation:
        """Which operation this is.

        Raises:
            NotEmulatedError: when the queue service here does not have it.
            InvalidUriError: the path is none of the queue service's.
        """
        level = _LEVELS[len(self.parts)]
        comp = self.parameters.get("comp", "")
        found = operations.find_of_queues(level, self.method, comp)
        if found is None:
            message = (
                f"The embedded storage does not emulate {self.method} on a {level} of queues with "
                f"comp={comp!r}."
            )
            raise NotEmulatedError(message)
        # Exactly as Azurite reads it.
        peeks = self.parameters.get("peekonly") == "true"
        is_peek = peeks and found.name == "GetMessages"
        return self.heeded(operations.PEEK_MESSAGES if is_peek else found)
