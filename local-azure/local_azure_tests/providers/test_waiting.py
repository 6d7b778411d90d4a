"""What the engine is told while an operation waits for somebody else."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from queue import Queue
from typing import Any

import grpc
import pytest
import requests
from google.protobuf import empty_pb2
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc, plugin_pb2

from local_azure_tests.providers.engine import Engine
from local_azure_tests.providers.event_path import EventPath
from local_azure_tests.storage import world

KIND = "azure-native:eventgrid:TopicEventSubscription"


pytestmark = pytest.mark.usefixtures("client_environment")


class Listening(engine_pb2_grpc.EngineServicer):
    """The engine's own service: keeps what it is told."""

    def __init__(self) -> None:
        self.told: Queue[engine_pb2.LogRequest] = Queue()

    def Log(self, request: engine_pb2.LogRequest, _context: Any) -> empty_pb2.Empty:  # noqa: N802 the protocol's name
        self.told.put(request)
        return empty_pb2.Empty()


@pytest.fixture
def listening(native: Engine) -> Iterator[Listening]:
    """The service of the engine that uses the provider."""
    server = grpc.server(ThreadPoolExecutor(1))
    service = Listening()
    engine_pb2_grpc.add_EngineServicer_to_server(service, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    native.stub.Attach(plugin_pb2.PluginAttach(address=f"127.0.0.1:{port}"))
    yield service
    server.stop(grace=None)


def consent(hook: world.Hook) -> None:
    """Call the address that the webhook was sent, as its owner would."""
    requests.get(hook.got[-1][2][0]["data"]["validationUrl"], timeout=5)


def test_a_webhook_that_keeps_an_up_waiting_is_told_beside_its_resource(
    path: EventPath, hook: world.Hook, listening: Listening
) -> None:
    hook.body, inputs = "", path.to_webhook("late")

    with ThreadPoolExecutor(1) as program:
        up = program.submit(path.native.create, KIND, inputs, "late")
        try:
            told = listening.told.get(timeout=60)
        finally:
            consent(hook)
        up.result(timeout=60)

    beside = told.urn.rpartition("::")[2]
    assert (beside, told.severity) == ("late", engine_pb2.LogSeverity.WARNING)
    assert "https://hook.example.test/late accepted the validation handshake" in told.message
    assert "sig=" not in told.message


def test_a_webhook_that_answers_at_once_is_not_worth_a_word(
    path: EventPath, hook: world.Hook, listening: Listening
) -> None:
    hook.body = "echo"

    path.native.create(KIND, path.to_webhook("prompt"))

    assert listening.told.empty()
