"""The least that an exchange with a durable commit takes: a server with nothing in it.

The same ASGI server, event loop, TLS and proxy as the embedded Azure's; each request commits one
row to SQLite with the same settings, and is answered. Run as ``python -m benchmarks.bare_server
FOLDER``: it tells its ports in ``FOLDER/ports.json`` and ends with its standard input.
"""

import asyncio
import json
import sys
from pathlib import Path

import uvloop
from starlette.types import ASGIApp, Receive, Scope, Send

from local_azure.control_plane.certificates import Authority
from local_azure.control_plane.networks.origins import Origins
from local_azure.control_plane.state import State
from local_azure.gateway.proxy import Proxy
from local_azure.gateway.server import _Listener
from local_azure.home import Home, write_private

HOST = "bare.blob.core.windows.net"
_ANSWER = b'{"status": "committed"}'


def application(state: State) -> ASGIApp:
    """Reads the body, commits it, answers."""
    state.define("CREATE TABLE IF NOT EXISTS exchanges (number INTEGER PRIMARY KEY, body BLOB)")

    async def answer(_: Scope, receive: Receive, send: Send) -> None:
        body = b""
        more = True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        state.execute("INSERT INTO exchanges (body) VALUES (?)", body)
        length = str(len(_ANSWER)).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", length)]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": _ANSWER})

    return answer


async def serve(home: Home) -> None:
    """Serve until standard input ends."""
    home.create()
    state = State(home.database, home.secret("sealing").encode())
    tls = Authority(home).server_context(lambda host: host == HOST)
    listener = _Listener(application(state), tls)
    port = await listener.start(0)
    proxy = Proxy(lambda host: host == HOST, port, Origins())
    ports = {"tls": port, "proxy": await proxy.start()}
    write_private(home.folder / "ports.json", json.dumps(ports))
    await asyncio.to_thread(sys.stdin.read)
    await proxy.stop()
    await listener.stop()


if __name__ == "__main__":
    uvloop.run(serve(Home(Path(sys.argv[1]))))
