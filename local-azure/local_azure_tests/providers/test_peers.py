"""The providers answer the user who started them, and nobody else on the machine."""

import os
import socket
import sys

import grpc
import pytest
from google.protobuf import empty_pb2
from pulumi.runtime.proto import provider_pb2_grpc

from local_azure.pulumi import peers
from local_azure_tests.conftest import Running


def _version(running: Running) -> str:
    port = running.azure.ports.now["azure-native"]
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        stub = provider_pb2_grpc.ResourceProviderStub(channel)
        return str(stub.GetPluginInfo(empty_pb2.Empty()).version)


def test_the_user_who_started_it_is_answered(running: Running) -> None:
    assert _version(running)


def test_another_user_of_the_machine_is_refused(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = os.getuid()
    monkeypatch.setattr(os, "getuid", lambda: mine + 1)

    with pytest.raises(grpc.RpcError, match="belongs to another user of the machine"):
        _version(running)


@pytest.mark.parametrize(
    "look",
    [peers.owner_elsewhere, peers.owner_on_linux, peers.owner_by_netlink, peers.owner_in_table],
)
def test_the_owner_of_a_connection_is_found_by_its_two_ports(look: peers.Look) -> None:
    if look is not peers.owner_elsewhere and sys.platform != "linux":
        pytest.skip("Linux alone tells so")
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as client,
    ):
        port, ours = client.getsockname()[1], server.getsockname()[1]

        assert look(port, ours) == os.getuid()
        assert look(port, port) is None
