"""Traces as OpenTelemetry has them; who exports none need not have the library.

Names are those of the semantic conventions where they have one (messaging, cloud, http, url,
error), else ``local_azure.…``. What steps got and gave, what an event has beside its id, and the
queries of URLs are left out.
"""

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import requests
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExportResult
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import Link, SpanContext, SpanKind, TraceFlags
from opentelemetry.trace.status import Status, StatusCode

from local_azure.tracing.model import Span, Trace

_KINDS = {
    "event": SpanKind.PRODUCER,
    "attempt": SpanKind.CLIENT,
    "dead letter": SpanKind.CLIENT,
    "workflow run": SpanKind.CONSUMER,
}
_UNNAMED = {"attempt", "dead letter", "mini-batches"}
"""Kinds whose name tells no more than a number."""
_NAMED = {
    "url": "url.full",
    "id": "messaging.message.id",
    "topic": "messaging.destination.name",
    "subscription": "messaging.destination.subscription.name",
    "workflow": "cloud.resource_id",
    "factory": "cloud.resource_id",
    "answered": "http.response.status_code",
}
"""What conventions call an attribute of a span, of those kinds that have it."""
_OWN = (
    *("type", "place", "code", "attempts", "attempt", "pipeline", "endpoint", "deployment"),
    *("input", "output", "files", "done", "failed", "batches", "batches_done", "batches_failed"),
)
_MESSAGING = {"event": "publish", "delivery": "deliver", "attempt": "deliver"}
_SCOPE = InstrumentationScope("local_azure.tracing")


class Exporter:
    """Sends to the collector that the variables of OpenTelemetry name."""

    def __init__(self) -> None:
        # The shell's proxy is the embedded Azure's own, which lets nobody out.
        self._session = requests.Session()
        self._session.trust_env = False
        self._exporter = OTLPSpanExporter(session=self._session)
        ours = Resource.create({"service.name": "local-azure"})
        self._resource = ours.merge(OTELResourceDetector().detect())

    def send(self, spans: list[tuple[Trace, Span]]) -> bool:
        """Whether the collector took them; it blocks, for a thread."""
        told = [self._readable(trace, span) for trace, span in spans]
        return self._exporter.export(told) is SpanExportResult.SUCCESS

    def close(self) -> None:
        """Release the connection."""
        self._session.close()

    def _readable(self, trace: Trace, span: Span) -> ReadableSpan:
        # No name may be another one each time: which job it is, an attribute tells.
        what = span.attributes.get("deployment") if span.kind == "job" else span.name
        links = [Link(_context(trace, each.id)) for each in _linked(trace, span)]
        return ReadableSpan(
            span.kind if span.kind in _UNNAMED else f"{span.kind} {what}",
            _context(trace, span.id),
            _context(trace, span.parent) if span.parent else None,
            self._resource,
            dict(attributes(span)),
            links=links,
            kind=_KINDS.get(span.kind, SpanKind.INTERNAL),
            status=_status(span),
            start_time=_nanoseconds(span.start),
            end_time=_nanoseconds(span.end or span.start),
            instrumentation_scope=_SCOPE,
        )


def attributes(span: Span) -> Iterator[tuple[str, Any]]:
    """What is told of a span."""
    yield "local_azure.kind", span.kind
    yield "local_azure.id", span.id
    yield "local_azure.state", span.state
    if span.reason:
        yield "error.type", str(span.attributes.get("code") or span.state)
    if operation := _MESSAGING.get(span.kind):
        yield "messaging.system", "eventgrid"
        yield "messaging.operation.name", operation
    for key, name in (*_NAMED.items(), *((each, f"local_azure.{each}") for each in _OWN)):
        value = span.attributes.get(key)
        is_told = isinstance(value, str | int) and value != ""
        if is_told and (key != "id" or span.kind == "event"):
            yield name, value.partition("?")[0] if isinstance(value, str) else value
    outputs = span.attributes.get("outputs")
    if isinstance(outputs, dict) and isinstance(outputs.get("statusCode"), int):
        yield "http.response.status_code", outputs["statusCode"]


def _linked(trace: Trace, span: Span) -> list[Span]:
    """A consumer's span names the message's, as the conventions have it."""
    return trace.of("event")[-1:] if span.kind == "workflow run" else []


def _context(trace: Trace, span: str) -> SpanContext:
    number = int.from_bytes(sha256(f"{trace.id}/{span}".encode()).digest()[:8])
    return SpanContext(_trace_id(trace.id), number, False, TraceFlags(TraceFlags.SAMPLED))  # noqa: FBT003


def _trace_id(key: str) -> int:
    """An event's own id, where that is a GUID: it is looked up by it."""
    try:
        return UUID(key).int
    except ValueError:
        return uuid5(NAMESPACE_URL, key).int


def _status(span: Span) -> Status:
    if span.has_failed or (span.reason and span.kind != "verdict"):
        return Status(StatusCode.ERROR, span.reason)
    return Status(StatusCode.UNSET)


def _nanoseconds(time: str) -> int:
    moment = datetime.fromisoformat(time)
    return int(moment.timestamp()) * 10**9 + moment.microsecond * 1000
