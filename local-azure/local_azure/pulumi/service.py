"""The providers' listeners: gRPC on loopback, in the event loop of all other services."""

from collections.abc import Mapping
from functools import partial

import grpc
from pulumi.runtime.proto import provider_pb2_grpc

from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.ports import Ports
from local_azure.control_plane.resource_manager.actions import Secrets
from local_azure.control_plane.resource_manager.door import Door
from local_azure.control_plane.resource_manager.manager import ResourceManager
from local_azure.control_plane.service import Service
from local_azure.pulumi import azure_native, azuread, invokes, random_values
from local_azure.pulumi.configuration import configured
from local_azure.pulumi.kind import Kind
from local_azure.pulumi.peers import OwnUserOnly
from local_azure.pulumi.servicer import Invoke, Servicer

_LARGEST = 400 * 1024 * 1024
"""Bytes of a message; what the engine itself allows."""


class Providers(Service):
    """Listens for Pulumi's engine, one port for each provider.

    Args:
        control: the control plane.
        manager: the types that there are.
        door: Resource Manager, which azure-native is a client of.
        ports: where it listens.
        secrets: what azure-native's functions hand out.
    """

    def __init__(
        self,
        control: ControlPlane,
        manager: ResourceManager,
        door: Door,
        ports: Ports,
        secrets: Secrets,
    ) -> None:
        self._control = control
        self._door = door
        self._manager = manager
        self._ports = ports
        self._secrets = secrets
        self._servers: list[grpc.aio.Server] = []

    async def start(self) -> None:
        """Listen, and tell the ports."""
        for name, servicer in self._servicers().items():
            server = grpc.aio.server(
                interceptors=[OwnUserOnly(partial(self._ports.now.__getitem__, name))],
                options=[("grpc.max_receive_message_length", _LARGEST)],
            )
            provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server)
            port = self._ports.free(name)
            self._ports.now[name] = server.add_insecure_port(f"127.0.0.1:{port}")
            await server.start()
            self._servers.append(server)

    async def stop(self) -> None:
        """Stop listening; an operation in flight is cut off, and nothing is half-written."""
        for server in self._servers:
            await server.stop(grace=None)

    def _servicers(self) -> dict[str, Servicer]:
        known = partial(configured, self._control)
        kinds = azure_native.kinds(self._control, self._manager, self._door)
        functions = invokes.of_azure_native(self._control, kinds, self._secrets)
        offered: dict[str, tuple[Mapping[str, Kind], dict[str, Invoke]]] = {
            "azure-native": (kinds, functions),
            "azuread": (azuread.kinds(self._control), invokes.of_azuread()),
            "random": (random_values.kinds(), {}),
        }
        return {name: Servicer(name, *parts, known) for name, parts in offered.items()}
