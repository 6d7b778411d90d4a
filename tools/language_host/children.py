"""The processes that the host starts. None outlives the request that it was started for."""

import os
import selectors
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import grpc

GRACE = 3.0
"""Seconds between asking a process to end and making it."""
PIECE = 64 * 1024
"""Bytes of a process's output that are read at once."""


class Children:
    """All running processes.

    They stay in the host's process group, so that the engine's last resort, killing the group,
    reaches them too.
    """

    def __init__(self) -> None:
        self._running: set[subprocess.Popen[bytes]] = set()

    @contextmanager
    def start(
        self,
        command: Sequence[str],
        context: grpc.ServicerContext,
        *,
        directory: str,
        environment: Mapping[str, str],
        **streams: Any,
    ) -> Iterator[subprocess.Popen[bytes]]:
        """Start a process that ends, at the latest, when the engine cancels its request."""
        process = subprocess.Popen(
            command, cwd=directory, env=environment, stdin=subprocess.DEVNULL, **streams
        )
        self._running.add(process)
        # the callback runs at once, and gives False, where the request is over already
        if not context.add_callback(lambda: _end(process)):
            _end(process)
        try:
            with process:
                yield process
        finally:
            self._running.discard(process)

    def end(self) -> None:
        """End every process, and return when none is left."""
        running = list(self._running)
        for process in running:
            _end(process)
        for process in running:
            process.wait()


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
        timer = threading.Timer(GRACE, process.kill)
        timer.daemon = True
        timer.start()


def output(process: subprocess.Popen[bytes]) -> Iterator[tuple[str, bytes]]:
    """Yield (`stdout` or `stderr`, bytes) as they come, until the process has closed both."""
    with selectors.DefaultSelector() as selector:
        for name in ("stdout", "stderr"):
            selector.register(getattr(process, name), selectors.EVENT_READ, name)
        while selector.get_map():
            for key, _ in selector.select():
                piece = os.read(key.fd, PIECE)
                if piece:
                    yield key.data, piece
                else:
                    selector.unregister(key.fileobj)
