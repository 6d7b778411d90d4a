"""A language host whose programs are forked from a process that has imported what they import.

Imports are half of what an unchanged `up` computes. Engine, providers and program are the real
ones, and the host is the one of `tools`, in this process. What a program itself prints is not in
the engine's output, so who looks for that starts it cold.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from multiprocessing.context import ForkServerContext
from typing import Any

import grpc
from pulumi.runtime.proto import language_pb2, language_pb2_grpc

from tests import PROJECT
from tests.stack import forked
from tools.language_host.children import Children
from tools.language_host.service import LanguageHost

_OPERATIONS = ("preview", "up", "refresh", "destroy")


@contextmanager
def client(operation: str, variables: Mapping[str, str]) -> Iterator[list[str]]:
    """What one command of Pulumi's has to be told to use a host of this process.

    Args:
        operation: what runs no program is told nothing.
        variables: what the command has in its environment.
    """
    if operation not in _OPERATIONS:
        yield []
        return
    server = grpc.server(ThreadPoolExecutor(4))
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(_Host(variables), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield ["--client", f"127.0.0.1:{port}"]
    finally:
        server.stop(grace=None).wait()


class _Host(LanguageHost):
    def __init__(self, variables: Mapping[str, str]) -> None:
        super().__init__(_Forked(variables), "")

    def Run(  # noqa: N802 the protocol's name
        self, request: language_pb2.RunRequest, context: grpc.ServicerContext
    ) -> language_pb2.RunResponse:
        # an engine that is told its host tells its own address, and none of the project's options
        [self._engine] = request.args
        request.ClearField("args")
        request.info.ClearField("options")
        request.info.options.update({"virtualenv": str(PROJECT / "venv")})
        return super().Run(request, context)


class _Forked(Children):
    """In the place of the processes that the host starts."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        super().__init__()
        self._variables = variables

    @contextmanager
    def start(  # type: ignore[override]  # all that the host asks of a program is to wait for it
        self,
        command: Sequence[str],
        context: grpc.ServicerContext,
        *,
        directory: str,
        environment: Mapping[str, str],
    ) -> Iterator[_Program]:
        _, _, *arguments = command
        program = _Program(arguments, directory, {**environment, **self._variables})
        if not context.add_callback(program.end):
            program.end()
        yield program


class _Program:
    def __init__(self, *wanted: Any) -> None:
        self._process = _processes().Process(target=forked.run, args=wanted)
        self._process.start()
        self.end = self._process.terminate

    def wait(self) -> int:
        self._process.join()
        code = self._process.exitcode
        assert code is not None
        return code


@cache
def _processes() -> ForkServerContext:
    found = multiprocessing.get_context("forkserver")
    found.set_forkserver_preload([forked.__name__, f"{__package__}.imported"])
    return found
