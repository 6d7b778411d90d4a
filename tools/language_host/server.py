"""The gRPC server: loopback only, until the engine signals or goes away.

The last argument of the command line is the address of the engine that started it.
"""

import os
import signal
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import grpc
from pulumi.runtime.proto import language_pb2_grpc

from tools.language_host.children import Children
from tools.language_host.service import LanguageHost

LARGEST_MESSAGE = 400 * 1024 * 1024
"""Bytes; what the SDK and the engine allow each other."""
PLUGINS_AT_ONCE = 64
"""Each running program, provider or policy pack holds a thread."""


def serve() -> None:
    """Answer the engine; return when it asks to stop, or is gone."""
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    children = Children()
    server = grpc.server(
        ThreadPoolExecutor(PLUGINS_AT_ONCE),
        options=[
            ("grpc.max_send_message_length", LARGEST_MESSAGE),
            ("grpc.max_receive_message_length", LARGEST_MESSAGE),
        ],
    )
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(
        LanguageHost(children, sys.argv[-1]), server
    )
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)
    threading.Thread(target=_watch_engine, args=(stopped,), daemon=True).start()
    stopped.wait()
    children.end()
    server.stop(grace=None).wait()


def _watch_engine(stopped: threading.Event) -> None:
    """Wait for the end of standard input: the engine holds its other end as long as it lives."""
    # not sys.stdin: a thread that waits in it makes the interpreter's own end fail
    while os.read(0, 1):
        pass
    stopped.set()
