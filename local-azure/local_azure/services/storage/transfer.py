"""Bodies and headers of requests and answers on their way through a front, streamed both ways."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from http import HTTPStatus
from xml.etree import ElementTree as ET

import aiohttp
from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive, Send

from local_azure.services.storage.errors import InvalidXmlDocumentError, MissingContentLengthError
from local_azure.services.storage.requests import StorageRequest

_AT_ONCE = 256 * 1024
"""Bytes up to which a body is read before it is passed on."""
_OF_ONE_CONNECTION = frozenset(("connection", "date", "keep-alive", "transfer-encoding"))
Headers = list[tuple[bytes, bytes]]


async def body(request: StorageRequest, receive: Receive) -> bytes | AsyncIterator[bytes] | None:
    """What a request carries, in one piece or, where it is large, in chunks.

    Raises:
        MissingContentLengthError: it does not say how long it is.
        ClientDisconnect: the client left before its end.
    """
    if not request.has_body:
        return None
    length = request.headers.get("content-length", "")
    if not length.isdigit():
        raise MissingContentLengthError
    chunks = _chunks(receive)
    if int(length) > _AT_ONCE:
        return chunks
    return b"".join([chunk async for chunk in chunks])


def xml(read: bytes | AsyncIterator[bytes] | None) -> bytes | AsyncIterator[bytes] | None:
    """A body that has to be XML; of one that is sent in chunks Azurite finds out.

    Raises:
        InvalidXmlDocumentError: it is none, or declares a document type.
    """
    if isinstance(read, bytes):
        if b"<!DOCTYPE" in read:
            raise InvalidXmlDocumentError
        try:
            ET.fromstring(read)  # noqa: S314 without entities of its own
        except (ET.ParseError, ValueError):
            raise InvalidXmlDocumentError from None
    return read


async def _chunks(receive: Receive) -> AsyncIterator[bytes]:
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        more = message.get("more_body", False)
        if chunk := message.get("body"):
            yield chunk


def headers(answer: aiohttp.ClientResponse) -> Headers:
    """The headers of Azurite's answer that are the client's as well."""
    kept = [
        (name.lower(), value)
        for name, value in answer.raw_headers
        if name.lower().decode() not in _OF_ONE_CONNECTION
    ]
    if answer.method == "HEAD" and answer.status == HTTPStatus.NOT_FOUND:
        # As recorded; a client that is told no length would not keep its connection.
        kept.append((b"transfer-encoding", b"chunked"))
    return kept


def in_version(asked: bytes, send: Send) -> Send:
    """Tells of an answer that it is in the version that was asked (recorded), not in Azurite's."""

    async def sent(message: Message) -> None:
        if asked and message["type"] == "http.response.start":
            others = [each for each in message["headers"] if each[0] != b"x-ms-version"]
            message["headers"] = [*others, (b"x-ms-version", asked)]
        await send(message)

    return sent


async def stream(answer: aiohttp.ClientResponse, given: Headers, send: Send) -> None:
    """Pass an answer on, chunk by chunk."""
    await send(_start(answer.status, given))
    async for chunk in answer.content.iter_any():
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


def renamed(listing: bytes, base: str, host: str) -> bytes:
    """A listing with the account's own address in place of Azurite's."""
    return listing.replace(base.encode(), f"https://{host}/".encode(), 1)


async def empty(status: int, given: Headers, send: Send) -> None:
    """Answer with headers alone, as to a HEAD: they tell of what a GET would bring."""
    await send(_start(status, given))
    await send({"type": "http.response.body", "body": b""})


async def whole(status: int, given: Headers, body: bytes, send: Send) -> None:
    """Answer with a body that is another one than Azurite's."""
    kept = [item for item in given if item[0] != b"content-length"]
    kept.append((b"content-length", str(len(body)).encode()))
    await send(_start(status, kept))
    await send({"type": "http.response.body", "body": body})


def _start(status: int, given: Iterable[tuple[bytes, bytes]]) -> Message:
    return {"type": "http.response.start", "status": status, "headers": list(given)}
