"""azure-native as the engine starts it, and creates that wait for roles to arrive."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from typing import Any

import grpc

from local_azure_tests.providers.engine import Created, Engine

_NOT_READY = (
    "AuthorizationFailed",
    "egmsivalidation",
    "Managed Identity Authorization Error",
    "PrincipalNotFound",
)
_PATIENCE = 15 * 60
"""Seconds that a role may take (D:role-based-access-control/troubleshooting; reports say more)."""
_NO_ENGINE = "127.0.0.1:9"
"""Where a plug-in would send its log; it asks for an address and connects when it has one."""


class PatientEngine(Engine):
    """What is refused only because something new is not known everywhere is made again and again.

    What was refused once for another reason is not tried a second time.
    """

    def __init__(self, port: int) -> None:
        super().__init__(port)
        self._refused: dict[str, grpc.RpcError] = {}

    def create(self, kind: str, inputs: dict[str, Any], name: str = "thing") -> Created:
        """Check, then create.

        Raises:
            grpc.RpcError: it is refused.
        """
        asked, deadline = f"{kind} {inputs}", time.monotonic() + _PATIENCE
        if asked in self._refused:
            raise self._refused[asked]
        while True:
            try:
                return super().create(kind, inputs, name)
            except grpc.RpcError as error:
                if not _passes(error) or time.monotonic() > deadline:
                    self._refused[asked] = error
                    raise
                time.sleep(10)


def _passes(error: grpc.RpcError) -> bool:
    said = str(error.details())
    return any(each in said for each in _NOT_READY)


@contextmanager
def azure_native() -> Iterator[PatientEngine]:
    """The provider: the one that the shell says is running, as to the engine, or the plug-in."""
    running = os.environ.get("PULUMI_DEBUG_PROVIDERS", "")
    ports = dict(each.split(":") for each in running.split(",") if each)
    if "azure-native" in ports:
        yield _connected(ports["azure-native"])
        return
    plug_in = f"azure-native@{version('pulumi-azure-native')}"
    command = ["pulumi", "plugin", "run", "--kind", "resource", plug_in, _NO_ENGINE]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield _connected(process.stdout.readline())
        finally:
            process.terminate()


def _connected(port: str) -> PatientEngine:
    if not port.strip().isdigit():
        message = f"azure-native does not start: it told no port, but {port.strip()!r}."
        raise RuntimeError(message)
    return PatientEngine(int(port))
