"""The providers' listeners: gRPC on loopback, in the event loop of all other services."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import grpc
from pulumi.runtime.proto import provider_pb2_grpc

from local_azure.providers import azure_native, azuread, invokes, random_values
from local_azure.providers.configuration import configured
from local_azure.providers.peers import OwnUserOnly
from local_azure.providers.servicer import Servicer

if TYPE_CHECKING:
    from local_azure.azure import Azure

_LARGEST = 400 * 1024 * 1024
"""Bytes of a message; what the engine itself allows."""


class Providers:
    """Listens for Pulumi's engine, one port for each provider."""

    def __init__(self, azure: Azure) -> None:
        self._azure = azure
        self._servers: list[grpc.aio.Server] = []

    async def start(self) -> None:
        """Listen, and tell the ports."""
        for name, servicer in self._servicers().items():
            server = grpc.aio.server(
                interceptors=[OwnUserOnly(partial(self._azure.ports.now.__getitem__, name))],
                options=[("grpc.max_receive_message_length", _LARGEST)],
            )
            provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server)
            port = self._azure.ports.free(name)
            self._azure.ports.now[name] = server.add_insecure_port(f"127.0.0.1:{port}")
            await server.start()
            self._servers.append(server)

    async def stop(self) -> None:
        """Stop listening; an operation in flight is cut off, and nothing is half-written."""
        for server in self._servers:
            await server.stop(grace=None)

    def _servicers(self) -> dict[str, Servicer]:
        known = partial(configured, self._azure)
        functions = invokes.of_azure_native(self._azure)
        offered = {
            "azure-native": (azure_native.kinds(self._azure), functions),
            "azuread": (azuread.kinds(self._azure), invokes.of_azuread()),
            "random": (random_values.kinds(), {}),
        }
        return {name: Servicer(name, *parts, known) for name, parts in offered.items()}
