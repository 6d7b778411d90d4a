"""Pass a process's output on as it comes."""

import os
import selectors
import subprocess
from collections.abc import Iterator

PIECE = 64 * 1024
"""Bytes that are read at once."""


def output(process: subprocess.Popen[bytes]) -> Iterator[tuple[str, bytes]]:
    """Yield (`stdout` or `stderr`, bytes) until the process has closed both."""
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
