"""The engine that uses a provider, as far as the provider calls it back.

Source: Pulumi's ``engine.proto``: the service ``Engine`` and its ``Log``; the engine tells its
address to a provider that runs already by ``Attach``.
"""

import logging
from collections.abc import Sequence
from typing import Any

import grpc
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc

_log = logging.getLogger(__name__)
# The engine listens on loopback: no proxy of the environment leads there.
_OPTIONS: Sequence[tuple[str, Any]] = (("grpc.enable_http_proxy", 0),)
_PATIENCE = 5.0
"""Seconds until an engine that does not answer is given up."""


async def warn(address: str, urn: str, message: str) -> None:
    """Show a warning beside a resource; an engine that can't be reached changes nothing.

    Args:
        address: host and port of the engine.
        urn: the resource, as the engine names it.
        message: one sentence.
    """
    request = engine_pb2.LogRequest(
        severity=engine_pb2.LogSeverity.WARNING, message=message, urn=urn
    )
    try:
        async with grpc.aio.insecure_channel(address, options=_OPTIONS) as channel:
            # The stub's types know calls that block only.
            log: Any = engine_pb2_grpc.EngineStub(channel).Log
            await log(request, timeout=_PATIENCE)
    except grpc.aio.AioRpcError as error:
        _log.warning("The engine at %s was not told: %s", address, error.details())
