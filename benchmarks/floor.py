"""What the embedded Azure is held against: a bare server, and the client that asks both."""

import json
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp

from benchmarks.workspace import PROJECT
from local_azure.home import Home

_PATIENCE = 60.0


@contextmanager
def served(home: Home) -> Iterator[dict[str, int]]:
    """A bare server's ports, while it serves."""
    command = [sys.executable, "-m", "benchmarks.bare_server", str(home.folder)]
    listing = home.folder / "ports.json"
    with subprocess.Popen(command, cwd=PROJECT, stdin=subprocess.PIPE) as server:
        deadline = time.monotonic() + _PATIENCE
        while not listing.exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        yield json.loads(listing.read_text())
        if server.stdin:
            server.stdin.close()


def client(home: Home, proxy: int) -> aiohttp.ClientSession:
    """A client that goes through the proxy and keeps its connection, as real ones do."""
    trust = ssl.create_default_context(cafile=str(home.authority_certificate))
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(ssl=trust), proxy=f"http://127.0.0.1:{proxy}"
    )
