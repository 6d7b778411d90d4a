"""A proxy that cuts connections in the middle, in front of the embedded Azure's own."""

import contextlib
import socket
import threading
from typing import Self


class CuttingProxy:
    """Pipes CONNECTs on, and cuts those to some host after some bytes.

    Args:
        target: port of the proxy behind it.

    Attributes:
        port: where it listens.
        cuts: how many connections it has cut.
    """

    def __init__(self, target: int) -> None:
        self.cuts = 0
        self._target = target
        self._meant = (b"", 0, 0)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._open: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept)]

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        for each in (self._listening, *self._open):
            _shut(each)
        for thread in self._threads:
            thread.join()
        for each in (self._listening, *self._open):
            each.close()

    def cut(self, host: str, *, after: int, times: int = 1) -> None:
        """Cut the next connections to hosts whose names end so, after a number of bytes."""
        self._meant = (host.encode(), after, times)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                self._open.append(near)
                self._run(self._serve, near)

    def _run(self, work: object, *arguments: object) -> None:
        assert callable(work)
        thread = threading.Thread(target=work, args=arguments)
        self._threads.append(thread)
        thread.start()

    def _serve(self, near: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            head += near.recv(4096)
        far = socket.create_connection(("127.0.0.1", self._target))
        self._open.append(far)
        far.sendall(head)
        host = head.split()[1].partition(b":")[0]
        passed = [0]
        self._run(self._pipe, far, near, host, passed)
        self._pipe(near, far, host, passed)

    def _pipe(
        self, source: socket.socket, sink: socket.socket, host: bytes, passed: list[int]
    ) -> None:
        with contextlib.suppress(OSError):
            while chunk := source.recv(64 * 1024):
                passed[0] += len(chunk)
                if self._is_cut(host, passed[0]):
                    break
                sink.sendall(chunk)
        _shut(source)
        _shut(sink)

    def _is_cut(self, host: bytes, passed: int) -> bool:
        ending, after, times = self._meant
        if not times or not host.endswith(ending) or passed <= after:
            return False
        self._meant = (ending, after, times - 1)
        self.cuts += 1
        return True


def _shut(each: socket.socket) -> None:
    with contextlib.suppress(OSError):
        each.shutdown(socket.SHUT_RDWR)
