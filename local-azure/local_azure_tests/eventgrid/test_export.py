"""Traces are exported by OTLP, and read back as a collector reads them."""

import asyncio
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from local_azure.control_plane.clock import Clock
from local_azure.tracing.otlp import Exporter
from local_azure.tracing.query import Traces
from local_azure_tests.conftest import NOON, Running, Storage
from local_azure_tests.storage import world
from local_azure_tests.tracing.history import WHOLE

KEY = "85e353e5-1915-4c45-b68f-8effa76fa2bd"
SECRET = "nobody outside may see this"


class Collector(ThreadingHTTPServer):
    """Answers OTLP over HTTP, on loopback.

    Attributes:
        spans: what came.
        refusing: how many requests are refused before one is taken.
    """

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Receiver)
        self.spans: list[Any] = []
        self.raw = b""
        self.refusing = 0
        self.came = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Receiver(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.refusing -= 1
        taken = self.server.refusing < 0 and self.path == "/v1/traces"
        self.send_response(200 if taken else 400)
        self.end_headers()
        if taken:
            self.server.raw += body
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                self.server.spans += [
                    each for scope in resource.scope_spans for each in scope.spans
                ]
            self.server.came.set()

    def log_message(self, *_: Any) -> None:
        """Nothing."""


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    with Collector() as server:
        threading.Thread(target=server.serve_forever).start()
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", server.url)
        # The shell's proxy is the embedded Azure's own, which would refuse.
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        yield server
        server.shutdown()


@pytest.fixture
def running(
    collector: Collector, tmp_path_factory: pytest.TempPathFactory, lasting: Storage
) -> Iterator[Running]:
    assert collector
    with lasting.serve(Running, tmp_path_factory.mktemp("exporting"), Clock(NOON)) as server:
        server.call(world.account, server.azure)
        server.call(world.topic, server.azure)
        server.call(world.subscribe, server.azure)
        yield server


def told(span: Any) -> dict[str, Any]:
    return {each.key: each.value.string_value or each.value.int_value for each in span.attributes}


def test_a_trace_is_read_back_by_a_collector(running: Running, collector: Collector) -> None:
    hook = running.call(world.Hook, running.azure)
    hook.answers = [503]
    about = {"url": f"https://drops.blob.core.windows.net/input/a?sig={SECRET}", "note": SECRET}
    world.publish(running, {**world.event(**about), "id": KEY})
    assert not collector.came.wait(1.5), "it has not ended: nothing is exported"
    world.advance(running, seconds=30)
    assert collector.came.wait(60)

    event, delivery, refused, taken = sorted(
        collector.spans, key=lambda each: told(each)["local_azure.id"]
    )
    names = ["event BlobCreated", "delivery to-hook", "attempt", "attempt"]
    assert [each.name for each in (event, delivery, refused, taken)] == names
    assert {each.trace_id.hex() for each in collector.spans} == {KEY.replace("-", "")}
    parents = (b"", event.span_id, delivery.span_id)
    assert tuple(each.parent_span_id for each in (event, delivery, refused)) == parents
    assert told(event)["messaging.message.id"] == KEY
    assert told(event)["url.full"] == "https://drops.blob.core.windows.net/input/a"
    assert told(refused)["error.type"] == "ServiceUnavailable"
    assert [refused.status.code, taken.status.code] == [2, 0]
    assert taken.end_time_unix_nano - event.start_time_unix_nano == 30 * 10**9
    assert SECRET.encode() not in collector.raw


def test_what_a_collector_refused_is_sent_again(running: Running, collector: Collector) -> None:
    running.call(world.Hook, running.azure)
    collector.refusing = 1

    world.publish(running)

    assert collector.came.wait(60)
    assert len(collector.spans) == 3


def test_every_step_of_a_file_is_a_span_below_what_caused_it(collector: Collector) -> None:
    trace = asyncio.run(Traces(WHOLE).one("e"))

    assert Exporter().send([(trace, each) for each in trace.spans])

    ids = {each.span_id: told(each)["local_azure.id"] for each in collector.spans}
    parents = {ids[each.span_id]: ids.get(each.parent_span_id, "") for each in collector.spans}
    assert parents == {each.id: each.parent for each in trace.spans}
    (run,) = [each for each in collector.spans if ids[each.span_id] == "w1"]
    assert [ids[link.span_id] for link in run.links] == ["event/0"]
    assert run.name == "workflow run on-blob"
    assert told(run)["cloud.resource_id"] == "/workflows/on-blob"
    assert "job digits" in [each.name for each in collector.spans]
    assert b"of job-1" not in collector.raw, "no text of a log"


def test_without_a_collector_the_exporter_is_not_loaded() -> None:
    code = "import sys, local_azure.azure; print('opentelemetry.exporter' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize(("variable", "service"), [("", "local-azure"), ("ours", "ours")])
def test_the_service_has_its_own_name_unless_a_variable_says_another(
    collector: Collector, monkeypatch: pytest.MonkeyPatch, variable: str, service: str
) -> None:
    monkeypatch.setenv("OTEL_SERVICE_NAME", variable)
    trace = asyncio.run(Traces(WHOLE).one("e"))

    assert Exporter().send([(trace, trace.spans[0])])

    (sent,) = ExportTraceServiceRequest.FromString(collector.raw).resource_spans
    assert told(sent.resource)["service.name"] == service
