"""Requests that nobody would write, each made from one that its service takes."""

import json
import random
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from local_azure_tests.hostile.world import Family

_TEXTS = (
    *("", " ", ".", "..", "/", "//", "\0", "\x01", "\x7f", "\u0081", "\ufffe", "\uffff"),
    *("\U0010ffff", "é", "ß" * 300, "a" * 5000, "%", "%2F", "%zz", "&", "?", "#", "'", '"', "<a>"),
    *("]]>", "{}", "{0}", "-1", "0", "9" * 30, "9" * 5000, "1e999", "NaN", "²", "٣", "true"),
    *("null", "None", "*", "../../x", "2026-06-01T12:00:00Z", "0001-01-01"),
    *("9999-12-31T23:59:59.9999999Z", "PT1S", "@{1}", "$top"),
)
_VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1.5, 10**30, -(10**400), [], {}, [[]], [None], {"": None}),
    *({"a": {"b": [{"c": 1}]}}, ["a"] * 2000, [[[[[[[[1]]]]]]]]),
)
_BODIES = (
    *(b"", b"{", b"[]", b"{}", b"null", b"1", b'"a"', b"\xff\xfe", b"\xef\xbb\xbf{}", b"NaN"),
    *(b"\0", b'{"a": 1e999}', b'{"a": "\\ud800"}', b"[" * 20_000, b'{"a":' * 500, b"x" * 100_000),
    *(b"<", b"<a/>", b"<QueueMessage><MessageText>&#1;</MessageText></QueueMessage>", b"&=&=%"),
    *(b"=%ff",),
)
_HEADERS = (
    *("content-type", "content-encoding", "range", "if-match", "if-none-match", "x-ms-version"),
    *("x-ms-date", "x-ms-client-request-id", "x-ms-blob-type", "x-ms-meta-a", "x-ms-meta-1-b"),
    *("x-ms-tags", "x-ms-copy-source", "x-ms-lease-id", "brokerproperties", "aeg-sas-token"),
    *("azureml-model-deployment", "repeatability_request-id", "if-modified-since", "accept"),
    *("x-ms-blob-content-length", "x-ms-access-tier", "x-ms-blob-content-md5", "content-md5"),
    *("expect", "x-http-method", "cookie", "ce-id", "ce-type", "ce-specversion", "forwarded"),
)
_PARAMETERS = (
    *("api-version", "$top", "$filter", "comp", "restype", "prefix", "marker", "maxresults"),
    *("include", "delimiter", "timeout", "snapshot", "blockid", "visibilitytimeout", "messagettl"),
    *("peekonly", "numofmessages", "sig", "sp", "sv", "count", "isDefault", "limit", "isRecursive"),
    *("resource",),
)
_METHODS = ("GET", "PUT", "POST", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "FOO")


@dataclass(frozen=True)
class Sent:
    """One request."""

    method: str
    url: str
    headers: dict[str, str | bytes]
    body: bytes | None


def mutated(rng: random.Random, family: Family, credential: str) -> Sent:
    """A family's example with one to three things wrong, mostly still authorised."""
    url, headers, body = family.asked(credential)
    sent = Sent(family.method, url, dict(headers), body)
    for _ in range(rng.randint(1, 3)):
        sent = rng.choice((_method, _path, _query, _header, _body, _body, _part))(rng, sent)
    return sent


def _text(rng: random.Random) -> str:
    if rng.random() < 0.7:
        return rng.choice(_TEXTS)
    return "".join(chr(rng.choice((rng.randrange(128), rng.randrange(0xD800)))) for _ in range(9))


def _escaped(rng: random.Random) -> str:
    """A text as it can stand in a URL, or bytes that are no text."""
    if rng.random() < 0.1:
        return "%" + rng.choice(("ff", "C3", "ED%A0%80", "00", "0a", "2e%2e"))
    return quote(_text(rng), safe="/" if rng.random() < 0.5 else "")


def _method(rng: random.Random, sent: Sent) -> Sent:
    return Sent(rng.choice(_METHODS), sent.url, sent.headers, sent.body)


def _path(rng: random.Random, sent: Sent) -> Sent:
    parts = urlsplit(sent.url)
    segments = parts.path.split("/")[1:]
    place = rng.randrange(len(segments))
    segments[place : place + rng.randint(0, 1)] = [_escaped(rng)]
    path = "/" + "/".join(segments)
    return Sent(sent.method, parts._replace(path=path).geturl(), sent.headers, sent.body)


def _query(rng: random.Random, sent: Sent) -> Sent:
    parts = urlsplit(sent.url)
    pairs = [each for each in parts.query.split("&") if each]
    if pairs and rng.random() < 0.3:
        pairs.pop(rng.randrange(len(pairs)))
    more = rng.choice((1, 1, 1, 200))
    pairs += [f"{rng.choice(_PARAMETERS)}={_escaped(rng)}" for _ in range(more)]
    query = "&".join(pairs)
    return Sent(sent.method, parts._replace(query=query).geturl(), sent.headers, sent.body)


def _header(rng: random.Random, sent: Sent) -> Sent:
    name = rng.choice((*_HEADERS, *sent.headers))
    value = rng.choice((_text(rng).encode("utf-8", "replace"), rng.randbytes(8)))
    return Sent(sent.method, sent.url, {**sent.headers, name: value}, sent.body)


def _body(rng: random.Random, sent: Sent) -> Sent:
    return Sent(sent.method, sent.url, sent.headers, rng.choice(_BODIES))


def _part(rng: random.Random, sent: Sent) -> Sent:
    """One value of a JSON body, anywhere in it."""
    try:
        document = json.loads(sent.body or b"")
    except (ValueError, RecursionError):
        return _body(rng, sent)
    places = list(_places(document))
    if not places:
        return _body(rng, sent)
    holder, key = rng.choice(places)
    if rng.random() < 0.2:
        del holder[key]
    else:
        holder[key] = rng.choice((*_VALUES, _text(rng)))
    if isinstance(holder, dict) and rng.random() < 0.2:
        holder[_text(rng)] = rng.choice(_VALUES)
    return Sent(sent.method, sent.url, sent.headers, json.dumps(document).encode())


def _places(document: Any) -> Any:
    """Each place below a document: what holds it, and its key there."""
    pairs = (
        document.items()
        if isinstance(document, dict)
        else (enumerate(document) if isinstance(document, list) else ())
    )
    for key, value in list(pairs):
        yield document, key
        yield from _places(value)
