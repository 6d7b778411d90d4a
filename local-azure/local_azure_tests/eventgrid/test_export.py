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

from local_azure.tracing.otlp import Exporter
from local_azure.tracing.query import Traces
from local_azure_tests.conftest import Storage
from local_azure_tests.eventgrid.conftest import Grid, frozen
from local_azure_tests.storage import world
from local_azure_tests.tracing.history import WHOLE

KEY = "85e353e5-1915-4c45-b68f-8effa76fa2bd"
TELLING = ("messaging.message.id", "url.full", "error.type")
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
def exporting(
    collector: Collector, tmp_path_factory: pytest.TempPathFactory, lasting: Storage
) -> Iterator[Grid]:
    assert collector
    with frozen(lasting, tmp_path_factory.mktemp("exporting")) as server:
        server.subscribe()
        yield server


def told(span: Any) -> dict[str, Any]:
    return {each.key: each.value.string_value or each.value.int_value for each in span.attributes}


def test_a_trace_is_read_back_by_a_collector(exporting: Grid, collector: Collector) -> None:
    exporting.hook.answers = [503]
    about = {"url": f"https://drops.blob.core.windows.net/input/a?sig={SECRET}", "note": SECRET}
    world.publish(exporting, {**world.event(**about), "id": KEY})
    assert not collector.came.wait(1.5), "it has not ended: nothing is exported"
    world.advance(exporting, seconds=30)
    collector.came.wait(60)

    spans = sorted(collector.spans, key=lambda each: str(told(each)["local_azure.id"]))
    names = {each.span_id: each.name for each in spans}
    found = [
        (
            each.trace_id.hex(),
            f"{names.get(each.parent_span_id, '')}/{each.name}",
            each.status.code,
            (each.end_time_unix_nano - spans[0].start_time_unix_nano) // 10**9,
            {key: value for key, value in told(each).items() if key in TELLING},
        )
        for each in spans
    ]
    trace = KEY.replace("-", "")
    url = "https://drops.blob.core.windows.net/input/a"
    error = {"error.type": "ServiceUnavailable"}
    assert found == [
        (trace, "/event BlobCreated", 0, 0, {"messaging.message.id": KEY, "url.full": url}),
        (trace, "event BlobCreated/delivery to-hook", 0, 30, {}),
        (trace, "delivery to-hook/attempt", 2, 0, error),
        (trace, "delivery to-hook/attempt", 0, 30, {}),
    ]
    assert SECRET.encode() not in collector.raw


def test_what_a_collector_refused_is_sent_again(exporting: Grid, collector: Collector) -> None:
    collector.refusing = 1

    world.publish(exporting)

    assert collector.came.wait(60)
    assert len(collector.spans) == 3


def test_every_step_of_a_file_is_a_span_below_what_caused_it(collector: Collector) -> None:
    trace = asyncio.run(Traces(WHOLE).one("e"))

    Exporter().send([(trace, each) for each in trace.spans])

    ids = {each.span_id: told(each)["local_azure.id"] for each in collector.spans}
    parents = {ids[each.span_id]: ids.get(each.parent_span_id, "") for each in collector.spans}
    assert parents == {each.id: each.parent for each in trace.spans}
    found = {
        each.name: (told(each).get("cloud.resource_id"), [ids[link.span_id] for link in each.links])
        for each in collector.spans
        if each.name in {"workflow run on-blob", "job digits"}
    }
    assert found == {
        "workflow run on-blob": ("/workflows/on-blob", ["event/0"]),
        "job digits": (None, []),
    }
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
